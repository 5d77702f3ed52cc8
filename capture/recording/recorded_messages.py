"""The SIP messages of a call in its recordings, as far as room for them goes.

Pure: counts and sizes alone. Knows nothing of what a message says.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from archive.call.events import SipMessage
from capture.recording.session import RecordingSession

# Messages of a call that are kept: a refresh every minute, for as long as a call may be.
MAX_SAID: Final = 1_500
LAST_SAID: Final = 16
MAX_SAID_BYTES: Final = 1 << 20


def laddered(session: RecordingSession, messages: Iterable[SipMessage]) -> RecordingSession:
    """With what was said of the call, as far as that is bounded; never raises for the sake of it.

    The last few messages have room of their own: how a call ended is what people look for.
    """
    for message in messages:
        size = len(message.data)
        is_last = message.data.startswith(b"BYE ") or session.ended is not None
        room = MAX_SAID + (LAST_SAID if is_last else 0)
        known = session.messages
        if known.count >= room or known.size_bytes + size > MAX_SAID_BYTES:
            continue
        for recording in session.live:
            known = msgspec.structs.replace(
                known, count=known.count + 1, size_bytes=known.size_bytes + size
            )
            session = session.with_recording(recording.with_event(message))
        session = msgspec.structs.replace(session, messages=known)
    return session
