"""Commands of somebody whom nobody has mapped: exit 4, what to do, and an entry."""

from pathlib import Path

import pytest

from api.people.peers import Peer
from archive.catalog.accounts import users
from archive.catalog.engine import reading
from archive.ids import DEFAULT_TENANT
from archive.journal import Entry
from rokuon.cli.exits import Exit, code_for
from rokuon.client import ApiRefused
from rokuon.compose import peers
from rokuon.compose.catalog import open_catalog
from rokuon.compose.people import make_token
from rokuon.error_words import words_of
from tests.rokuon.cli.command import run_at
from tests.rokuon.cli.test_agents import TABLE
from tests.rokuon.cli.test_app import ALL
from tests.rokuon.cli.test_calls import WINDOW, found
from tests.rokuon.installation import Installation, installation
from tests.told import last_told

ROOT = "root under a name that nobody mapped"
STRANGERS = {
    "a stranger": Peer(4_711, "stranger"),
    ROOT: Peer(0, "toor"),
}
COMMANDS: dict[str, list[str]] = {
    "find": ["calls", "find", *WINDOW],
    "show": ["calls", "show", "CALL"],
    "show by Call-ID": ["calls", "show", "one@example"],
    "show what is not there": ["calls", "show", "0" * 32],
    "explain": ["retention", "explain", "CALL"],
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
    "users": ["user", "list"],
    "user": ["user", "show", "PERSON"],
    "add": ["user", "add", "somebody"],
    "disable": ["user", "disable", "PERSON"],
    "confirm": ["user", "confirm", "PERSON"],
    "reset": ["user", "reset", "PERSON"],
    "role": ["user", "role", "PERSON", "reviewer"],
    "take a role": ["user", "role", "PERSON", "reviewer", "--remove"],
    "login": ["user", "os-name", "PERSON", "stranger"],
    "token": ["user", "token"],
    "token of a service": ["user", "token", "crm"],
    "tokens": ["token", "list"],
    "revoke": ["token", "revoke", "TOKEN"],
    "proposals": ["approval", "list"],
    "approve": ["approval", "give", "4711"],
    "withdraw": ["approval", "withdraw", "4711"],
    "one person": ["approval", "one-person"],
    "two persons": ["approval", "one-person", "--end"],
    "check a policy": ["retention", "policy", "check", "TABLE"],
    "simulate": ["retention", "simulate", "TABLE"],
    "changes": ["retention", "changes", "4711"],
    "take over a policy": ["retention", "policy", "import", "TABLE"],
    "policy": ["retention", "policy", "export"],
    "policies": ["retention", "policy", "list"],
    "tell an event": ["retention", "event", "add", "agent_left", "A17", "none"],
    "import events": ["retention", "event", "import", "TABLE"],
    "events": ["retention", "event", "list"],
    "packs": ["retention", "pack", "list"],
    "pack": ["retention", "pack", "show", "jp-appi"],
    "compare a pack": ["retention", "pack", "diff", "jp-appi"],
    "take a pack": ["retention", "pack", "take", "jp-appi"],
    "call a policy back": ["retention", "policy", "call-back", "0"],
    "epochs": ["keys", "epoch"],
    "state of the keys": ["keys", "status"],
    "turn the epoch": ["keys", "rotate"],
    "free the keystore": ["keys", "free"],
    "back up": ["backup", "create"],
    "backups": ["backup", "list"],
    "compare policies": ["retention", "policy", "diff", "0", "0"],
    "jobs": ["jobs", "list"],
    "job": ["jobs", "show", "4711"],
    "cancel a job": ["jobs", "cancel", "4711"],
    "place a hold": [
        "hold",
        "place",
        "CALL",
        "--matter",
        "M",
        "--reason",
        "r",
        "--review",
        "2027-04-01",
    ],
    "resume a hold": ["hold", "resume", "1"],
    "let go of a hold": ["hold", "release", "1"],
    "give up a hold": ["hold", "cancel", "1"],
    "holds": ["hold", "list"],
    "hold": ["hold", "show", "1"],
    "preview a hold": ["hold", "preview", "1"],
    "plan": ["retention", "plan"],
    "show a plan": ["retention", "plan", "1"],
    "approve a plan": ["retention", "approve", "1"],
    "what stands": ["retention", "approve"],
    "take an approval of a plan back": ["retention", "withdraw", "1"],
    "end standing approvals": ["retention", "approve", "--end-standing"],
    "apply a plan": ["retention", "apply", "1"],
    "stop a plan": ["retention", "stop", "1"],
    "runs": ["retention", "runs"],
    "plans": ["retention", "runs", "--all"],
    "clock": ["retention", "clock"],
    "confirm the clock": ["retention", "clock", "confirm", "--yes"],
    "overdue": ["retention", "overdue"],
    "tombstones": ["retention", "tombstones", "--from", "2026-04-01", "--to", "2026-04-02"],
    "measures": ["retention", "measures", "--case", "C-1"],
    "freeze": ["retention", "freeze", "CALL", "--case", "C-1"],
    "unfreeze": ["retention", "unfreeze", "CALL", "--case", "C-1"],
    "suspend": ["retention", "suspend", "CALL", "--case", "C-1"],
    "end a suspension": ["retention", "resume", "CALL", "--case", "C-1"],
    "erase": ["retention", "erase", "CALL", "--case", "C-1", "--granted"],
    "erase by a court": ["retention", "erase", "CALL", "--case", "C-1", "--court"],
    "erase no more": ["retention", "erase", "CALL", "--case", "C-1", "--court", "--withdraw"],
    "certificates": ["retention", "certificate", "list"],
    "certificate": ["retention", "certificate", "show", "1"],
    "export a certificate": ["retention", "certificate", "export", "1", "FILE"],
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
    "rokuon source unknown", "rokuon backup verify", "rokuon backup restore",
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
    monkeypatch.setattr(peers, "peer_of", lambda _: STRANGERS[who])
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
        monkeypatch.setattr(peers, "peer_of", lambda _: STRANGERS[ROOT])
        actions = []
        for name in FOR_ROOT:
            done = run_at(site, *(places.get(word, word) for word in COMMANDS[name]))
            assert (name, done.exception) == (name, None)
            actions.append((last_entry(site).action, last_entry(site).actor))

    assert actions == [(action, "os:toor") for action in FOR_ROOT.values()]


def first_person(site: Installation) -> str:
    """The name of who may do everything."""
    with reading(open_catalog(site.config)) as connection:
        return users(connection, DEFAULT_TENANT)[0].name


def last_entry(site: Installation) -> Entry:
    """The latest of the journal."""
    with reading(open_catalog(site.config)) as connection:
        return last_told(connection).entry
