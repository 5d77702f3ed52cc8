"""The recording of an inline call: that it begins, what is noted in it, that it is stopped.

Steps from one recording session's value to the next, as the call's value goes on. Knows nothing of
SIP messages or of what a worker is told.
"""

from typing import Final, Literal

import msgspec

from archive.call.events import (
    CallIdKnown,
    EndReason,
    Event,
    Flag,
    NoticeReported,
    RecordingBegan,
    RouteTaken,
    StreamAdded,
    StreamKeyed,
)
from archive.call.refusal_reasons import Reason
from capture.links.relay_messages import Side
from capture.recording.session import (
    RecordingSession,
    SessionRecording,
    SessionStream,
    begun,
    flagged_in,
    noted_in,
    noted_on,
)

_ENDS: Final[dict[Reason, EndReason]] = {
    Reason.NOTICE_MISSING: "notice_not_played",
    Reason.TARGET_UNRECORDED: "not_to_be_recorded",
    Reason.PARTY_REFUSED: "refused",
}
SIDE_NAMES: Final = {Side.CALLER: "caller", Side.CALLEE: "callee"}


def begin(
    session: RecordingSession, recording: bytes, taken: RouteTaken, now_us: int
) -> RecordingSession:
    """A recording begins: from now on the call's streams are its streams. Raises `SessionFull`."""
    fresh = SessionRecording(recording=recording, created_us=now_us)
    session = begun(session, fresh)
    session = noted_in(session, recording, taken)
    for stream in session.streams:
        session = _moved_in(session, stream, recording, now_us)
    return session


def _moved_in(
    session: RecordingSession, stream: SessionStream, recording: bytes, now_us: int
) -> RecordingSession:
    """A stream that was relayed unrecorded until now."""
    number = session.recording(recording).next_stream
    later = msgspec.structs.replace(stream, recording=recording, stream=number)
    return added(session.with_stream(stream, later), later, now_us)


def added(session: RecordingSession, stream: SessionStream, now_us: int) -> RecordingSession:
    if not stream.recording:
        return session
    known = session.recording(stream.recording)
    counted = msgspec.structs.replace(known, next_stream=known.next_stream + 1)
    session = session.with_recording(counted)
    direction: Literal["recvonly", "inactive", "sendonly"] = (
        "sendonly" if stream.is_played else "inactive" if stream.is_held else "recvonly"
    )
    event = StreamAdded(
        at_us=now_us,
        stream=stream.stream,
        label=stream.label,
        local_port=stream.port,
        formats=stream.formats,
        direction=direction,
    )
    session = noted_on(session, stream, event)
    for key in stream.keys:
        keyed = StreamKeyed(at_us=now_us, stream=stream.stream, crypto=key)
        session = noted_on(session, stream, keyed)
    if stream.party is not None:
        party = msgspec.structs.replace(stream.party, at_us=now_us, stream=stream.stream)
        session = noted_on(session, stream, party)
    return session


def live_of(session: RecordingSession) -> bytes:
    return next((each.recording for each in session.live), b"")


def began(session: RecordingSession, gate_us: int) -> RecordingSession:
    """What is said is kept from this moment on."""
    return in_recording(session, RecordingBegan(at_us=gate_us))


def grouped(session: RecordingSession, group: bytes, now_us: int) -> RecordingSession:
    """Which call it was joined with: their recordings are one conversation, whoever sent them."""
    return in_recording(session, CallIdKnown(at_us=now_us, kind="joined_call", value=group.hex()))


def reported(session: RecordingSession, report: NoticeReported) -> RecordingSession:
    return in_recording(session, report)


def in_recording(session: RecordingSession, event: Event) -> RecordingSession:
    """With an event of the recording that lives, if one does; raises `SessionFull`."""
    recording = live_of(session)
    return noted_in(session, recording, event) if recording else session


def flagged(session: RecordingSession, flag: Flag, now_us: int) -> RecordingSession:
    """With a flag of the recording that lives, if one does; raises `SessionFull`."""
    recording = live_of(session)
    return flagged_in(session, recording, flag, now_us) if recording else session


def stopped_because(why: Reason) -> EndReason:
    """Return why a recording ends whose call goes on; where nothing else tells, it was by hand."""
    return _ENDS.get(why, "stopped")


def stopped(session: RecordingSession, why: EndReason, now_us: int) -> RecordingSession:
    """Nothing more is kept; the call goes on without a recording, which the session remembers."""
    ended = list(session.live)
    for recording in ended:
        session = session.with_recording(recording.over(why, now_us))
    streams = tuple(
        msgspec.structs.replace(each, recording=b"")
        for each in session.streams
        if not each.is_played
    )
    over = (each.described.communication_session for each in ended)
    return msgspec.structs.replace(session, streams=streams, stopped=(*session.stopped, *over))
