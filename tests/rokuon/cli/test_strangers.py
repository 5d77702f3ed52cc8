"""Commands of somebody whom nobody has mapped: exit 4, what to do, and an entry."""

from pathlib import Path

import pytest

from api.people.peers import Peer
from archive.catalog.engine import reading
from archive.ids import DEFAULT_TENANT
from archive.journal import entries
from rokuon.cli.exits import Exit, code_for
from rokuon.client import ApiRefused
from rokuon.compose import peers
from rokuon.compose.catalog import open_catalog
from rokuon.error_words import words_of
from tests.rokuon.cli.command import run_at
from tests.rokuon.cli.test_agents import TABLE
from tests.rokuon.cli.test_calls import WINDOW, found
from tests.rokuon.installation import Installation

STRANGERS = {
    "a stranger": Peer(4_711, "stranger"),
    "root under a name that nobody mapped": Peer(0, "toor"),
}
COMMANDS: dict[str, list[str]] = {
    "find": ["calls", "find", *WINDOW],
    "show": ["calls", "show", "CALL"],
    "show by Call-ID": ["calls", "show", "one@example"],
    "show what is not there": ["calls", "show", "0" * 32],
    "export": ["calls", "export", "CALL", "-O", "FILE"],
    "trace": ["calls", "trace", "CALL"],
    "ledger": ["calls", "ledger", *WINDOW],
    "live": ["calls", "live"],
    "start": ["calls", "start", "CALL", "--reason", "x"],
    "pause": ["calls", "pause", "CALL", "--reason", "x"],
    "resume": ["calls", "resume", "CALL", "--reason", "x"],
    "stop": ["calls", "stop", "CALL", "--reason", "x"],
    "correct": ["calls", "correct", "CALL", "queue", "q", "--reason", "x"],
    "tag": ["calls", "tag", "CALL", "vip"],
    "note": ["calls", "note", "CALL", "x"],
    "agents": ["agents", "list"],
    "import": ["agents", "import", "TABLE"],
    "audit": ["audit", "tail"],
    "who heard": ["audit", "who-heard", "CALL"],
    "reach": ["audit", "reach", "tanaka", *WINDOW],
    "broken glass": ["audit", "broken-glass"],
}


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("name", COMMANDS)
def test_whom_nobody_mapped_sees_nothing_that_tells_of_a_person(
    site: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, who: str
) -> None:
    """Root neither: it can be anybody, but not as nobody."""
    call = str(found(site)[0]["call"])
    table = tmp_path / "agents.csv"
    table.write_text(TABLE)
    places = {"CALL": call, "FILE": str(tmp_path / "c.wav"), "TABLE": str(table)}
    monkeypatch.setattr(peers, "peer_of", lambda _: STRANGERS[who])
    done = run_at(site, *(places.get(word, word) for word in COMMANDS[name]))
    with reading(open_catalog(site.config)) as connection:
        last = entries(connection, DEFAULT_TENANT)[-1].entry

    assert isinstance(done.exception, ApiRefused)
    assert code_for(done.exception) is Exit.NOT_PERMITTED
    assert words_of(done.exception)
    assert call not in done.output
    assert (last.action, last.actor) == ("refused", f"os:{STRANGERS[who].name}")
    assert list(tmp_path.iterdir()) == [table]
