"""What a source's settings make of SRTP: offers refused, keys in the clear flagged.

Rules over one offer. Knows nothing of packets.
"""

from typing import Final

import msgspec

from archive.events import Flagged, Transport
from capture.sdp.acceptance import KeyRules, why_unacceptable
from capture.sdp.description import SessionDescription
from capture.sip.build import Answer
from capture.siprec.outputs import Now
from capture.siprec.session import RecordingSession, flagged_in, noted_on
from capture.sources import Source

_PRIVATE: Final[Transport] = "tls"


def unacceptable(offer: SessionDescription, source: Source, transport: Transport) -> Answer | None:
    """488 with a Warning that tells why, where this source may not offer this."""
    rules = KeyRules(
        srtp_only=source.srtp == "require",
        keys_allowed=source.keys_in_clear == "flag" or transport == _PRIVATE,
        keep_anything=source.keep_anything,
    )
    why = why_unacceptable(offer, rules)
    return None if why is None else Answer(status=488, headers=((b"Warning", why.encode()),))


def keys_seen(session: RecordingSession, now: Now) -> RecordingSession:
    """Flag each recording whose keys others could have read; raises `SessionFull`."""
    if session.call.transport == _PRIVATE:
        return session
    keyed = {stream.recording for stream in session.streams if stream.keys}
    for recording in session.live:
        if recording.recording in keyed and not recording.keys_in_clear:
            seen = msgspec.structs.replace(recording, keys_in_clear=True)
            session = session.with_recording(seen)
            session = flagged_in(session, recording.recording, "keys_in_clear", now.us)
    return session


def doubted(session: RecordingSession, recording: bytes, stream: int, now: Now) -> RecordingSession:
    """With the flag that a stream's packets were not sealed with its keys; raises `SessionFull`."""
    for each in session.streams:
        if (each.recording, each.stream) == (recording, stream) and not each.is_doubted:
            later = msgspec.structs.replace(each, is_doubted=True)
            flag = Flagged(at_us=now.us, flag="media_unproved")
            return noted_on(session.with_stream(each, later), later, flag)
    return session
