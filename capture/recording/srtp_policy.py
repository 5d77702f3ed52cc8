"""What a source's settings make of SRTP: offers refused, keys in the clear flagged.

Rules over one offer. Knows nothing of packets.
"""

from collections.abc import Set
from typing import Final

import msgspec

from archive.call.events import Flagged, Transport
from capture.peers.sources import Source
from capture.recording.outputs import Now
from capture.recording.session import RecordingSession, flagged_in, noted_on
from capture.sdp.acceptance import KeyRules, Unacceptable, why_unacceptable, why_unsafe
from capture.sdp.description import SessionDescription
from capture.sip.build import Answer

_PRIVATE: Final[Transport] = "tls"


def unacceptable(offer: SessionDescription, source: Source, transport: Transport) -> Answer | None:
    """488 with a Warning that tells why, where this source may not have this recorded."""
    return _answer(why_unacceptable(offer, _rules(source, transport)))


def unsafe(offer: SessionDescription | None, source: Source, transport: Transport) -> Answer | None:
    """488 where its speech would be plain, or its keys open to others, and this source forbids it.

    Whichever door it came to. Where it offers nothing, what we would have to offer counts.
    """
    return _answer(why_unsafe(offer, _rules(source, transport)))


def sealed_by(source: Source, transport: Transport) -> bool | None:
    """Whether what we offer to this source must be SRTP, or must not be; None: it may be either."""
    rules = _rules(source, transport)
    return True if rules.srtp_only else None if rules.keys_allowed else False


def _rules(source: Source, transport: Transport) -> KeyRules:
    return KeyRules(
        srtp_only=source.srtp == "require",
        keys_allowed=source.keys_in_clear == "flag" or transport == _PRIVATE,
        keep_anything=source.keep_anything,
    )


def _answer(why: Unacceptable | None) -> Answer | None:
    return None if why is None else Answer(status=488, headers=why.headers)


def keys_seen(session: RecordingSession, now: Now) -> RecordingSession:
    """Flag each recording whose keys others could have read; raises `SessionFull`."""
    positions = () if session.call.transport == _PRIVATE else session.streams
    return keys_seen_at(session, {stream.position for stream in positions}, now)


def keys_seen_at(session: RecordingSession, open_at: Set[int], now: Now) -> RecordingSession:
    """Flag each recording one of whose streams at these places has keys; raises `SessionFull`."""
    keyed = {each.recording for each in session.streams if each.keys and each.position in open_at}
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
