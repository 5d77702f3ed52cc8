"""What the worker is told of a session."""

import msgspec
import pytest

from archive.call.events import Flagged
from capture.links.recorder_messages import Close, StreamWanted
from capture.recording.session import SessionRecording
from capture.recording.worker_commands import USUAL_CLOCK_HZ, close_of, masked_types, record_of
from tests.capture.sdp.offers import stream
from tests.capture.siprec.calls import NEW, PBX, Call

WIDE = stream(
    b"rtpmap:97 opus/48000/2", b"rtpmap:101 telephone-event/48000", formats=b"97 101", port=6002
)


def test_a_record_says_all_streams_and_all_events() -> None:
    """So that it may come again, to whichever worker."""
    call = Call().offer(stream(), WIDE)
    wanted = record_of(call.session, call.recording, PBX)

    assert wanted.streams == (
        StreamWanted(
            stream=0, pair=0, clock_hz=8000, types=(0,), rtcp_to="192.0.2.10", rtcp_port=6001,
            key_us=1,
        ),
        StreamWanted(
            stream=1, pair=1, clock_hz=48_000, types=(97, 101), masked_types=(101,),
            rtcp_to="192.0.2.10", rtcp_port=6003, key_us=1,
        ),
    )  # fmt: skip
    assert wanted.events == call.recording.events
    assert (wanted.recording, wanted.tenant) == (call.recording.recording, b"t" * 16)
    assert (wanted.created_us, wanted.waits) == (1, False)


def test_a_removed_stream_is_no_longer_wanted() -> None:
    """The worker reads what is left and lets go."""
    call = Call().offer(stream(), WIDE).offer(stream(port=0), WIDE)

    assert [each.stream for each in record_of(call.session, call.recording, PBX).streams] == [1]


def test_a_record_says_which_part_numbers_are_used_up() -> None:
    """Their files may be archived and gone."""
    used = SessionRecording(recording=b"r", created_us=1, next_part=4)

    assert record_of(NEW, used, PBX).next_part == 4


def test_what_says_more_than_that_no_packet_came_is_evidence() -> None:
    """What is said later takes nothing from that."""
    plain = SessionRecording(recording=b"r", created_us=1)
    plain = plain.with_event(Flagged(at_us=1, flag="ack_missing"))
    told = plain.with_event(Flagged(at_us=2, flag="notice_missing")).over("bye", 3)

    assert not record_of(NEW, plain, PBX).is_evidence
    assert record_of(NEW, told, PBX).is_evidence


def test_a_stream_of_unknown_formats_has_the_usual_clock() -> None:
    """Jitter is in some unit at least."""
    call = Call().offer(stream())
    (only,) = call.streams()
    bare = msgspec.structs.replace(
        call.session, streams=(msgspec.structs.replace(only, formats=()),)
    )

    assert record_of(bare, call.recording, PBX).streams[0].clock_hz == USUAL_CLOCK_HZ


def test_a_close_has_reason_and_time_of_the_end() -> None:
    """END repeats the reason."""
    call = Call().offer(stream()).over("max_length")

    named = call.recording.recording
    assert close_of(call.recording) == Close(recording=named, reason="max_length", at_us=11)
    with pytest.raises(AssertionError):
        close_of(SessionRecording(recording=b"r", created_us=1))


def test_telephone_events_are_masked_unless_the_source_allows_them() -> None:
    """In any case of the word, and nothing beside them."""
    call = Call().offer(stream(b"rtpmap:101 Telephone-Event/8000", formats=b"0 8 101"))
    (only,) = call.streams()
    allows = type(PBX)(name="p", tenant=b"t" * 16, networks=(), allow_telephone_event=True)

    assert masked_types(only, PBX) == (101,)
    assert masked_types(only, allows) == ()
