"""`rokuon retention freeze|unfreeze|suspend|resume|erase`, as two persons type it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from api.permissions.peers import Peer
from api.permissions.roles import Role
from archive.access.reach import WHOLE
from archive.catalog.accounts.given_roles import give_os_name, give_role
from archive.catalog.accounts.persons import NameTaken, add_user, user_named
from archive.catalog.accounts.single_person import end_one_person
from archive.ids import DEFAULT_TENANT
from rokuon.cli.destruction.measures import going_lines
from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.compose.api import peer_protocol
from rokuon.machine.api_client import ApiRefused
from rokuon.messages.error_words import words_of
from tests.archive.catalog.examples import author
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, register_of
from tests.support.cli.calls import found

OWNER, LEGAL, DISCLOSURE = "measures-owner", "measures-legal", "measures-disclosure"
# Whoever types, which words.
Typed = Callable[..., Result]


@pytest.fixture
def call(site: Installation) -> str:
    """A call of the shared installation, by its id."""
    return str(found(site)[0]["call"])


@pytest.fixture
def typed(site: Installation, call: str, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Three persons, each of whom counts; one alone is not enough here."""
    assert call
    with register_of(site.config) as connection:
        end_one_person(connection, author())
        for name, role in (
            (OWNER, Role.RETENTION_OWNER),
            (LEGAL, Role.LEGAL),
            (DISCLOSURE, Role.DISCLOSURE),
        ):
            try:
                add_user(connection, author(), name)
            except NameTaken:
                continue
            user = user_named(connection, DEFAULT_TENANT, name)
            give_role(connection, author(), user, role, WHOLE)
            give_os_name(connection, author(), user, name)

    def run(who: str, *words: str) -> Result:
        monkeypatch.setattr(peer_protocol, "peer_of", lambda _: Peer(4_711, who))
        return run_at(site, *words)

    return run


def agreed(typed: Typed, *words: str) -> Result:
    """Legal proposes, the owner approves, legal does it."""
    alone = typed(LEGAL, "retention", *words).exception
    assert isinstance(alone, ApiRefused)
    assert "Another person must approve it: rokuon approval give" in words_of(alone)
    waiting = json.loads(typed(OWNER, "approval", "list", "-o", "json").stdout)
    typed(OWNER, "approval", "give", str(waiting[-1]["number"]))
    return typed(LEGAL, "retention", *words)


def test_a_suspended_call_is_exported_by_nobody_until_two_have_resumed_it(
    typed: Typed, call: str, tmp_path: Path
) -> None:
    """No file, exit 4, and no hit; explain says which case it is to who may see that."""
    copy = tmp_path / "copy.wav"
    export = ("calls", "export", call, "-O", str(copy), "--purpose", "quality")
    assert agreed(typed, "suspend", call, "--case", "D-1").exit_code == Exit.OK
    refused = typed(DISCLOSURE, *export)
    kept = typed(OWNER, "retention", "explain", call, "--purpose", "quality")
    shown = typed(OWNER, "calls", "show", call, "--purpose", "quality", "-o", "json")
    assert refused.exception is not None
    assert code_for(refused.exception) is Exit.NOT_PERMITTED  # type: ignore[arg-type]
    assert not copy.exists()
    assert "Case D-1 has stopped its use" in kept.output
    assert '"suspended"' in shown.output
    agreed(typed, "resume", call, "--case", "D-1")
    typed(DISCLOSURE, *export)

    assert copy.read_bytes().startswith(b"RIFF")


def test_one_person_freezes_and_two_let_go(typed: Typed, call: str) -> None:
    """A second freeze changes nothing, and says so."""
    words = ("retention", "freeze", call, "--case", "D-1", "--whole-conversation")
    first = typed(DISCLOSURE, *words, "-o", "json")
    again = typed(DISCLOSURE, *words)
    kept = typed(OWNER, "retention", "explain", call, "--purpose", "quality")
    listed = typed(DISCLOSURE, "retention", "measures", "--case", "D-1", "-o", "json")
    ended = agreed(typed, "unfreeze", call, "--case", "D-1")

    own = [each for each in json.loads(listed.stdout) if not each["lifted_at"]]
    assert [each["kind"] for each in own] == ["freeze"]
    assert [each["recording"] for each in own] == json.loads(first.stdout)["recordings"]
    assert "nothing is changed" in again.output
    assert "D-1" in kept.output
    assert ended.exit_code == Exit.OK


def test_an_erasure_says_which_it_is_and_is_taken_back_while_the_call_is_there(
    typed: Typed, call: str
) -> None:
    """Granted and ordered are two things."""
    erase = ("erase", call, "--case", "D-1")
    wrong = [typed(LEGAL, "retention", *erase, *more) for more in ((), ("--granted", "--court"))]
    agreed(typed, *erase, "--granted")
    kept = typed(OWNER, "retention", "explain", call, "--purpose", "quality")
    agreed(typed, *erase, "--granted", "--withdraw")
    after = typed(OWNER, "retention", "explain", call, "--purpose", "quality")

    assert [each.exit_code for each in wrong] == [Exit.USAGE, Exit.USAGE]
    assert "D-1" in kept.output
    assert "D-1" not in after.output


def test_what_is_being_destroyed_is_not_said_to_be_kept() -> None:
    """What came between, and what came behind: each in a sentence of its own."""
    lines = going_lines({"going": ["one"], "too_late": ["two"]})

    assert lines[0].startswith("one was about to be destroyed: if it is still there afterwards")
    assert lines[1] == "two is destroyed: it was too late"
    assert going_lines({"going": [], "too_late": []}) == []
