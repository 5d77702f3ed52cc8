"""Live calls over signalling's socket."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import msgspec
import pytest

from archive.catalog.engine import reading
from archive.ids import DEFAULT_TENANT
from archive.journal import entries
from archive.live import LiveCall, LiveCalls, LiveParty, Trouble, Wish
from rokuon.compose.catalog import open_catalog
from rokuon.compose.errors import ControlRefused, NothingFound, SeveralFound
from rokuon.compose.live import control_call, live_row, live_rows
from rokuon.compose.sockets import status_socket
from rokuon.error_words import words_of
from tests.rokuon.installation import Installation

CALL = LiveCall(
    recording="ab" * 16, source="pbx", started_us=1_795_000_000_000_000, caller="sip:a@b",
    called="sip:c@d", streams=2, on_hold=True, troubles=(Trouble.LOSSY,),
)  # fmt: skip


@contextmanager
def signalling(site: Installation, *answers: LiveCalls) -> Iterator[list[bytes]]:
    """Something that answers as signalling does, once for each answer."""
    path = status_socket(site.config)
    path.unlink(missing_ok=True)
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            for answer in answers:
                peer, _ = listener.accept()
                with peer:
                    heard.append(peer.recv(4096))
                    peer.sendall(msgspec.json.encode(answer) + b"\n")

        thread = threading.Thread(target=serve)
        thread.start()
        yield heard
        thread.join()
    path.unlink()


def test_a_live_call_is_a_row_with_its_troubles(site: Installation) -> None:
    """Times in UTC, words for hold."""
    with signalling(site, LiveCalls(total=1, calls=(CALL,))) as heard:
        (row,) = live_rows(site.config)

    assert heard == [b"{}\n"]
    assert (row["state"], row["troubles"]) == ("on hold", ["lossy"])
    assert row["started_at"] == "2026-11-18T11:06:40+00:00"


def test_one_call_is_asked_for_by_its_id(site: Installation) -> None:
    """With hyphens or without; one that does not grow has no row."""
    found, nothing = LiveCalls(total=1, calls=(CALL,)), LiveCalls(total=0, calls=())
    with signalling(site, found, nothing) as heard:
        assert live_row(site.config, "ABAB-" * 8) is not None
        assert live_row(site.config, "cd" * 16) is None

    assert heard[0] == b'{"recording":"%s"}\n' % (b"ab" * 16)


def test_a_live_call_names_the_participants_and_is_known_by_its_call_id(
    site: Installation,
) -> None:
    """Caller and called of a recording session are a recording client and this node."""
    sato = LiveParty(side="customer", names=("佐藤",), addresses=("sip:+81312347788@carrier",))
    call = msgspec.structs.replace(CALL, parties=(sato,), ids=("a@pbx", "12ab"), mode="siprec")
    inline = msgspec.structs.replace(CALL, recording="cd" * 16, ids=("b@pbx",), mode="inline")
    told = LiveCalls(total=2, calls=(call, inline))
    with signalling(site, told, told, told):
        row = live_row(site.config, " A@PBX ", ZoneInfo("Asia/Tokyo"))
        bridged = live_row(site.config, "b@pbx")
        assert live_row(site.config, "c@pbx") is None
    assert row is not None
    assert bridged is not None

    assert (row["call_id"], row["started_at"]) == ("a@pbx", "2026-11-18T20:06:40+09:00")
    assert row["parties"] == [
        {
            "side": "customer",
            "names": ["佐藤"],
            "numbers": ["+81312347788"],
            "addresses": ["sip:+81312347788@carrier"],
        }
    ]
    assert [each["numbers"] for each in bridged["parties"]] == [["a"], ["c"]]  # type: ignore[attr-defined]  # a row of JSON


def test_an_id_of_several_live_calls_names_them(site: Installation) -> None:
    """Nobody pauses the other one by mistake."""
    calls = tuple(
        msgspec.structs.replace(CALL, recording=name * 16, ids=("same@pbx",))
        for name in ("ab", "cd")
    )
    with signalling(site, LiveCalls(total=2, calls=calls)), pytest.raises(SeveralFound) as several:
        control_call(site.config, "same@pbx", Wish.PAUSE, "card")

    assert several.value.calls == ("ab" * 16, "cd" * 16)
    assert "same@pbx is an id of several calls" in words_of(several.value)


def test_where_capture_does_not_run_that_is_said(site: Installation) -> None:
    """`calls show` then looks into the archive alone."""
    with pytest.raises(NothingFound):
        live_rows(site.config)
    assert live_row(site.config, "ab" * 16) is None


def test_a_wish_is_answered_once_the_worker_has_chosen_the_moment(site: Installation) -> None:
    """Whoever reads a card number out must know that nothing is kept; journalled before."""
    asked = msgspec.structs.replace(CALL, is_paused=True)
    begun = msgspec.structs.replace(asked, paused_us=1_795_000_000_000_000)
    answers = [LiveCalls(total=1, calls=(each,)) for each in (CALL, asked, begun)]
    with signalling(site, *answers) as heard:
        row = control_call(site.config, "ab" * 16, Wish.PAUSE, "card")

    assert (row["state"], row["paused_at"]) == ("paused", "2026-11-18T11:06:40+00:00")
    assert b'"wish":"pause"' in heard[0]
    with reading(open_catalog(site.config)) as connection:
        last = entries(connection, DEFAULT_TENANT)[-1].entry
    assert (last.action, last.target) == ("live_paused", "ab" * 16)


def test_a_call_that_is_not_recorded_is_shown_as_such_and_begun_by_hand(
    site: Installation,
) -> None:
    """The id is known before the recording is there; journalled before it is asked for."""
    waits = msgspec.structs.replace(CALL, is_recorded=False, on_hold=False)
    begun = msgspec.structs.replace(CALL, on_hold=False)
    answers = [LiveCalls(total=1, calls=(each,)) for each in (waits, waits, begun)]
    with signalling(site, *answers) as heard:
        assert live_rows(site.config)[0]["state"] == "unrecorded"
        row = control_call(site.config, "ab" * 16, Wish.START, "complaint")

    assert row["state"] == "live"
    assert b'"wish":"start"' in heard[1]
    with reading(open_catalog(site.config)) as connection:
        last = entries(connection, DEFAULT_TENANT)[-1].entry
    assert (last.action, last.target) == ("live_started", "ab" * 16)


@pytest.mark.parametrize(("wish", "state"), [(Wish.START, "unrecorded"), (Wish.STOP, "stopped")])
def test_a_call_that_is_not_kept_afterwards_says_so(
    site: Installation, wish: Wish, state: str
) -> None:
    """A notice that could not be played leaves nothing to show."""
    nothing = LiveCalls(total=0, calls=())
    with signalling(site, nothing, nothing):
        assert control_call(site.config, "ab" * 16, wish, "asked to")["state"] == state


@pytest.mark.parametrize(
    ("why", "error"),
    [("not_live", NothingFound), ("already_paused", ControlRefused),
     ("forbidden_by_route", PermissionError), ("party_would_rather_not", PermissionError)],
)  # fmt: skip
def test_a_wish_that_is_refused_says_why(
    site: Installation, why: str, error: type[Exception]
) -> None:
    """Exit 4 where the route forbids it."""
    with (
        signalling(site, LiveCalls(total=0, calls=(), refused=why)),
        pytest.raises(error),
    ):
        control_call(site.config, "ab" * 16, Wish.STOP, "asked to")


def test_what_is_no_id_is_no_call(site: Installation) -> None:
    """Nobody is asked."""
    with pytest.raises(NothingFound):
        control_call(site.config, "x", Wish.STOP, "")
