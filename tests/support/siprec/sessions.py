"""What tests of sessions share."""

import msgspec

from capture.recording.session import RecordingSession, SessionRecording
from capture.sip.identity import DialogId
from tests.capture.siprec.calls import CALL


def a_session(name: bytes = b"one", worker: int = 0) -> RecordingSession:
    """A session that has just begun."""
    return RecordingSession(
        key=name,
        tenant=b"t" * 16,
        source="pbx",
        dialog=DialogId(call_id=name, local_tag=b"ours", remote_tag=b"theirs"),
        worker=worker,
        created_us=1,
        address="192.0.2.9",
        call=CALL,
        recordings=(SessionRecording(recording=name + b" recording", created_us=1),),
    )


def ended(session: RecordingSession) -> RecordingSession:
    """The session once it is over."""
    return msgspec.structs.replace(session, ended="bye", ended_us=2)
