"""The recording of an inline call: its streams, its parties, and what proves the notice.

Steps from one recording session's value to the next, as the call's value goes on. Knows nothing of
SIP messages or of what a worker is told.
"""

from typing import Final, Literal

import msgspec

from archive.events import (
    CallIdKnown,
    Event,
    Flag,
    Format,
    Name,
    NoticeReported,
    ParticipantChanged,
    RecordingBegan,
    RouteTaken,
    SideBecause,
    StreamAdded,
    StreamKeyed,
    StreamPartyKnown,
)
from archive.events import NoticePlayed as NoticeEvent
from archive.events import Side as PartySide
from capture.inline.call import End, InlineCall
from capture.inline.descriptions.speech import agreed_media
from capture.relaying import Played, Side
from capture.sdp.crypto import is_secure, taken_crypto
from capture.siprec.opening import renegotiated
from capture.siprec.session import (
    WHOLE_RECORDING,
    RecordingSession,
    SessionRecording,
    SessionStream,
    begun,
    flagged_in,
    noted,
    noted_in,
    noted_on,
)

# What is played lies behind the parties' own streams.
PLAYED_BEHIND: Final = 2
NODE: Final = "rokuon"
_TELEPHONE_EVENT: Final = "telephone-event"
_NAMES: Final = {Side.CALLER: "caller", Side.CALLEE: "callee"}


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """Who is at one end: address, display name, which side he is and how that is known."""

    aor: str
    name: str = ""
    side: PartySide = "unknown"
    because: SideBecause = "first_stream"


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """What a prompt says: its name, language, text, and the SHA-256 of its sound file."""

    prompt: str
    language: str = ""
    text: str = ""
    sha256: str = ""


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
    return _added(session.with_stream(stream, later), later, now_us)


def _added(session: RecordingSession, stream: SessionStream, now_us: int) -> RecordingSession:
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


def followed(
    session: RecordingSession, call: InlineCall, parties: tuple[Party, Party], now_us: int
) -> RecordingSession:
    """With the streams of the call as it is now; raises `SessionFull`."""
    for end, party in zip((call.caller, call.callee), parties, strict=True):
        known = next((s for s in session.streams if s.position == end.side), None)
        if agreed_media(end.ours) is None or end.media is None:
            continue
        stream = _stream(end, session, known)
        if known is None:
            session = _with_new(session, stream, now_us)
        elif known != stream:
            session = _changed(session.with_stream(known, stream), known, stream, now_us)
        session = _spoken_by(session, end, party, now_us)
    return _hold_seen(session, now_us)


def _stream(end: End, session: RecordingSession, known: SessionStream | None) -> SessionStream:
    media, mine = end.media, agreed_media(end.ours)
    assert media is not None
    assert mine is not None
    key = taken_crypto(media) if is_secure(media) else None
    keys = known.keys if known is not None else ()
    if key is not None and key not in keys[-1:]:
        keys = (*keys, key)
    fresh = SessionStream(
        position=end.side,
        recording=_live_of(session),
        stream=0,
        pair=end.pair,
        port=end.seat.port,
        label=_NAMES[end.side],
        formats=_formats(end),
        is_held=not end.speaks,
        rtcp_to="",
        rtcp_port=0,
        is_secure=is_secure(media),
        keys=keys,
        is_relayed=True,
    )
    if known is None:
        return fresh
    return msgspec.structs.replace(
        fresh,
        recording=known.recording,
        stream=known.stream,
        party=known.party,
        is_told=known.is_told,
    )


def _live_of(session: RecordingSession) -> bytes:
    return next((each.recording for each in session.live), b"")


def _formats(end: End) -> tuple[Format, ...]:
    """What this end may send: what we asked it for."""
    mine = agreed_media(end.ours)
    assert mine is not None
    return tuple(
        Format(
            payload_type=each.payload_type,
            encoding=each.encoding,
            clock_rate_hz=each.clock_hz,
            channels=each.channels,
            fmtp=each.fmtp,
        )
        for each in mine.payloads
    )


def _with_new(session: RecordingSession, stream: SessionStream, now_us: int) -> RecordingSession:
    if stream.recording:
        number = session.recording(stream.recording).next_stream
        stream = msgspec.structs.replace(stream, stream=number)
    streams = (*session.streams, stream)
    return _added(msgspec.structs.replace(session, streams=streams), stream, now_us)


def _changed(
    session: RecordingSession, known: SessionStream, stream: SessionStream, now_us: int
) -> RecordingSession:
    session = renegotiated(session, known, stream, now_us)
    for key in stream.keys[len(known.keys) :]:
        keyed = StreamKeyed(at_us=now_us, stream=stream.stream, crypto=key)
        session = noted_on(session, stream, keyed)
    return session


def _spoken_by(session: RecordingSession, end: End, party: Party, now_us: int) -> RecordingSession:
    """Who speaks on this end's stream, where that is news; another than before is a transfer."""
    stream = next(each for each in session.streams if each.position == end.side)
    known = StreamPartyKnown(
        at_us=now_us,
        stream=stream.stream,
        participant=party.aor,
        aor=party.aor,
        names=(Name(party.name),) if party.name else (),
        side=party.side,
        because=party.because,
    )
    before = stream.party
    if before is not None and _same_party(before, known):
        return session
    if before is not None and stream.is_told and before.participant == known.participant:
        return session
    later = msgspec.structs.replace(stream, party=known, is_told=False)
    session = session.with_stream(stream, later)
    if not later.recording:
        return session
    session = noted_on(session, later, known)
    return _presence(session, later.recording, before, known)


def _same_party(one: StreamPartyKnown, other: StreamPartyKnown) -> bool:
    same_time = msgspec.structs.replace(one, at_us=other.at_us, stream=other.stream)
    return same_time == other


def _presence(
    session: RecordingSession,
    recording: bytes,
    before: StreamPartyKnown | None,
    now: StreamPartyKnown,
) -> RecordingSession:
    if before is None or before.participant == now.participant:
        return session
    changed = ParticipantChanged(
        at_us=now.at_us,
        what="transferred",
        participant=now.participant,
        aor=now.aor,
        instead_of=before.participant,
    )
    return noted_in(session, recording, changed)


def _hold_seen(session: RecordingSession, now_us: int) -> RecordingSession:
    """A call is on hold while nobody speaks."""
    speaking = [each for each in session.streams if not each.is_played]
    held = bool(speaking) and all(each.is_held for each in speaking)
    since_us = (session.held_since_us or now_us) if held else 0
    resumed_us = now_us if session.held_since_us and not held else session.resumed_us
    return msgspec.structs.replace(session, held_since_us=since_us, resumed_us=resumed_us)


def played(
    session: RecordingSession, end: End, told: Played, wording: Wording, now_us: int
) -> RecordingSession:
    """With the evidence of a prompt, on the lane of what this end heard; raises `SessionFull`."""
    session = lane_begun(session, end, now_us)
    lane = _lane_of(session, end.side)
    if not session.recordings:  # one that is begun by hand has it from its begin
        return noted(session, _evidence(end, told, wording, WHOLE_RECORDING, now_us))
    if lane is None or not lane.recording:
        return session
    return noted_on(session, lane, _evidence(end, told, wording, lane.stream, now_us))


def _evidence(end: End, told: Played, wording: Wording, stream: int, now_us: int) -> NoticeEvent:
    return NoticeEvent(
        at_us=now_us,
        to="caller" if end.side is Side.CALLER else "callee",
        prompt=wording.prompt,
        language=wording.language,
        wording_sha256=wording.sha256,
        wording=wording.text,
        outcome=told.outcome.value,
        stream=stream,
        from_us=told.from_us,
        until_us=told.until_us,
        packets=told.packets,
        sent_ms=told.sent_ms,
        whole_ms=told.whole_ms,
    )


def lane_begun(session: RecordingSession, end: End, now_us: int) -> RecordingSession:
    """With a lane for what this end hears from us; raises `SessionFull`."""
    recording, media = _live_of(session), end.media
    if not recording or media is None or _lane_of(session, end.side) is not None:
        return session
    formats = tuple(
        Format(
            payload_type=each.payload_type,
            encoding=each.encoding,
            clock_rate_hz=each.clock_hz,
            channels=each.channels,
            fmtp=each.fmtp,
        )
        for each in media.payloads
        if each.encoding.lower() != _TELEPHONE_EVENT
    )
    lane = SessionStream(
        position=PLAYED_BEHIND + end.side,
        recording=recording,
        stream=session.recording(recording).next_stream,
        pair=end.pair,
        port=end.seat.port,
        label=f"to {_NAMES[end.side]}",
        formats=formats,
        is_held=False,
        rtcp_to="",
        rtcp_port=0,
        is_relayed=True,
        is_played=True,
        party=StreamPartyKnown(
            at_us=now_us,
            stream=0,
            participant=NODE,
            aor="",
            names=(),
            side="node",
            because="played",
        ),
    )
    streams = (*session.streams, lane)
    return _added(msgspec.structs.replace(session, streams=streams), lane, now_us)


def _lane_of(session: RecordingSession, side: Side) -> SessionStream | None:
    wanted = PLAYED_BEHIND + side
    return next((each for each in session.streams if each.position == wanted), None)


def began(session: RecordingSession, gate_us: int) -> RecordingSession:
    """What is said is kept from this moment on."""
    return in_recording(session, RecordingBegan(at_us=gate_us))


def grouped(session: RecordingSession, group: bytes, now_us: int) -> RecordingSession:
    """Which call it was joined with: their recordings are one conversation, whoever sent them."""
    return in_recording(session, CallIdKnown(at_us=now_us, kind="joined_call", value=group.hex()))


def reported(session: RecordingSession, report: NoticeReported) -> RecordingSession:
    """What RTCP says of the notice."""
    return in_recording(session, report)


def in_recording(session: RecordingSession, event: Event) -> RecordingSession:
    """With an event of the recording that lives, if one does; raises `SessionFull`."""
    recording = _live_of(session)
    return noted_in(session, recording, event) if recording else session


def flagged(session: RecordingSession, flag: Flag, now_us: int) -> RecordingSession:
    """With a flag of the recording that lives, if one does; raises `SessionFull`."""
    recording = _live_of(session)
    return flagged_in(session, recording, flag, now_us) if recording else session


def stopped(session: RecordingSession, now_us: int) -> RecordingSession:
    """Nothing more is kept; the call goes on without a recording."""
    for recording in session.live:
        session = session.with_recording(recording.over("stopped", now_us))
    streams = tuple(
        msgspec.structs.replace(each, recording=b"")
        for each in session.streams
        if not each.is_played
    )
    return msgspec.structs.replace(session, streams=streams)
