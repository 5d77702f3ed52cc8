"""A recording session as the ingest worker must have it.

Turns the session's value into the recorder's commands (pure). Knows nothing of sockets.
"""

from capture.recorder import Close, Record, StreamWanted
from capture.siprec.session import RecordingSession, SessionStream, masked_types
from capture.sources import Source

USUAL_CLOCK_HZ = 8_000


def record_of(session: RecordingSession, source: Source) -> Record:
    """What is to be recorded now, with every event so far."""
    return Record(
        recording=session.recording,
        tenant=session.tenant,
        created_us=session.created_us,
        streams=tuple(_stream(stream, source) for stream in session.streams),
        events=session.events,
        next_part=session.next_part,
    )


def close_of(session: RecordingSession) -> Close:
    """The end of the recording, for a session that is over."""
    assert session.ended is not None
    return Close(recording=session.recording, reason=session.ended, at_us=session.ended_us)


def _stream(stream: SessionStream, source: Source) -> StreamWanted:
    clock_hz = next((form.clock_rate_hz for form in stream.formats), USUAL_CLOCK_HZ)
    return StreamWanted(
        stream=stream.stream,
        pair=stream.pair,
        clock_hz=clock_hz,
        masked_types=masked_types(stream, source),
        rtcp_to=stream.rtcp_to,
        rtcp_port=stream.rtcp_port,
    )
