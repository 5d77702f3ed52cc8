"""Which recording a stream belongs to: that of its communication session (RFC 7865 §6.7.1).

Steps from one session value to the next, by the rules of docs/siprec.md. Knows nothing of SIP.
"""

from collections.abc import Callable

import msgspec

from archive.call.events import CommunicationSessionKnown
from capture.metadata.client_metadata import DescribedCall
from capture.metadata.snapshot import CommunicationSession, MetadataSnapshot
from capture.recording.session import RecordingSession, SessionRecording, begun
from capture.siprec.media_streams import moved

FreshId = Callable[[int], bytes]


def open_calls(metadata: MetadataSnapshot | None) -> tuple[CommunicationSession, ...]:
    """The communication sessions that have neither stopped nor left the recording session."""
    if metadata is None:
        return ()
    times = metadata.session_recordings
    left = {each.session_id for each in times if each.disassociated_at is not None}
    left -= {each.session_id for each in times if each.disassociated_at is None}
    return tuple(
        call
        for call in metadata.sessions
        if call.stopped_at is None and call.session_id not in left
    )


def home_of(
    session: RecordingSession, label: str, fresh_id: FreshId, now_us: int
) -> tuple[RecordingSession, bytes]:
    """The recording of an m-line with this label, begun or named where it must be.

    A recording that began before its call was described becomes that call's. Where it is known that
    no call is up, one waits for what may come all the same. Of a call whose recording was stopped
    nothing is kept: b"". Raises `SessionFull`.
    """
    call = _call_of(session, label)
    if call in session.stopped or "" in session.stopped:
        return session, b""
    known = _of(session, call)
    if known is not None:
        return session, known.recording
    nameless = _of(session, "")
    if nameless is not None and not nameless.waits:
        described = msgspec.structs.replace(nameless.described, communication_session=call)
        named = msgspec.structs.replace(nameless, described=described)
        return _introduced(session.with_recording(named), named, now_us), named.recording
    fresh = SessionRecording(
        recording=fresh_id(now_us),
        created_us=now_us,
        described=DescribedCall(communication_session=call),
        waits=not call and session.metadata.snapshot is not None,
    )
    session = begun(session, fresh)
    return _introduced(session, session.recording(fresh.recording), now_us), fresh.recording


def assigned(session: RecordingSession, fresh_id: FreshId, now_us: int) -> RecordingSession:
    """Move streams whose call is another one now; end what is over. Raises `SessionFull`."""
    if session.metadata.snapshot is None:
        return session
    for stream in session.streams:
        session, recording = home_of(session, stream.label, fresh_id, now_us)
        if stream.recording != recording:
            session = moved(session, stream, recording, now_us)
    return _settled(session, now_us)


def _of(session: RecordingSession, call: str) -> SessionRecording | None:
    live = session.live
    return next((each for each in live if each.described.communication_session == call), None)


def _call_of(session: RecordingSession, label: str) -> str:
    """The call of an m-line: its own where the metadata says one, else the first; "" if none is up.

    A label may be used again by a later call: the last open one counts. A call without an id of its
    own cannot be told from others.
    """
    metadata = session.metadata.snapshot
    calls = [call.session_id for call in open_calls(metadata)]
    if metadata is None or not calls:
        return ""
    said = [each.session_id for each in metadata.streams if label and each.label == label]
    return next((call for call in reversed(said) if call in calls), calls[0])


def introduction(
    session: RecordingSession, recording: SessionRecording, now_us: int
) -> CommunicationSessionKnown:
    """Which call a recording is of, as far as the metadata says it."""
    document, named = session.metadata.snapshot, recording.described.communication_session
    calls = () if document is None else document.sessions
    call = next((each for each in calls if each.session_id == named), None)
    if call is None:
        return CommunicationSessionKnown(at_us=now_us, communication_session="")
    return CommunicationSessionKnown(
        at_us=now_us,
        communication_session=call.session_id,
        group=call.group_ref,
        sip_session_ids=call.sip_session_ids,
    )


def _introduced(
    session: RecordingSession, recording: SessionRecording, now_us: int
) -> RecordingSession:
    known = introduction(session, recording, now_us)
    if not known.communication_session:
        return session
    described = msgspec.structs.replace(
        recording.described, group=known.group, sip_session_ids=known.sip_session_ids
    )
    told = msgspec.structs.replace(recording.with_event(known), described=described)
    return session.with_recording(told)


def _settled(session: RecordingSession, now_us: int) -> RecordingSession:
    """A recording that has no stream left ends, unless its call is still up (rule 5)."""
    busy = {stream.recording for stream in session.streams}
    calls = {call.session_id for call in open_calls(session.metadata.snapshot)}
    for recording in session.live:
        if recording.recording in busy or recording.described.communication_session in calls:
            continue
        session = session.with_recording(recording.over("session_ended", now_us))
    return session
