"""Refusals become pages: at once, then one a second, never without bound."""

from itertools import count

import msgspec

from archive.call.events import CallRefused, SipMessage, decode_event
from archive.call.mentions import Mention
from capture.recording.ledger import (
    MAX_READ,
    MAX_SAID_BYTES,
    MAX_TOLD_BYTES,
    MAX_WAITING,
    PAGE_US,
    Ledger,
)
from capture.recording.session import RecordingSession

NOW_US = 1_795_000_000_000_000


def refused(number: int = 0, source: str = "pbx") -> CallRefused:
    return CallRefused(
        at_us=NOW_US + number, source=source, transport="udp", peer="192.0.2.1",
        call_id=str(number), from_value="", to_value="", status=503, reason="full", detail="cpu",
    )  # fmt: skip


def said(call_id: bytes) -> tuple[SipMessage, ...]:
    """A long INVITE of every other call."""
    message = SipMessage(
        at_us=NOW_US, is_received=True, transport="udp", local="a:1", remote="b:2",
        data=b"INVITE " + call_id + b"." * 4_000,
    )  # fmt: skip
    return (message,) if int(call_id) % 2 else ()


def pages(ledger: Ledger, now_us: int = NOW_US) -> list[RecordingSession]:
    ids = count(1)
    return list(ledger.pages(3, lambda _now: b"id-%013d" % next(ids), said, now_us))


def test_a_page_is_a_recording_that_is_over() -> None:
    """Without streams: sealed, adopted and indexed like any other."""
    ledger = Ledger()
    ledger.note(b"t" * 16, refused(1))
    ledger.note(b"t" * 16, refused(2))
    assert ledger.call_ids == {b"1", b"2"}
    (page,) = pages(ledger)
    (recording,) = page.recordings
    events = [decode_event(event.payload) for event in recording.events]

    kinds = [type(event).__name__ for event in events]
    assert kinds == ["CallRefused", "CallRefused", "SipMessage", "CallEnded"]
    assert (page.worker, page.tenant, page.streams, page.ended) == (
        3,
        b"t" * 16,
        (),
        "session_ended",
    )
    assert recording.created_us == NOW_US + 1
    assert ledger.counts == {("pbx", "full"): 2}


def test_pages_are_a_second_apart() -> None:
    """A flood of refusals is no flood of files."""
    ledger = Ledger()
    ledger.note(b"t", refused())
    assert len(pages(ledger)) == 1
    ledger.note(b"t", refused())
    assert pages(ledger, NOW_US + PAGE_US - 1) == []
    assert len(pages(ledger, NOW_US + PAGE_US)) == 1
    assert pages(ledger, NOW_US + 2 * PAGE_US) == []


def test_each_tenant_has_its_own_page() -> None:
    """Nobody reads of another's calls."""
    ledger = Ledger()
    for tenant in (b"a", b"b", b"a"):
        ledger.note(tenant, refused())

    assert [(page.tenant, len(page.recordings[0].events)) for page in pages(ledger)] == [
        (b"a", 3), (b"b", 2),
    ]  # fmt: skip


def test_what_is_beyond_a_page_is_counted() -> None:
    """Memory is not the callers' to fill."""
    ledger = Ledger()
    for number in range(MAX_WAITING + 2):
        ledger.note(b"t", refused(number))
    (page,) = pages(ledger)

    kept = [decode_event(event.payload) for event in page.recordings[0].events]
    assert sum(isinstance(event, CallRefused) for event in kept) == MAX_WAITING
    messages = [event for event in kept if isinstance(event, SipMessage)]
    assert 0 < sum(len(each.data) for each in messages) <= MAX_SAID_BYTES
    assert len(ledger.unlogged) == MAX_WAITING
    assert ledger.unnamed == 2
    assert ledger.counts["pbx", "full"] == MAX_WAITING + 2


def test_so_many_documents_are_read_a_second_and_no_more() -> None:
    """A flood of refusals is counted, not understood."""
    ledger = Ledger()
    read = [ledger.may_read(NOW_US) for _ in range(MAX_READ + 3)]

    assert read.count(True) == MAX_READ
    assert ledger.may_read(NOW_US + 1_000_000)


def test_beyond_its_room_a_page_has_rows_without_people() -> None:
    """Each call still has its row."""
    ledger, name = Ledger(), "x" * 120
    people = tuple(Mention(told_as="other", name=f"{name}{n}") for n in range(16))
    calls = MAX_TOLD_BYTES // len(msgspec.json.encode(people)) + 5
    for number in range(calls):
        ledger.note(b"t" * 16, msgspec.structs.replace(refused(number), mentions=people))
    (page,) = pages(ledger)
    events = [decode_event(event.payload) for event in page.recordings[0].events]
    told = [bool(each.mentions) for each in events if isinstance(each, CallRefused)]

    assert (len(told), told[0], told[-1]) == (calls, True, False)
