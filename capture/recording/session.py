"""One recording session as a value: its recordings, their streams, and what was negotiated.

A recording session is a dialog; each communication session in it is a recording of its own. A step
returns the next value; what it has to tell the archive is in the recordings' events. Knows nothing
of SIP messages, sockets or ports in use.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Literal

import msgspec

from archive.call.events import (
    CallEnded,
    CallIdKnown,
    CallOpened,
    EndReason,
    Event,
    Flag,
    Flagged,
    Format,
    LatchRule,
    Mentioned,
    MetadataReceived,
    ResumedBecause,
    StreamPartyKnown,
    Tolerated,
    decode_event,
    encode_event,
)
from archive.call.refusal_reasons import is_evidence
from capture.errors import CaptureError
from capture.links.recorder_messages import LatchWanted, NumberedEvent
from capture.metadata.call_ids import CallId
from capture.metadata.client_metadata import ClientMetadata, DescribedCall
from capture.recording.liveness import Liveness
from capture.recording.pause import Pause
from capture.recording.tolerances import Tolerance
from capture.sdp.description import SessionDescription
from capture.sip.identity import DialogId

WHOLE_RECORDING: Final = 0xFFFF
# A client that changes its metadata all day writes as many events; what comes then is refused.
MAX_EVENTS: Final = 4096
# A worker that comes back is told all of them at once, and so is the memory of live calls.
MAX_EVENT_BYTES: Final = 4 << 20
# A call has a handful of ids; each is a row of the index.
MAX_IDS: Final = 64
_UNEXPECTED: Final = frozenset({"media_timeout", "hold_timeout", "probe_failed", "node_failed"})


class SessionFull(CaptureError):
    """The session has had more changes than `MAX_EVENTS`, or longer ones than may be kept."""


class RtcpPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where reports on a stream go, "" for nowhere, and whether they share the port of RTP."""

    host: str = ""
    port: int = 0
    is_muxed: bool = False


class StreamOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """The stream of another recording that one was until `since_us`, 0 for none."""

    since_us: int = 0
    recording: bytes = b""
    stream: int = 0


class SessionStream(msgspec.Struct, frozen=True, kw_only=True):
    """One m-line that we receive: its place, its recording and number there, and its port pair.

    Of a call that is not recorded `recording` is b"". `is_relayed`: a relay worker receives it,
    `is_played`: it is what we send to the party on this pair. `is_told`: who speaks was told by
    hand, which holds as long as SIP names nobody else. `stray` is the codec that it was sent in
    although nobody agreed on it, "" as long as none was.

    Of one that comes as SRTP, `keys` are the peer's `a=crypto`, the last in force; our own is made
    of the `secret`. Without a `latch` everybody is heard; `is_crowded`: it is known that others
    send than who is heard.
    """

    position: int
    recording: bytes
    stream: int
    pair: int
    port: int
    label: str
    formats: tuple[Format, ...]
    is_held: bool
    rtcp: RtcpPlace = RtcpPlace()
    party: StreamPartyKnown | None = None
    origin: StreamOrigin = StreamOrigin()
    is_secure: bool = False
    keys: tuple[str, ...] = ()
    secret: bytes = b""
    is_doubted: bool = False
    stray: str = ""
    is_relayed: bool = False
    is_played: bool = False
    is_told: bool = False
    latch: LatchWanted | None = None
    is_crowded: bool = False


class SessionRecording(msgspec.Struct, frozen=True, kw_only=True):
    """One recording, and what it says of its call.

    Of one that `waits` nothing is written until a packet comes: no call is known to be up. Of its
    `pauses` the last one alone may last. It is `is_evidence` where it says what became of a notice
    that somebody was to hear, who refused, or that packets came which are not kept.
    """

    recording: bytes
    created_us: int
    described: DescribedCall = DescribedCall()
    waits: bool = False
    keys_in_clear: bool = False
    events: tuple[NumberedEvent, ...] = ()
    event_bytes: int = 0
    next_stream: int = 0
    next_part: int = 0
    ids: tuple[CallId, ...] = ()
    ended: EndReason | None = None
    ended_us: int = 0
    pauses: tuple[Pause, ...] = ()
    is_evidence: bool = False

    @property
    def pause(self) -> Pause | None:
        last = self.pauses[-1] if self.pauses else None
        return last if last is not None and not last.over else None

    @property
    def is_silenced(self) -> bool:
        """Is it paused to the end of its call?"""
        return self.pause is not None and self.pause.is_final

    def with_pause(self, pause: Pause) -> "SessionRecording":
        """With a pause in place of its former self, or as the last."""
        pauses = (*self.pauses[: pause.serial], pause, *self.pauses[pause.serial + 1 :])
        return msgspec.structs.replace(self, pauses=pauses)

    def identified(self, ids: Iterable[CallId], now_us: int) -> "SessionRecording":
        """With the ids of these that it did not have yet, as events; not without bound."""
        after = self
        for each in ids:
            if each in after.ids or len(after.ids) >= MAX_IDS:
                continue
            event = CallIdKnown(at_us=now_us, kind=each.kind, value=each.value)
            after = msgspec.structs.replace(after.with_event(event), ids=(*after.ids, each))
        return after

    def with_event(self, event: Event, stream: int = WHOLE_RECORDING) -> "SessionRecording":
        numbered = NumberedEvent(len(self.events), event.at_us, stream, encode_event(event))
        event_bytes = self.event_bytes + len(numbered.payload)
        return msgspec.structs.replace(
            self,
            events=(*self.events, numbered),
            event_bytes=event_bytes,
            is_evidence=self.is_evidence or is_evidence(event),
        )

    def over(self, reason: EndReason, now_us: int) -> "SessionRecording":
        """At its end; one that nobody said is flagged. There is always room for that."""
        if self.ended is not None:
            return self
        after = self.unpaused("call_ended", now_us)
        if reason in _UNEXPECTED:
            after = after.with_event(Flagged(at_us=now_us, flag="no_bye"))
        after = after.with_event(CallEnded(at_us=now_us, reason=reason))
        return msgspec.structs.replace(after, ended=reason, ended_us=now_us)

    def unpaused(self, because: ResumedBecause, now_us: int) -> "SessionRecording":
        """Its last pause is over; a moment that no worker has told is our own."""
        last = self.pauses[-1] if self.pauses else None
        if last is None or last.ended_us:
            return self
        after = self
        if not last.began_us:
            last = last.begun(last.asked_us)
            after = after.with_event(last.paused())
        ended = last.ended(last.over or because, now_us)
        return after.with_event(ended.resumed()).with_pause(ended)


class RecordedMessages(msgspec.Struct, frozen=True, kw_only=True):
    """How many SIP messages stand in the recordings of a session, and of which other dialogs."""

    count: int = 0
    size_bytes: int = 0
    call_ids: tuple[bytes, ...] = ()


class RecordingSession(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of a recording session that must survive us.

    `key` names it here, `call` is how it began, `pending` are events for the next recording where
    none lives. `pairs` are also those given up; `recordings` are those that live, and those not
    closed by their worker yet. A pause lasts `pause_max_s` at most; of the calls in `stopped` (by
    their communication sessions) nothing more is kept. Whose packets are heard says `latch`.
    """

    key: bytes
    tenant: bytes
    source: str
    dialog: DialogId
    worker: int
    created_us: int
    address: str
    call: CallOpened
    pending: tuple[Event, ...] = ()
    pairs: tuple[int, ...] = ()
    recordings: tuple[SessionRecording, ...] = ()
    streams: tuple[SessionStream, ...] = ()
    ids: tuple[CallId, ...] = ()
    ours: SessionDescription | None = None
    waits_for_answer: bool = False
    metadata: ClientMetadata = ClientMetadata()
    tolerated: tuple[str, ...] = ()
    messages: RecordedMessages = RecordedMessages()
    liveness: Liveness = Liveness()
    pause_max_s: int = 600
    stopped: tuple[str, ...] = ()
    latch: LatchRule | Literal["any"] = "any"
    ended: EndReason | None = None
    ended_us: int = 0

    @property
    def live(self) -> Iterator[SessionRecording]:
        """The recordings that have not ended."""
        return (each for each in self.recordings if each.ended is None)

    @property
    def is_page(self) -> bool:
        """Is it none, but a page of the ledger: of calls of any source?"""
        return not self.source

    @property
    def has_call(self) -> bool:
        """Is a call known to be up, as far as we were told? An inline call is one."""
        return self.call.mode == "inline" or any(not each.waits for each in self.live)

    def with_liveness(self, liveness: Liveness) -> "RecordingSession":
        """With what is known now of whether the call still is."""
        return msgspec.structs.replace(self, liveness=liveness)

    def with_metadata(self, metadata: ClientMetadata) -> "RecordingSession":
        return msgspec.structs.replace(self, metadata=metadata)

    @property
    def is_half_held(self) -> bool:
        """Has a party of an inline call put the other one on hold (RFC 3264 §8.4)?

        Who holds may play music, or say nothing at all.
        """
        return any(each.is_held for each in self.streams if each.is_relayed)

    @property
    def labels(self) -> tuple[str | None, ...]:
        """The labels of the m-lines in their order: the peer's, where it has given one."""
        theirs = {stream.position: stream.label for stream in self.streams}
        media = () if self.ours is None else self.ours.media
        return tuple(theirs.get(at) or each.label for at, each in enumerate(media))

    def recording(self, recording: bytes) -> SessionRecording:
        return next(each for each in self.recordings if each.recording == recording)

    def with_recording(self, recording: SessionRecording) -> "RecordingSession":
        """With this in place of its former self, or as the last."""
        known = [each.recording for each in self.recordings]
        if recording.recording not in known:
            return msgspec.structs.replace(self, recordings=(*self.recordings, recording))
        recordings = tuple(
            recording if each.recording == recording.recording else each for each in self.recordings
        )
        return msgspec.structs.replace(self, recordings=recordings)

    def with_stream(self, former: SessionStream, later: SessionStream) -> "RecordingSession":
        """With `later` in the place of `former`."""
        streams = tuple(later if each is former else each for each in self.streams)
        return msgspec.structs.replace(self, streams=streams)


def begun(session: RecordingSession, fresh: SessionRecording) -> RecordingSession:
    """With one recording more, which begins with what is known of the session by now."""
    call = msgspec.structs.replace(session.call, at_us=fresh.created_us)
    told = Mentioned(at_us=call.at_us, mentions=session.metadata.mentions, by="headers")
    for event in (call, told, *(session.pending or _described(session))):
        fresh = fresh.with_event(_not_before(event, fresh.created_us))
    fresh = fresh.identified(session.ids, fresh.created_us)
    fresh = _paused_with(session, fresh)
    return _within(msgspec.structs.replace(session.with_recording(fresh), pending=()))


def _not_before(event: Event, created_us: int) -> Event:
    """What came before the recording stands at its begin: its time line begins with its events."""
    return msgspec.structs.replace(event, at_us=max(event.at_us, created_us))


def _paused_with(session: RecordingSession, fresh: SessionRecording) -> SessionRecording:
    """A call that begins while others of its session are paused is paused from its begin."""
    pauses = [each.pause for each in session.live if each.pause is not None]
    if not pauses:
        return fresh
    pause = msgspec.structs.replace(pauses[-1], serial=0).begun(fresh.created_us)
    return fresh.with_event(pause.paused()).with_pause(pause)


def _described(session: RecordingSession) -> Iterator[MetadataReceived]:
    """The documents that describe the session, as its newest recording has them."""
    told: list[MetadataReceived] = []
    for numbered in session.recordings[-1].events if session.recordings else ():
        event = decode_event(numbered.payload)
        if isinstance(event, MetadataReceived):
            told = [event] if event.is_complete else [*told, event]
    return iter(told)


def noted(session: RecordingSession, event: Event) -> RecordingSession:
    """With an event in every recording that lives, or in the next one; raises `SessionFull`."""
    if not any(session.live):
        return _within(msgspec.structs.replace(session, pending=(*session.pending, event)))
    for recording in session.live:
        session = session.with_recording(recording.with_event(event))
    return _within(session)


def identified(session: RecordingSession, ids: tuple[CallId, ...], now_us: int) -> RecordingSession:
    """With the ids that a message of the dialog bears: they are those of all its recordings."""
    known = tuple(dict.fromkeys((*session.ids, *ids)))[:MAX_IDS]
    session = msgspec.structs.replace(session, ids=known)
    for recording in session.live:
        session = session.with_recording(recording.identified(known, now_us))
    return _within(session)


def flagged(
    session: RecordingSession, flag: Flag, now_us: int, detail: str = ""
) -> RecordingSession:
    """With a flag that whoever listens will see; raises `SessionFull`."""
    return noted(session, Flagged(at_us=now_us, flag=flag, detail=detail))


def tolerated(
    session: RecordingSession, found: Iterable[Tolerance], now_us: int
) -> RecordingSession:
    """With what the client does in its own way, each code once; raises `SessionFull`."""
    for code, detail in found:
        if code not in session.tolerated:
            session = noted(session, Tolerated(at_us=now_us, code=code, detail=detail))
            session = msgspec.structs.replace(session, tolerated=(*session.tolerated, code))
    return session


def flagged_in(
    session: RecordingSession, recording: bytes, flag: Flag, now_us: int
) -> RecordingSession:
    """With a flag of one recording; raises `SessionFull`."""
    return noted_in(session, recording, Flagged(at_us=now_us, flag=flag))


def noted_in(session: RecordingSession, recording: bytes, event: Event) -> RecordingSession:
    """With an event of one recording; raises `SessionFull`."""
    return _within(session.with_recording(session.recording(recording).with_event(event)))


def noted_on(session: RecordingSession, stream: SessionStream, event: Event) -> RecordingSession:
    """With an event of one stream in its recording, if it has one; raises `SessionFull`."""
    if not stream.recording:
        return session
    recording = session.recording(stream.recording).with_event(event, stream.stream)
    return _within(session.with_recording(recording))


def _within(session: RecordingSession) -> RecordingSession:
    return checked(session, MAX_EVENTS, MAX_EVENT_BYTES)


def checked(session: RecordingSession, events: int, event_bytes: int) -> RecordingSession:
    """The session as it is; raises `SessionFull` where it holds more than that."""
    count = len(session.pending) + sum(len(each.events) for each in session.recordings)
    if count > events or sum(each.event_bytes for each in session.recordings) > event_bytes:
        raise SessionFull("a recording session has changed too often")
    return session


def over(session: RecordingSession, reason: EndReason, now_us: int) -> RecordingSession:
    if session.ended is not None:
        return session
    for recording in session.live:
        session = session.with_recording(recording.over(reason, now_us))
    return msgspec.structs.replace(session, ended=reason, ended_us=now_us)
