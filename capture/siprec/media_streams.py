"""The m-lines of a recording session: taken up, changed, held and removed by offer and answer.

Steps from one session value to the next. Knows nothing of SIP messages or of metadata.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import msgspec

from archive.call.events import Format, StreamAdded, StreamKeyed, StreamRemoved
from capture.recording.call_start import renegotiated
from capture.recording.session import (
    RecordingSession,
    RtcpPlace,
    SessionStream,
    StreamOrigin,
    noted_on,
)
from capture.sdp.acceptance import accepted_payloads, is_usable
from capture.sdp.answer import MediaPorts, Refuse, answer_offer, revised
from capture.sdp.crypto import is_secure, taken_crypto
from capture.sdp.description import Direction, MediaDescription, SessionDescription
from capture.siprec.media_senders import described, latch_noted

# A client that changes its key at every hold stays far below in a sweep or two.
MAX_KEYS: Final = 4


class StreamPort(NamedTuple):
    """What a new stream is given: a port pair, its RTP port, random bytes for an SRTP key."""

    pair: int
    port: int
    secret: bytes


Home = Callable[[RecordingSession, str], tuple[RecordingSession, bytes]]
"""The recording of an m-line with this label, and the session that has it."""


def needed_pairs(session: RecordingSession, offer: SessionDescription) -> int:
    """How many port pairs an offer needs beside those that the session has."""
    have = {stream.position for stream in session.streams}
    return sum(
        is_usable(media) and position not in have for position, media in enumerate(offer.media)
    )


def idle_pairs(session: RecordingSession) -> tuple[int, ...]:
    """The port pairs of the session whose streams were taken away: its next streams get them."""
    used = {stream.pair for stream in session.streams}
    return tuple(pair for pair in session.pairs if pair not in used)


def offered(
    session: RecordingSession,
    offer: SessionDescription,
    seats: Sequence[StreamPort],
    home: Home,
    now_us: int,
) -> RecordingSession:
    """Take up an offer: `seats` are for its new streams; `ours` is then the answer."""
    fresh = list(seats)
    have = {stream.position: stream for stream in session.streams}
    ports: list[MediaPorts | Refuse] = []
    for position, media in enumerate(offer.media):
        known = have.get(position)
        if not is_usable(media):
            if known is not None:
                session = _without(session, known, now_us)
            ports.append(Refuse())
        elif known is not None:
            session = _changed(session, known, media, now_us)
            ports.append(MediaPorts(known.port, known.port + 1, known.secret))
        else:
            seat = fresh.pop(0)
            session = _added(session, media, (position, seat), home, now_us)
            session = described(session, session.streams[-1], media, now_us)
            session = _keyed(session, session.streams[-1], media, now_us)
            ports.append(MediaPorts(seat.port, seat.port + 1, seat.secret))
    # RFC 3264 §8: an m-line stays for ever; one that is gone all the same is as one with port 0.
    for gone in [each for each in session.streams if each.position >= len(offer.media)]:
        session = _without(session, gone, now_us)
    answer = answer_offer(
        offer, session_id=session.created_us, version=1, address=session.address, ports=ports
    )
    ours = answer if session.ours is None else revised(session.ours, answer)
    return _hold_seen(msgspec.structs.replace(session, ours=ours, waits_for_answer=False), now_us)


def answered(
    session: RecordingSession, answer: SessionDescription, now_us: int
) -> RecordingSession:
    """The peer's answer to an offer of ours: its labels and formats count from now on."""
    have = {stream.position: stream for stream in session.streams}
    for position, media in enumerate(answer.media):
        known = have.get(position)
        if known is not None and media.port == 0:
            session = _without(session, known, now_us)
        elif known is not None:
            session = _changed(session, known, media, now_us)
    return _hold_seen(msgspec.structs.replace(session, waits_for_answer=False), now_us)


def own_offer(
    session: RecordingSession,
    ours: SessionDescription,
    seats: Sequence[StreamPort],
    home: Home,
    now_us: int,
) -> RecordingSession:
    """We offered, because the INVITE did not; each m-line of ours has one of `seats`."""
    for place in enumerate(seats):
        # Until it answers, the peer is taken to send what we offer to receive.
        media = msgspec.structs.replace(ours.media[place[0]], direction=Direction.SENDONLY)
        session = _added(session, media, place, home, now_us)
    # Reports go to the peer, whose address and key come with its answer; those here are our own.
    streams = tuple(
        msgspec.structs.replace(each, rtcp=RtcpPlace(is_muxed=each.rtcp.is_muxed))
        for each in session.streams
    )
    return msgspec.structs.replace(session, ours=ours, streams=streams, waits_for_answer=True)


def moved(
    session: RecordingSession, stream: SessionStream, recording: bytes, now_us: int
) -> RecordingSession:
    """The stream goes on in another recording: it leaves the one and begins in the other."""
    session = noted_on(session, stream, StreamRemoved(at_us=now_us, stream=stream.stream))
    number = _next_stream(session, recording)
    later = msgspec.structs.replace(
        stream,
        recording=recording,
        stream=number,
        party=None,
        is_told=False,
        is_doubted=False,
        is_crowded=False,
        stray="",
        origin=StreamOrigin(since_us=now_us, recording=stream.recording, stream=stream.stream),
    )
    session = _counted(session.with_stream(stream, later), recording)
    session = noted_on(session, later, _added_event(later, now_us))
    for crypto in later.keys:
        session = noted_on(session, later, _keyed_event(later, crypto, now_us))
    return latch_noted(session, later, now_us)


def _formats(media: MediaDescription) -> tuple[Format, ...]:
    return tuple(
        Format(
            payload_type=payload.payload_type,
            encoding=payload.encoding,
            clock_rate_hz=payload.clock_hz,
            channels=payload.channels,
            fmtp=payload.fmtp,
        )
        for payload in accepted_payloads(media)
    )


def _is_held(media: MediaDescription) -> bool:
    return media.is_held or media.direction in {Direction.INACTIVE, Direction.RECVONLY}


def _next_stream(session: RecordingSession, recording: bytes) -> int:
    return session.recording(recording).next_stream if recording else 0


def _counted(session: RecordingSession, recording: bytes) -> RecordingSession:
    """The recording has used up one number of a stream."""
    if not recording:
        return session
    known = session.recording(recording)
    return session.with_recording(msgspec.structs.replace(known, next_stream=known.next_stream + 1))


def _added_event(stream: SessionStream, now_us: int) -> StreamAdded:
    return StreamAdded(
        at_us=now_us,
        stream=stream.stream,
        label=stream.label,
        local_port=stream.port,
        formats=stream.formats,
        direction="inactive" if stream.is_held else "recvonly",
    )


def _keyed_event(stream: SessionStream, crypto: str, now_us: int) -> StreamKeyed:
    return StreamKeyed(at_us=now_us, stream=stream.stream, crypto=crypto)


def _added(
    session: RecordingSession,
    media: MediaDescription,
    place: tuple[int, StreamPort],
    home: Home,
    now_us: int,
) -> RecordingSession:
    """With a new stream; `place` is the m-line's position and what the stream is given there."""
    position, (pair, port, secret) = place
    session, named = home(session, media.label or "")
    stream = SessionStream(
        position=position,
        recording=named,
        stream=_next_stream(session, named),
        pair=pair,
        port=port,
        secret=secret,
        is_secure=is_secure(media),
        label=media.label or "",
        formats=_formats(media),
        is_held=_is_held(media),
        rtcp=_rtcp_place(media),
    )
    session = msgspec.structs.replace(
        _counted(session, named),
        streams=(*session.streams, stream),
        pairs=tuple(dict.fromkeys((*session.pairs, pair))),
    )
    return noted_on(session, stream, _added_event(stream, now_us))


def _changed(
    session: RecordingSession, known: SessionStream, media: MediaDescription, now_us: int
) -> RecordingSession:
    if known.is_secure != is_secure(media) or _speaks_for_another(session, known, media):
        session, known = _renewed(session, known, media, now_us)
    label = media.label or known.label
    stream = msgspec.structs.replace(
        known,
        label=label,
        party=known.party if label == known.label else None,  # known by a label of our own
        formats=_formats(media),
        is_held=_is_held(media),
        rtcp=_rtcp_place(media),
    )
    session = session.with_stream(known, stream)
    session = renegotiated(session, known, stream, now_us)
    session = described(session, stream, media, now_us)
    stream = next(each for each in session.streams if each.position == stream.position)
    return _keyed(session, stream, media, now_us)


def _rtcp_place(media: MediaDescription) -> RtcpPlace:
    to, is_muxed = media.rtcp_destination, media.offers_rtcp_mux
    if to is None:
        return RtcpPlace(is_muxed=is_muxed)
    return RtcpPlace(host=to.host, port=to.port, is_muxed=is_muxed)


def _speaks_for_another(
    session: RecordingSession, known: SessionStream, media: MediaDescription
) -> bool:
    """Has an m-line got another label (RFC 4574), one that is not the first that the peer gives?"""
    return (
        bool(media.label and known.label)
        and media.label != known.label
        and not session.waits_for_answer
    )


def _renewed(
    session: RecordingSession, known: SessionStream, media: MediaDescription, now_us: int
) -> tuple[RecordingSession, SessionStream]:
    """The m-line goes on as another stream.

    SRTP and RTP cannot be one, for nobody could tell forged packets from plain ones; and of who is
    heard under another label from now on nothing is under the former.
    """
    secure = is_secure(media)
    other = msgspec.structs.replace(
        known,
        is_secure=secure,
        keys=known.keys if secure == known.is_secure else (),
        latch=known.latch if secure == known.is_secure else None,
        label=media.label or known.label,
    )
    session = moved(session.with_stream(known, other), other, other.recording, now_us)
    return session, next(each for each in session.streams if each.position == known.position)


def _keyed(
    session: RecordingSession, stream: SessionStream, media: MediaDescription, now_us: int
) -> RecordingSession:
    """With the key that the peer sends with from now on, where that is news."""
    crypto = taken_crypto(media) if is_secure(media) else None
    if crypto is None or crypto in stream.keys[-1:]:
        return session
    keys = (*(each for each in stream.keys if each != crypto), crypto)[-MAX_KEYS:]
    session = session.with_stream(stream, msgspec.structs.replace(stream, keys=keys))
    return noted_on(session, stream, _keyed_event(stream, crypto, now_us))


def _without(session: RecordingSession, known: SessionStream, now_us: int) -> RecordingSession:
    session = noted_on(session, known, StreamRemoved(at_us=now_us, stream=known.stream))
    streams = tuple(each for each in session.streams if each is not known)
    return msgspec.structs.replace(session, streams=streams)


def _hold_seen(session: RecordingSession, now_us: int) -> RecordingSession:
    """A call is on hold while all its streams are, or were taken away (port 0 is a hold too)."""
    held = all(stream.is_held for stream in session.streams)
    return session.with_liveness(session.liveness.held(now_us, is_held=held))
