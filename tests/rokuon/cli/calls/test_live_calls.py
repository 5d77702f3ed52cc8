"""`rokuon calls live|start|pause|resume|stop`."""

import json

import msgspec
import pytest

from archive.call.live import LiveCalls, LiveParty, Question, Wish
from archive.call.marks import CallMarks
from archive.catalog.database.engine import reading
from archive.catalog.journal.entries import Entry
from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.compose.archive.catalog import open_catalog
from rokuon.compose.processes.sockets import status_socket
from rokuon.machine.api_client import ApiRefused
from rokuon.messages.error_words import words_of
from rokuon.messages.errors import SeveralFound
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation
from tests.support.cli.live_calls import CALL, up
from tests.support.cli.node import signalling
from tests.told import last_told


def last_entry(site: Installation) -> Entry:
    with reading(open_catalog(site.config)) as connection:
        return last_told(connection).entry


def test_a_live_call_is_a_row_with_its_troubles_and_its_parties(site: Installation) -> None:
    """Words for hold; caller and called of a recording session are a client and this node."""
    sato = LiveParty(side="customer", names=("佐藤",), addresses=("sip:+81312347788@carrier",))
    call = msgspec.structs.replace(CALL, parties=(sato,), ids=("a@pbx", "12ab"), mode="siprec")
    inline = msgspec.structs.replace(
        CALL, recording="cd" * 16, ids=("b@pbx",), mode="inline", route="main",
        marks=CallMarks(queue="support", purposes=("technical",)),
    )  # fmt: skip
    with signalling(status_socket(site.config), up(call, inline)):
        told = run_at(site, "calls", "live", "-o", "json", "--zone", "Asia/Tokyo")
    row, bridged = json.loads(told.output)

    assert told.exit_code == Exit.FINDINGS
    assert (row["state"], row["troubles"], row["call_id"]) == ("on hold", ["lossy"], "a@pbx")
    assert row["started_at"] == "2026-11-18T20:06:40+09:00"
    assert [each["numbers"] for each in row["parties"]] == [["+81312347788"]]
    assert [each["numbers"] for each in bridged["parties"]] == [["a"], ["c"]]
    assert (row["route"], row["marks"], bridged["route"]) == ("", {}, "main")
    assert bridged["marks"] == {
        "queues": ["support"], "controllers": [], "purposes": ["technical"], "tags": [],
    }  # fmt: skip


def test_a_call_that_is_not_archived_yet_is_shown_while_it_is_up(site: Installation) -> None:
    """By its id with hyphens, or by any other by which it is known."""
    call = msgspec.structs.replace(CALL, ids=("a@pbx", "12ab"))
    with signalling(status_socket(site.config), up(call)):
        shown = [
            json.loads(run_at(site, "calls", "show", name, "-o", "json").output)["recording"]
            for name in ("ABABABAB-ABAB-ABAB-ABAB-ABABABABABAB", " A@PBX ", "12AB")
        ]

    assert shown == [CALL.recording] * 3


def test_an_id_of_several_live_calls_names_them(site: Installation) -> None:
    """Nobody pauses the other one by mistake."""
    both = [
        msgspec.structs.replace(CALL, recording=name * 16, ids=("same@pbx",))
        for name in ("ab", "cd")
    ]
    with signalling(status_socket(site.config), up(*both)) as asked:
        done = run_at(site, "calls", "pause", "same@pbx", "--reason", "card").exception

    assert isinstance(done, SeveralFound)
    assert "same@pbx is an id of several calls" in words_of(done)
    assert not [each for each in asked if each.wish is not Wish.NOTHING]


def test_where_capture_does_not_run_that_is_said(site: Installation) -> None:
    """`calls show` then looks into the archive alone."""
    away = run_at(site, "calls", "live").exception

    assert isinstance(away, ApiRefused)
    assert away.status == 503


def test_a_wish_is_answered_once_the_worker_has_chosen_the_moment(site: Installation) -> None:
    """Whoever reads a card number out must know that nothing is kept; journalled before."""
    asked = msgspec.structs.replace(CALL, paused="asked")
    begun = msgspec.structs.replace(asked, paused_us=CALL.started_us)
    looks = iter((CALL, CALL, asked))

    def answer(question: Question) -> LiveCalls:
        if question.wish is not Wish.NOTHING:
            return LiveCalls(total=0, calls=())
        return LiveCalls(total=1, calls=(next(looks, begun),))

    with signalling(status_socket(site.config), answer) as heard:
        done = run_at(site, "calls", "pause", CALL.recording, "--reason", "card", "-o", "json")
    row = json.loads(done.output)
    (wish,) = [each for each in heard if each.wish is not Wish.NOTHING]
    entry = last_entry(site)

    assert (row["state"], row["paused_at"]) == ("paused", "2026-11-18T11:06:40+00:00")
    assert (wish.wish, wish.reason, wish.by) == (Wish.PAUSE, "card", entry.actor)
    assert (entry.action, entry.target) == ("live_paused", CALL.recording)


@pytest.mark.parametrize(("verb", "state"), [("start", "unrecorded"), ("stop", "stopped")])
def test_a_call_that_is_not_kept_afterwards_says_so(
    site: Installation, verb: str, state: str
) -> None:
    """A notice that could not be played leaves nothing to show."""
    looks = iter((CALL, CALL))

    def answer(question: Question) -> LiveCalls:
        is_look = question.wish is Wish.NOTHING and question.recording != "-"
        call = next(looks, None) if is_look else None
        return LiveCalls(total=1, calls=() if call is None else (call,))

    with signalling(status_socket(site.config), answer):
        done = run_at(site, "calls", verb, CALL.recording, "--reason", "asked to", "-o", "json")

    assert json.loads(done.output)["state"] == state


@pytest.mark.parametrize(
    ("why", "code"),
    [("already_paused", Exit.ERROR), ("forbidden_by_route", Exit.NOT_PERMITTED),
     ("party_would_rather_not", Exit.NOT_PERMITTED)],
)  # fmt: skip
def test_a_wish_that_is_refused_says_why(site: Installation, why: str, code: Exit) -> None:
    """Exit 4 where the route forbids it."""
    with signalling(status_socket(site.config), up(CALL, refused=why)):
        done = run_at(site, "calls", "stop", CALL.recording, "--reason", "asked to").exception

    assert isinstance(done, ApiRefused)
    assert code_for(done) is code
    assert why not in words_of(done)


def test_a_refusal_is_said_in_the_language_of_the_command(site: Installation) -> None:
    """The API answers whoever asks in its own language, also beside another one."""
    refused = up(CALL, refused="already_paused")
    with signalling(status_socket(site.config), refused):
        asked = ("calls", "pause", CALL.recording, "--reason", "card")
        japanese = run_at(site, "--lang", "ja", *asked).exception
        english = run_at(site, "--lang", "en", *asked).exception

    assert isinstance(japanese, ApiRefused)
    assert words_of(japanese) == "すでに一時停止しています。何もする必要はありません。"
    assert str(english).startswith("It is paused already")


def test_what_is_not_up_cannot_be_controlled(site: Installation) -> None:
    """Nobody is asked."""
    with signalling(status_socket(site.config), up(CALL)) as asked:
        done = run_at(site, "calls", "stop", "x", "--reason", "asked to")

    assert done.exit_code == Exit.ERROR
    assert not [each for each in asked if each.wish is not Wish.NOTHING]
