"""How a call begins in the record, and when a stream is another one than before."""

import msgspec

from archive.call.events import CallOpened, Format, StreamChanged, decode_event
from capture.recording.call_start import renegotiated
from tests.capture.siprec.stage import Stage, talking


def test_a_call_says_who_sent_it_and_what_its_invite_says(stage: Stage) -> None:
    """Enough to find it by, before any metadata."""
    talking(stage)

    (opened,) = [event for event in stage.events() if isinstance(event, CallOpened)]
    assert (opened.mode, opened.transport, opened.peer) == ("siprec", "udp", "192.0.2.1")
    assert (opened.call_id, opened.source) == ("one@peer", "pbx")


def test_a_stream_is_noted_where_its_formats_or_direction_are_new(stage: Stage) -> None:
    """A refresh that changes nothing leaves no event."""
    (session,) = list(talking(stage).server.sessions)
    known = session.streams[0]
    held = msgspec.structs.replace(known, is_held=True)
    other = msgspec.structs.replace(
        known, formats=(Format(payload_type=8, encoding="PCMA", clock_rate_hz=8_000),)
    )

    assert renegotiated(session, known, known, 9) is session
    for stream, direction in ((held, "inactive"), (other, "recvonly")):
        noted = renegotiated(session, known, stream, 9)
        event = decode_event(noted.recordings[-1].events[-1].payload)
        assert isinstance(event, StreamChanged)
        assert (event.direction, event.formats) == (direction, stream.formats)
