"""Whose packets are heard on the streams of a recording session, as SDP and its worker say it.

Steps from one session value to the next; the rule itself is `archive.format.media_latch`. Knows no
packet.
"""

import msgspec

from archive.call.events import Flagged, StreamHeard, StreamLatched
from archive.format.media_latch import Place
from capture.links.recorder_messages import LatchWanted, MediaSender, SenderAside, SenderHeard
from capture.recording.session import RecordingSession, SessionStream, noted_on
from capture.sdp.description import MediaDescription


def described(
    session: RecordingSession, stream: SessionStream, media: MediaDescription, now_us: int
) -> RecordingSession:
    """With the place that the peer's m-line names; one that names none changes nothing.

    Of SRTP each packet's tag says whose it is. Raises `SessionFull`.
    """
    if session.latch == "any" or stream.is_secure:
        return session
    latch = _moved(stream.latch or LatchWanted(rule=session.latch), media)
    if latch == stream.latch:
        return session
    later = msgspec.structs.replace(stream, latch=latch)
    return noted_on(session.with_stream(stream, later), later, _latched(later, latch, now_us))


def _moved(latch: LatchWanted, media: MediaDescription) -> LatchWanted:
    where = media.rtp_destination
    if where is None or not Place.of(where.host, where.port).address:
        return latch
    return msgspec.structs.replace(latch, address=where.host, port=where.port)


def latch_noted(session: RecordingSession, stream: SessionStream, now_us: int) -> RecordingSession:
    """With what is known of a stream's senders, where it begins in a recording; `SessionFull`."""
    if stream.latch is None:
        return session
    session = noted_on(session, stream, _latched(stream, stream.latch, now_us))
    if stream.latch.heard is None:
        return session
    return noted_on(session, stream, _heard(stream, stream.latch.heard, now_us))


def sender_told(
    session: RecordingSession, said: SenderHeard | SenderAside, now_us: int
) -> RecordingSession:
    """With whom a stream has come to hear, or the flag that another sends; `SessionFull`."""
    stream = _stream_of(session, said)
    if stream is None:
        return session
    match said:
        case SenderHeard():
            return _with_heard(session, stream, said, now_us)
        case SenderAside():
            return _with_aside(session, stream, said, now_us)


def _with_heard(
    session: RecordingSession, stream: SessionStream, said: SenderHeard, now_us: int
) -> RecordingSession:
    if stream.latch is None or stream.latch.heard == said.sender:
        return session
    latch = msgspec.structs.replace(stream.latch, heard=said.sender)
    later = msgspec.structs.replace(stream, latch=latch)
    event = _heard(later, said.sender, now_us)
    return noted_on(session.with_stream(stream, later), later, event)


def _with_aside(
    session: RecordingSession, stream: SessionStream, said: SenderAside, now_us: int
) -> RecordingSession:
    if stream.is_crowded:
        return session
    later = msgspec.structs.replace(stream, is_crowded=True)
    detail = f"{said.sender.address} {said.sender.port}, SSRC {said.sender.ssrc:08x}"
    flag = Flagged(at_us=now_us, flag="other_sender", detail=detail)
    return noted_on(session.with_stream(stream, later), later, flag)


def _stream_of(session: RecordingSession, said: SenderHeard | SenderAside) -> SessionStream | None:
    named = (said.recording, said.stream)
    found = (each for each in session.streams if (each.recording, each.stream) == named)
    return next(found, None)


def _latched(stream: SessionStream, latch: LatchWanted, now_us: int) -> StreamLatched:
    return StreamLatched(
        at_us=now_us,
        stream=stream.stream,
        rule=latch.rule,
        address=latch.address,
        port=latch.port,
    )


def _heard(stream: SessionStream, sender: MediaSender, now_us: int) -> StreamHeard:
    return StreamHeard(
        at_us=now_us,
        stream=stream.stream,
        address=sender.address,
        port=sender.port,
        ssrc=sender.ssrc,
    )
