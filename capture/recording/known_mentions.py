"""Numbers and names that a client tells beside its participants, as events of the recordings.

Steps from one session value to the next. Knows nothing of where they stood.
"""

from collections.abc import Iterable

import msgspec

from archive.call.mentions import MAX_MENTIONS, Mention, Mentioned
from capture.metadata.mentions import distinct
from capture.recording.session import RecordingSession, SessionRecording, noted_in


def told_in_headers(
    session: RecordingSession, found: Iterable[Mention], now_us: int
) -> RecordingSession:
    """With what a message of the dialog tells: it is of all its recordings, and of later ones.

    Raises `SessionFull`.
    """
    known = session.metadata.mentions
    new = _news(known, found, len(known))
    if not new:
        return session
    metadata = msgspec.structs.replace(session.metadata, mentions=(*known, *new))
    session = session.with_metadata(metadata)
    told = Mentioned(at_us=now_us, mentions=new, by="headers")
    for recording in session.live:
        session = noted_in(session, recording.recording, told)
    return session


def told_in_document(
    session: RecordingSession, recording: SessionRecording, found: Iterable[Mention], now_us: int
) -> RecordingSession:
    """With what the metadata tells of a recording's call; raises `SessionFull`."""
    known, described = session.metadata.mentions, recording.described
    new = _news(described.mentions, found, len(known) + len(described.mentions))
    if not new:
        return session
    described = msgspec.structs.replace(described, mentions=(*described.mentions, *new))
    session = session.with_recording(msgspec.structs.replace(recording, described=described))
    told = Mentioned(at_us=now_us, mentions=new, by="metadata")
    return noted_in(session, recording.recording, told)


def _news(known: tuple[Mention, ...], found: Iterable[Mention], count: int) -> tuple[Mention, ...]:
    """What was not told yet, as far as a recording has room."""
    told = distinct((*known, *found))[len(known) :]
    return told[: max(0, MAX_MENTIONS - count)]
