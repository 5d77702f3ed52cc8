"""The streams of an inline call's recording: what each party may send, its keys, who speaks, hold.

Steps from one recording session's value to the next. Knows nothing of what is played.
"""

from collections.abc import Iterable

import msgspec

from archive.call.events import (
    Format,
    Name,
    NameId,
    ParticipantChanged,
    Side as PartySide,
    SideBecause,
    StreamKeyed,
    StreamPartyKnown,
)
from capture.inline.descriptions.speech import agreed_media
from capture.inline.state.call import InlineCall
from capture.inline.state.ends import End
from capture.inline.state.recording_events import SIDE_NAMES, added, live_of
from capture.recording.call_start import renegotiated
from capture.recording.session import RecordingSession, SessionStream, noted_in, noted_on
from capture.sdp.crypto import is_secure, taken_crypto
from capture.sdp.payloads import Payload


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """Who is at one end: address, display name, which side he is and how that is known.

    `also` is the address that the id of an agent makes, "" where there is none.
    """

    aor: str
    name: str = ""
    also: str = ""
    side: PartySide = "unknown"
    because: SideBecause = "first_stream"


def followed(
    session: RecordingSession, call: InlineCall, parties: tuple[Party, Party], now_us: int
) -> RecordingSession:
    """With the streams of the call as it is now; raises `SessionFull`."""
    before = session
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
    return _hold_seen(before, session, now_us)


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
        recording=live_of(session),
        stream=0,
        pair=end.pair,
        port=end.seat.port,
        label=SIDE_NAMES[end.side],
        formats=formats_of(mine.payloads),  # what we asked it for
        is_held=not end.speaks,
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


def formats_of(payloads: Iterable[Payload]) -> tuple[Format, ...]:
    """What may be in a stream, as its events say it."""
    return tuple(
        Format(
            payload_type=each.payload_type,
            encoding=each.encoding,
            clock_rate_hz=each.clock_hz,
            channels=each.channels,
            fmtp=each.fmtp,
        )
        for each in payloads
    )


def _with_new(session: RecordingSession, stream: SessionStream, now_us: int) -> RecordingSession:
    if stream.recording:
        number = session.recording(stream.recording).next_stream
        stream = msgspec.structs.replace(stream, stream=number)
    streams = (*session.streams, stream)
    return added(msgspec.structs.replace(session, streams=streams), stream, now_us)


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
    names = (Name(party.name),) if party.name else ()
    known = StreamPartyKnown(
        at_us=now_us,
        stream=stream.stream,
        participant=party.aor,
        aor=party.aor,
        names=names,
        side=party.side,
        because=party.because,
        name_ids=(NameId(party.aor, names), NameId(party.also)) if party.also else (),
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


def _hold_seen(
    before: RecordingSession, session: RecordingSession, now_us: int
) -> RecordingSession:
    """A call is on hold while nobody speaks; who is taken off a hold, of either kind, begins anew.

    Where one of them still may speak, silence ends it as late as a hold, and speech puts that off.
    """
    speaking = [each for each in session.streams if not each.is_played]
    held = bool(speaking) and all(each.is_held for each in speaking)
    resumes = before.is_half_held and not session.is_half_held
    return session.with_liveness(session.liveness.held(now_us, is_held=held, resumes=resumes))
