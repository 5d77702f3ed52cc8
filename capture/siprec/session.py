"""One recording session as a value: streams, metadata, the events so far, and our description.

A step returns the next value; what it has to tell the archive is in its events. Knows nothing of
SIP messages, sockets or ports in use.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from archive.events import (
    CallEnded,
    CallOpened,
    EndReason,
    Event,
    Flag,
    Flagged,
    Format,
    MetadataReceived,
    Name,
    StreamAdded,
    StreamChanged,
    StreamPartyKnown,
    StreamRemoved,
    encode_event,
)
from capture.errors import CaptureError
from capture.recorder import NumberedEvent
from capture.sdp.acceptance import accepted_payloads, is_usable
from capture.sdp.answer import MediaPorts, Refuse, answer_offer, revised
from capture.sdp.description import Direction, MediaDescription, SessionDescription
from capture.sip.identity import DialogId
from capture.siprec.bodies import Bodies
from capture.siprec.limits import MetadataBroken
from capture.siprec.merging import merge
from capture.siprec.metadata import DataMode, MetadataSnapshot
from capture.siprec.metadata_reading import parse_metadata
from capture.siprec.parties import StreamParty, parties
from capture.siprec.sides import sides
from capture.sources import Source

WHOLE_RECORDING: Final = 0xFFFF
# A client that changes its metadata all day writes as many events; what comes then is refused.
MAX_EVENTS: Final = 4096
# A worker that comes back is told all of them at once, and so is the memory of live calls.
MAX_EVENT_BYTES: Final = 4 << 20
_TELEPHONE_EVENT: Final = "telephone-event"


class SessionFull(CaptureError):
    """The session has had more changes than `MAX_EVENTS`, or longer ones than may be kept."""


class SessionStream(msgspec.Struct, frozen=True, kw_only=True):
    """One m-line that we receive: its place, its number in the recording and its port pair."""

    position: int
    stream: int
    pair: int
    port: int
    label: str
    formats: tuple[Format, ...]
    is_held: bool
    rtcp_to: str
    rtcp_port: int
    party: StreamPartyKnown | None = None


class RecordingSession(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of a recording session that must survive us; `pairs` are also those given up."""

    recording: bytes
    tenant: bytes
    source: str
    dialog: DialogId
    worker: int
    created_us: int
    address: str
    pairs: tuple[int, ...]
    streams: tuple[SessionStream, ...] = ()
    next_stream: int = 0
    ours: SessionDescription | None = None
    waits_for_answer: bool = False
    metadata: MetadataSnapshot | None = None
    events: tuple[NumberedEvent, ...] = ()
    held_since_us: int = 0
    resumed_us: int = 0
    probed_at_us: int = 0
    ended: EndReason | None = None
    ended_us: int = 0
    next_part: int = 0

    @property
    def labels(self) -> tuple[str | None, ...]:
        """The labels of the m-lines in their order: the peer's, where it has given one."""
        theirs = {stream.position: stream.label for stream in self.streams}
        media = () if self.ours is None else self.ours.media
        return tuple(theirs.get(at) or each.label for at, each in enumerate(media))


def noted(
    session: RecordingSession, event: Event, stream: int = WHOLE_RECORDING
) -> RecordingSession:
    """The session with one more event; raises `SessionFull`."""
    after = _with_event(session, event, stream)
    if len(after.events) > MAX_EVENTS or _event_bytes(after) > MAX_EVENT_BYTES:
        raise SessionFull("a recording session has changed too often")
    return after


def _with_event(session: RecordingSession, event: Event, stream: int) -> RecordingSession:
    numbered = NumberedEvent(len(session.events), event.at_us, stream, encode_event(event))
    return msgspec.structs.replace(session, events=(*session.events, numbered))


def _event_bytes(session: RecordingSession) -> int:
    return sum(len(numbered.payload) for numbered in session.events)


def flagged(
    session: RecordingSession, flag: Flag, now_us: int, detail: str = ""
) -> RecordingSession:
    """The session with a flag that whoever listens will see."""
    return noted(session, Flagged(at_us=now_us, flag=flag, detail=detail))


def opened(session: RecordingSession, call: CallOpened) -> RecordingSession:
    """The first event of every recording."""
    return noted(session, call)


def needed_pairs(session: RecordingSession, offer: SessionDescription) -> int:
    """How many port pairs an offer needs beside those that the session has."""
    have = {stream.position for stream in session.streams}
    return sum(
        is_usable(media) and position not in have for position, media in enumerate(offer.media)
    )


def offered(
    session: RecordingSession,
    offer: SessionDescription,
    pairs: Sequence[tuple[int, int]],
    now_us: int,
) -> RecordingSession:
    """Take up an offer: `pairs` are (pair, port) for its new streams; `ours` is then the answer."""
    fresh = list(pairs)
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
            ports.append(MediaPorts(known.port, known.port + 1))
        else:
            pair, port = fresh.pop(0)
            session = _added(session, media, (position, pair, port), now_us)
            ports.append(MediaPorts(port, port + 1))
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
    pairs: Sequence[tuple[int, int]],
    now_us: int,
) -> RecordingSession:
    """We offered, because the INVITE did not; each m-line of ours has one of `pairs`."""
    for position, (pair, port) in enumerate(pairs):
        session = _added(session, ours.media[position], (position, pair, port), now_us)
    # Reports go to the peer, whose addresses come with its answer; those here are our own.
    streams = tuple(
        msgspec.structs.replace(stream, rtcp_to="", rtcp_port=0) for stream in session.streams
    )
    return msgspec.structs.replace(session, ours=ours, streams=streams, waits_for_answer=True)


def described(
    session: RecordingSession, bodies: Bodies, source: Source, now_us: int
) -> RecordingSession:
    """Take up what the metadata says; what is broken is kept as it came, and flagged."""
    if bodies.metadata is not None:
        session = _metadata(session, bodies, now_us)
    return _parties_known(session, source, now_us)


def missing_metadata(session: RecordingSession, now_us: int) -> RecordingSession:
    """The session began without a metadata document."""
    return flagged(session, "metadata_missing", now_us)


def over(session: RecordingSession, reason: EndReason, now_us: int) -> RecordingSession:
    """The recording ends; an end that nobody said is flagged. There is always room for that."""
    if session.ended is not None:
        return session
    if reason in {"media_timeout", "hold_timeout", "probe_failed"}:
        session = _with_event(session, Flagged(at_us=now_us, flag="no_bye"), WHOLE_RECORDING)
    session = _with_event(session, CallEnded(at_us=now_us, reason=reason), WHOLE_RECORDING)
    return msgspec.structs.replace(session, ended=reason, ended_us=now_us)


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


def _added(
    session: RecordingSession, media: MediaDescription, place: tuple[int, int, int], now_us: int
) -> RecordingSession:
    position, pair, port = place
    rtcp = media.rtcp_destination
    stream = SessionStream(
        position=position,
        stream=session.next_stream,
        pair=pair,
        port=port,
        label=media.label or "",
        formats=_formats(media),
        is_held=media.is_held or media.direction is Direction.INACTIVE,
        rtcp_to="" if rtcp is None else rtcp.host,
        rtcp_port=0 if rtcp is None else rtcp.port,
    )
    event = StreamAdded(
        at_us=now_us,
        stream=stream.stream,
        label=stream.label,
        local_port=port,
        formats=stream.formats,
        direction="inactive" if stream.is_held else "recvonly",
    )
    return msgspec.structs.replace(
        noted(session, event, stream.stream),
        streams=(*session.streams, stream),
        next_stream=session.next_stream + 1,
        pairs=tuple(dict.fromkeys((*session.pairs, pair))),
    )


def _changed(
    session: RecordingSession, known: SessionStream, media: MediaDescription, now_us: int
) -> RecordingSession:
    rtcp = media.rtcp_destination
    stream = msgspec.structs.replace(
        known,
        label=media.label or known.label,
        formats=_formats(media),
        is_held=_is_held(media),
        rtcp_to="" if rtcp is None else rtcp.host,
        rtcp_port=0 if rtcp is None else rtcp.port,
    )
    if (stream.formats, stream.is_held) != (known.formats, known.is_held):
        event = StreamChanged(
            at_us=now_us,
            stream=stream.stream,
            formats=stream.formats,
            direction="inactive" if stream.is_held else "recvonly",
        )
        session = noted(session, event, stream.stream)
    streams = tuple(stream if each is known else each for each in session.streams)
    return msgspec.structs.replace(session, streams=streams)


def _without(session: RecordingSession, known: SessionStream, now_us: int) -> RecordingSession:
    event = StreamRemoved(at_us=now_us, stream=known.stream)
    streams = tuple(each for each in session.streams if each is not known)
    return msgspec.structs.replace(noted(session, event, known.stream), streams=streams)


def _hold_seen(session: RecordingSession, now_us: int) -> RecordingSession:
    """A call is on hold while all its streams are."""
    held = bool(session.streams) and all(stream.is_held for stream in session.streams)
    since_us = (session.held_since_us or now_us) if held else 0
    resumed_us = now_us if session.held_since_us and not held else session.resumed_us
    return msgspec.structs.replace(session, held_since_us=since_us, resumed_us=resumed_us)


def _metadata(session: RecordingSession, bodies: Bodies, now_us: int) -> RecordingSession:
    assert bodies.metadata is not None
    problem, snapshot = "", session.metadata
    try:
        following = parse_metadata(bodies.metadata)
        partial = following.data_mode is DataMode.PARTIAL and snapshot is not None
        snapshot = merge(snapshot, following) if partial and snapshot else following
    except MetadataBroken as broken:
        problem = str(broken) or type(broken).__name__
    session = noted(
        session,
        MetadataReceived(
            at_us=now_us,
            content_type=bodies.metadata_type,
            body=bodies.metadata,
            problem=problem,
        ),
    )
    if problem:
        session = flagged(session, "metadata_broken", now_us, problem)
    return msgspec.structs.replace(session, metadata=snapshot)


def _parties_known(session: RecordingSession, source: Source, now_us: int) -> RecordingSession:
    """Note who speaks on each stream, where that is news."""
    found: dict[int, StreamParty] = {}
    for named in parties(session.metadata, session.labels) if session.metadata else ():
        found.setdefault(named.position, named)
    positions = [stream.position for stream in session.streams]
    decided = sides(tuple(found.values()), positions, source)
    guessed_before = any(stream.party is not None for stream in session.streams)
    for stream in session.streams:
        side, because = decided[stream.position]
        who = found.get(stream.position)
        party = StreamPartyKnown(
            at_us=now_us,
            stream=stream.stream,
            participant="" if who is None else who.participant_id,
            aor="" if who is None else who.aor,
            names=() if who is None else tuple(Name(n.text, n.language) for n in who.names),
            side=side,
            because=because,
        )
        session = _party(session, stream, party)
    if not guessed_before and any(b == "first_stream" for _, b in decided.values()):
        session = flagged(session, "side_guessed", now_us)
    return session


def _party(
    session: RecordingSession, stream: SessionStream, party: StreamPartyKnown
) -> RecordingSession:
    before = stream.party
    if before is not None and msgspec.structs.replace(before, at_us=party.at_us) == party:
        return session
    streams = tuple(
        msgspec.structs.replace(each, party=party) if each.stream == stream.stream else each
        for each in session.streams
    )
    return msgspec.structs.replace(noted(session, party, stream.stream), streams=streams)


def masked_types(stream: SessionStream, source: Source) -> tuple[int, ...]:
    """The payload types whose payload must not be kept."""
    if source.allow_telephone_event:
        return ()
    return tuple(
        form.payload_type for form in stream.formats if form.encoding.lower() == _TELEPHONE_EVENT
    )
