"""`rokuon hold`, as two persons of the operating system type it; over a real keystore."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from typer.testing import Result

from api.permissions.peers import Peer
from api.permissions.roles import Role
from archive.access.reach import WHOLE
from archive.catalog.accounts.given_roles import give_os_name, give_role
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.accounts.single_person import end_one_person
from archive.ids import DEFAULT_TENANT, RecordingId
from rokuon.compose.api import peer_protocol
from rokuon.compose.archive.keeper import recover
from rokuon.compose.archive.key_daemon import open_keys
from rokuon.doctor.catalog_facts import legal_holds
from rokuon.machine.api_client import ApiRefused
from rokuon.messages.error_words import words_of
from tests.archive.catalog.examples import author
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation, register_of

OWNER, LEGAL = "owner", "legal"
TERMS = ("--matter", "M-1", "--reason", "claim", "--review", "2027-04-01")
Typed = Callable[..., Result]


class Office:
    """An installation of two persons, with one call."""

    def __init__(self, site: Installation, typed: Typed) -> None:
        self.site, self.typed = site, typed
        self.call: RecordingId = site.put_call()
        recover(site.config)
        site.answering()
        with register_of(site.config) as connection:
            end_one_person(connection, author())
            for name, role in ((OWNER, Role.RETENTION_OWNER), (LEGAL, Role.LEGAL)):
                add_user(connection, author(), name)
                user = user_named(connection, DEFAULT_TENANT, name)
                give_role(connection, author(), user, role, WHOLE)
                give_os_name(connection, author(), user, name)

    def told(self, who: str, *words: str) -> Any:
        """What a command says for programs."""
        return json.loads(self.typed(who, *words, "-o", "json").output)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with installation() as site:

        def typed(who: str, *words: str) -> Result:
            monkeypatch.setattr(peer_protocol, "peer_of", lambda _: Peer(4_711, who))
            return run_at(site, *words)

        yield Office(site, typed)


def test_a_hold_is_placed_explained_and_released_by_two(office: Office) -> None:
    """From the first word to the reason that `explain` gives, by the command line alone."""
    placed = office.typed(OWNER, "hold", "place", *TERMS, str(office.call), "--whole-conversation")
    listed = office.typed(LEGAL, "hold", "list").output
    held = office.told(LEGAL, "hold", "show", "1", "--recordings")
    why = office.typed(LEGAL, "retention", "explain", str(office.call), "--purpose", "technical")
    preview = office.typed(LEGAL, "hold", "preview", "1").output
    alone = office.typed(OWNER, "hold", "release", "1").exception
    office.typed(LEGAL, "approval", "give", "1")
    done = office.told(OWNER, "hold", "release", "1")

    assert placed.exit_code == 0, placed.output
    assert "active" in placed.output
    assert "M-1" in listed
    assert [(each["recording"], each["state"]) for each in held] == [(str(office.call), "held")]
    assert "It is held by matter M-1: legal hold 1." in why.output
    assert "kept by something else" in preview
    assert isinstance(alone, ApiRefused)
    assert words_of(alone).startswith("Another person must approve it: rokuon approval give 1;")
    assert (done["state"], done["one_person"]) == ("released", False)


def test_a_search_holds_what_calls_find_finds_and_what_comes_to_fit(office: Office) -> None:
    """The same clues; a call that comes later is held by the keeper in another process's place."""
    placed = office.told(OWNER, "hold", "place", *TERMS, "--number", "81300001234", "--future")
    nothing = office.told(OWNER, "hold", "place", *TERMS, "--number", "81399999999")
    later = office.site.put_call()
    recover(office.site.config)
    held = office.told(OWNER, "hold", "show", str(placed["number"]), "--recordings")

    assert placed["recordings"]["held"] == 1
    assert nothing["recordings"]["held"] == 0
    assert {each["recording"]: each["because"] for each in held} == {
        str(office.call): "placed",
        str(later): "changed",
    }


@pytest.mark.parametrize("end", [("--from", "2026-10-01"), ("--to", "2026-12-31")])
def test_a_window_without_an_end_holds_on_that_side_everything(
    office: Office, end: tuple[str, str]
) -> None:
    """What begins on a day goes on; who leaves the last day out is not told that "" is no time."""
    placed = office.told(OWNER, "hold", "place", *TERMS, *end, "--zone", "Asia/Tokyo")

    assert placed["recordings"]["held"] == 1


def test_what_is_not_held_is_said_and_listed(office: Office) -> None:
    """Nobody thinks that all of a list is safe."""
    file = office.site.folder / "ids.txt"
    file.write_text(f"{office.call}\n{'0' * 32}\n")
    placed = office.typed(OWNER, "hold", "place", *TERMS, "--ids", str(file))

    assert "1 of 2 are held; 0 were destroyed before, 1 are unknown here" in placed.output
    assert "0" * 32 in placed.output


def test_neither_a_search_nor_a_list_is_refused(office: Office) -> None:
    """Everything is held only where that is said."""
    refused = office.typed(OWNER, "hold", "place", *TERMS).exception
    placed = office.told(OWNER, "hold", "place", *TERMS, "--all")

    assert isinstance(refused, ApiRefused)
    assert "a search finds or over a list" in words_of(refused)
    assert placed["recordings"]["held"] == 1


def test_the_fence_of_the_key_daemon_is_down_when_a_hold_is_active(office: Office) -> None:
    """Asked of the daemon itself; and the doctor finds nothing left."""
    office.typed(OWNER, "hold", "place", *TERMS, "--all")
    keys = open_keys(office.site.config, "api")
    fence = keys.fence(DEFAULT_TENANT)
    keys.close()
    after_review = date(2027, 4, 2) - date(1970, 1, 1)
    figures = legal_holds(office.site.config, after_review // timedelta(microseconds=1))

    assert (fence.generation, fence.placing) == (1, 0)
    assert (figures.held, figures.placing, figures.past_review) == (1, (), (1,))
