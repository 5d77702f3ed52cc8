"""What a recording session says of whose packets its streams hear."""

from typing import Final

import msgspec
import pytest

from archive.call.events import Flagged, StreamHeard, StreamLatched
from capture.links.recorder_messages import LatchWanted, MediaSender, SenderAside, SenderHeard
from capture.recording.worker_commands import record_of
from tests.capture.sdp.offers import HEAD, stream
from tests.capture.siprec.calls import NEW, NOWHERE, ONE, PBX, Call
from tests.support.siprec.keying import secure

FIRST: Final = msgspec.structs.replace(NEW, latch="first")
SENDER: Final = MediaSender("192.0.2.10", 7000, 0xBEEF)


def call() -> Call:
    return Call(session=FIRST)


def places(call: Call) -> list[tuple[int, str, int]]:
    """The descriptions of the last step, by stream."""
    told = [event for event in call.new_events() if isinstance(event, StreamLatched)]
    return [(event.stream, event.address, event.port) for event in told]


def wanted(call: Call) -> list[LatchWanted | None]:
    record = record_of(call.session, call.recording, PBX)
    return [each.latch for each in record.streams]


def heard(call: Call, stream: int = 0) -> SenderHeard:
    return SenderHeard(recording=call.recording.recording, stream=stream, sender=SENDER)


def test_each_stream_has_its_rule_and_the_place_of_its_description() -> None:
    """The worker is told, and the recording says it to readers."""
    up = call().offer(ONE, stream(label=b"97", port=6002))

    assert places(up) == [(0, "192.0.2.10", 6000), (1, "192.0.2.10", 6002)]
    assert wanted(up)[1] == LatchWanted(rule="first", address="192.0.2.10", port=6002)


@pytest.mark.parametrize(
    ("again", "moved"),
    [(ONE, []), (stream(label=b"96", port=6008), [(0, "192.0.2.10", 6008)])],
)
def test_a_description_is_told_again_where_it_names_another_place(
    again: bytes, moved: list[tuple[int, str, int]]
) -> None:
    """Not with each refresh."""
    assert places(call().offer(ONE).offer(again)) == moved


@pytest.mark.parametrize("head", [NOWHERE, HEAD.replace(b"192.0.2.10", b"sbc.example")])
def test_a_hold_or_a_name_moves_nobody(head: bytes) -> None:
    """No address is in either."""
    up = call().offer(ONE).offer(ONE, head=head)

    assert places(up) == []
    assert wanted(up) == [LatchWanted(rule="first", address="192.0.2.10", port=6000)]


def test_of_srtp_and_under_any_nothing_is_said() -> None:
    """There the tag proves a packet, here everybody is heard."""
    assert places(call().offer(secure())) == []
    assert wanted(Call().offer(ONE)) == [None]


def test_where_we_offer_the_answer_names_the_place() -> None:
    """Not our own offer, which stands there until then."""
    up = call().own_offer(1)
    assert (places(up), wanted(up)) == ([], [None])

    assert places(up.answer(ONE)) == [(0, "192.0.2.10", 6000)]


def test_whom_a_worker_has_come_to_hear_is_an_event_once_and_told_to_its_successor() -> None:
    """A worker repeats it on each connection."""
    up = call().offer(ONE)
    up.said(heard(up))
    (event,) = up.new_events()
    assert event == StreamHeard(
        at_us=event.at_us, stream=0, address="192.0.2.10", port=7000, ssrc=0xBEEF
    )
    assert wanted(up)[0] == LatchWanted(rule="first", address="192.0.2.10", port=6000, heard=SENDER)

    assert up.said(heard(up)).new_events() == []
    assert up.said(heard(up, stream=7)).new_events() == []


def test_a_stream_that_goes_on_as_another_is_heard_as_before() -> None:
    """Another label: its rule, its place and whom it hears are said anew, the flag is not."""
    up = call().offer(ONE)
    aside = SenderAside(recording=up.recording.recording, stream=0, sender=SENDER)
    up.said(heard(up)).said(aside).offer(stream(label=b"99"))

    told = [e for e in up.new_events() if isinstance(e, StreamLatched | StreamHeard | Flagged)]
    assert [(type(event).__name__, event.stream) for event in told] == [  # type: ignore[union-attr]  # no flag is among them
        ("StreamLatched", 1),
        ("StreamHeard", 1),
    ]
    assert up.streams()[0].is_crowded is False


def test_another_sender_flags_the_recording_once_and_by_its_address() -> None:
    """Who it was stands in the recording, and in no log."""
    up = call().offer(ONE)
    aside = SenderAside(recording=up.recording.recording, stream=0, sender=SENDER)

    (flag,) = up.said(aside).new_events()
    assert isinstance(flag, Flagged)
    assert (flag.flag, flag.detail) == ("other_sender", "192.0.2.10 7000, SSRC 0000beef")
    assert up.said(aside).new_events() == []
