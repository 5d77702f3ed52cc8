"""Commands of somebody whom nobody has mapped: exit 4, what to do, and an entry."""

from pathlib import Path

import pytest

from api.permissions.peers import Peer
from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.compose.api import peer_protocol
from rokuon.compose.api.users import make_token
from rokuon.machine.api_client import ApiRefused
from rokuon.messages.error_words import words_of
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation
from tests.support.cli.agents import TABLE
from tests.support.cli.app import ALL
from tests.support.cli.calls import found
from tests.support.cli.strangers import COMMANDS, first_person, last_entry

ROOT = "root under a name that nobody mapped"
STRANGERS = {
    "a stranger": Peer(4_711, "stranger"),
    ROOT: Peer(0, "toor"),
}
# So that there can be a first person; by what the journal has of each.
FOR_ROOT = {
    "add": "user_added",
    "role": "role_given",
    "login": "os_name_given",
    "confirm": "user_confirmed",
    "reset": "sign_in_code_made",
    "token of a service": "token_created",
    "revoke": "token_revoked",
    "two persons": "one_person_ended",
    "disable": "user_disabled",
}
REFUSED = [
    (name, who) for name in COMMANDS for who in STRANGERS if (who, name in FOR_ROOT) != (ROOT, True)
]
# Maintenance opens files and sockets itself: who cannot read those has nothing of it.
MAINTENANCE = {
    "rokuon serve", "rokuon doctor", "rokuon selftest", "rokuon verify",
    "rokuon recover", "rokuon index rebuild", "rokuon drain", "rokuon reload",
    "rokuon config check", "rokuon config show", "rokuon prompt check", "rokuon prompt list",
    "rokuon route explain", "rokuon route list", "rokuon source report", "rokuon source test",
    "rokuon source unknown", "rokuon source learn", "rokuon backup verify", "rokuon backup restore",
    "rokuon backup drill", "rokuon retention certificate key", "rokuon user seals",
}  # fmt: skip


def test_every_command_is_tried_or_is_maintenance() -> None:
    """A command that is added is red until somebody says which it is."""
    typed = [" ".join(["rokuon", *words, ""]) for words in COMMANDS.values()]
    tried = {each for each in ALL for line in typed if line.startswith(f"{each} ")}

    assert tried & MAINTENANCE == set()
    assert sorted(tried | MAINTENANCE) == sorted(ALL)


@pytest.mark.parametrize(("name", "who"), REFUSED)
def test_whom_nobody_mapped_sees_nothing_that_tells_of_a_person(
    site: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, who: str
) -> None:
    """Root neither: it can be anybody, but not as nobody."""
    call, person = str(found(site)[0]["call"]), first_person(site)
    table = tmp_path / "agents.csv"
    table.write_text(TABLE)
    places = {
        "CALL": call,
        "FILE": str(tmp_path / "c.wav"),
        "TABLE": str(table),
        "PERSON": person,
        "TOKEN": "1",
    }
    monkeypatch.setattr(peer_protocol, "peer_of", lambda _: STRANGERS[who])
    done = run_at(site, *(places.get(word, word) for word in COMMANDS[name]))
    last = last_entry(site)

    assert isinstance(done.exception, ApiRefused)
    assert code_for(done.exception) is Exit.NOT_PERMITTED
    assert words_of(done.exception)
    assert call not in done.output
    assert person not in done.output
    assert (last.action, last.actor) == ("refused", f"os:{STRANGERS[who].name}")
    assert list(tmp_path.iterdir()) == [table]


def test_root_manages_people_and_is_written_down_as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has to make the first person; what it is shown is what it has just said itself."""
    with installation() as site:
        site.answering()
        make_token(site.config, "crm")
        places = {"PERSON": first_person(site), "TOKEN": "1"}
        monkeypatch.setattr(peer_protocol, "peer_of", lambda _: STRANGERS[ROOT])
        actions = []
        for name in FOR_ROOT:
            done = run_at(site, *(places.get(word, word) for word in COMMANDS[name]))
            assert (name, done.exception) == (name, None)
            actions.append((last_entry(site).action, last_entry(site).actor))

    assert actions == [(action, "os:toor") for action in FOR_ROOT.values()]
