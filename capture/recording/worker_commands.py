"""A recording session as the ingest worker must have it.

Turns the session's value into the recorder's commands (pure). Knows nothing of sockets.
"""

from collections.abc import Iterator
from typing import Final

from capture.links.recorder_messages import Close, PauseWanted, Record, StreamWanted
from capture.peers.sources import Source
from capture.recording.outputs import ToWorker
from capture.recording.session import RecordingSession, SessionRecording, SessionStream
from capture.sdp.crypto import own_crypto

USUAL_CLOCK_HZ: Final = 8_000
_TELEPHONE_EVENT: Final = "telephone-event"


def record_of(session: RecordingSession, recording: SessionRecording, source: Source) -> Record:
    """What is to be recorded now of one recording, with every event so far."""
    return Record(
        recording=recording.recording,
        tenant=session.tenant,
        created_us=recording.created_us,
        streams=tuple(
            _stream(stream, source, session)
            for stream in session.streams
            if stream.recording == recording.recording
        ),
        events=recording.events,
        next_part=recording.next_part,
        waits=recording.waits,
        pauses=tuple(
            PauseWanted(
                serial=each.serial,
                from_us=each.began_us,
                until_us=each.ended_us,
                is_over=bool(each.over),
            )
            for each in recording.pauses
        ),
        stopped_us=recording.ended_us if recording.ended == "stopped" else 0,
        is_evidence=session.is_page or recording.is_evidence,
    )


def close_of(recording: SessionRecording) -> Close:
    """The end of a recording that is over."""
    assert recording.ended is not None
    return Close(recording=recording.recording, reason=recording.ended, at_us=recording.ended_us)


def news_of(
    before: RecordingSession | None, after: RecordingSession, source: Source
) -> Iterator[ToWorker]:
    """What the worker is told of a change: new recordings first, for they take over streams."""
    known = {} if before is None else {each.recording: each for each in before.recordings}
    fresh = [each for each in after.recordings if each.recording not in known]
    former = [each for each in after.recordings if each.recording in known]
    for recording in (*fresh, *former):
        was = known.get(recording.recording)
        if was is None or was.ended is None:
            yield ToWorker(after.worker, record_of(after, recording, source))
            if recording.ended is not None:
                yield ToWorker(after.worker, close_of(recording))


def _stream(stream: SessionStream, source: Source, session: RecordingSession) -> StreamWanted:
    clock_hz = next((form.clock_rate_hz for form in stream.formats), USUAL_CLOCK_HZ)
    return StreamWanted(
        stream=stream.stream,
        pair=stream.pair,
        clock_hz=clock_hz,
        types=tuple(form.payload_type for form in stream.formats),
        masked_types=masked_types(stream, source),
        rtcp_to=stream.rtcp.host,
        rtcp_port=stream.rtcp.port,
        is_muxed=stream.rtcp.is_muxed,
        since_us=stream.origin.since_us,
        former=stream.origin.recording,
        former_stream=stream.origin.stream,
        keys=stream.keys,
        own_key="" if stream.is_relayed else _own_key(stream, session),
        relayed=stream.is_relayed,
        played=stream.is_played,
        key_us=session.created_us,
        latch=stream.latch,
    )


def _own_key(stream: SessionStream, session: RecordingSession) -> str:
    """Our `a=crypto` where the peer's is known: reports to it are sealed with that key."""
    if session.ours is None or not stream.keys:
        return ""
    return own_crypto(session.ours.media[stream.position], stream.keys[-1])


def masked_types(stream: SessionStream, source: Source) -> tuple[int, ...]:
    """The payload types whose payload must not be kept."""
    if source.allow_telephone_event:
        return ()
    return tuple(
        form.payload_type for form in stream.formats if form.encoding.lower() == _TELEPHONE_EVENT
    )
