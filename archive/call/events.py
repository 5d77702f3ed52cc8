"""What happened in a recording, as the EVENT frames keep it: one JSON object each.

Pure values. Knows nothing of frames, files or the catalog.
"""

from typing import Literal

import msgspec

from archive.call.event_values import (
    CallerBecause as CallerBecause,
    CallIdKind as CallIdKind,
    CallType as CallType,
    EndReason as EndReason,
    EventAt,
    Flag as Flag,
    Format as Format,
    LatchRule as LatchRule,
    Name as Name,
    NameId as NameId,
    ParticipantChange as ParticipantChange,
    ResumedBecause as ResumedBecause,
    Side as Side,
    SideBecause as SideBecause,
    Transport as Transport,
)
from archive.call.marks import UNMARKED, CallMarks
from archive.call.mentions import AboutPeople, Mentioned as Mentioned
from archive.call.sender_events import (
    Attempted as Attempted,
    PartiesJoined as PartiesJoined,
    PartiesParted as PartiesParted,
    StreamHeard as StreamHeard,
    StreamKeyed as StreamKeyed,
    StreamLatched as StreamLatched,
)


class CallOpened(EventAt, frozen=True, kw_only=True, tag="call_opened"):
    """The recording session (or other call) as it began; raw values as received.

    `marks` are what its source says of its calls.
    """

    source: str
    node: str
    mode: Literal["siprec", "network-based", "inline"]
    transport: Transport
    peer: str
    call_id: str
    from_uri: str
    from_name: str
    to_uri: str
    to_name: str
    request_uri: str
    country: str = ""
    zone: str = "UTC"
    user_agent: str = ""
    marks: CallMarks = UNMARKED


class CallRefused(AboutPeople, frozen=True, kw_only=True, tag="call_refused"):
    """A call of a known source that has no recording; it stands in a ledger page.

    `status` is what its INVITE was answered at last (0: nothing, or both could not talk), `reason`
    one of `archive.call.refusal_reasons`. `began_us` is there where it was put through, `at_us` is
    its end then.
    `from_value` and `to_value` are the headers as received. What was wrong, if known, stands in
    `header` (also "Request-URI", "SDP"), against `clause`; `excerpt` is its begin, secrets masked.
    """

    source: str
    transport: Transport
    peer: str
    call_id: str
    from_value: str
    to_value: str
    status: int
    reason: str
    detail: str = ""
    clause: str = ""
    header: str = ""
    excerpt: str = ""
    began_us: int = 0


class StreamAdded(EventAt, frozen=True, kw_only=True, tag="stream_added"):
    """A media stream from its m-line on; `sendonly` is what the node itself plays to a party."""

    stream: int
    label: str
    local_port: int
    formats: tuple[Format, ...]
    direction: Literal["recvonly", "inactive", "sendonly"]


class StreamChanged(EventAt, frozen=True, kw_only=True, tag="stream_changed"):
    """A later offer: hold, resume, other formats; `sendonly` as it was added."""

    stream: int
    formats: tuple[Format, ...]
    direction: Literal["recvonly", "inactive", "sendonly"]


class StreamRemoved(EventAt, frozen=True, kw_only=True, tag="stream_removed"):
    """The stream's m-line was refused or its port set to 0."""

    stream: int


class StreamPartyKnown(EventAt, frozen=True, kw_only=True, tag="stream_party_known"):
    """Who speaks on a stream; the last one in force wins.

    `name_ids` are all addresses of the participant, () where `aor` and `names` say everything.
    `also` are the others who speak on the same stream: what each is, `ParticipantChanged` says.
    """

    stream: int
    participant: str
    aor: str
    names: tuple[Name, ...]
    side: Side
    because: SideBecause
    name_ids: tuple[NameId, ...] = ()
    also: tuple[str, ...] = ()


class ParticipantChanged(EventAt, frozen=True, kw_only=True, tag="participant_changed"):
    """Somebody joined or left the call, was put on hold or taken off it, or replaced another.

    `told_us` is when, by the source's clock; 0 where it does not say. `name_ids` are all addresses
    of who is there, `speaks` and `hears` the streams; `because` is "" where no side was decided.
    Who is there already and `joined` is described anew; `instead_of` is then the id that he was
    told by until now.
    """

    what: ParticipantChange
    participant: str
    aor: str = ""
    told_us: int = 0
    instead_of: str = ""
    name_ids: tuple[NameId, ...] = ()
    speaks: tuple[int, ...] = ()
    hears: tuple[int, ...] = ()
    side: Side = "unknown"
    because: SideBecause | Literal[""] = ""


class MetadataReceived(EventAt, frozen=True, kw_only=True, tag="metadata_received"):
    """A metadata document exactly as received; complete, or a change to those before it."""

    content_type: str
    body: bytes
    problem: str = ""
    is_complete: bool = False


class SipMessage(EventAt, frozen=True, kw_only=True, tag="sip_message"):
    """A SIP message of the call, its secrets masked; addresses are `host:port`."""

    is_received: bool
    transport: Transport
    local: str
    remote: str
    data: bytes = b""


class CommunicationSessionKnown(EventAt, frozen=True, kw_only=True, tag="session_known"):
    """Which call the recording is of, as the recording client names it; the last one counts.

    `caller` is the participant who called, "" where nothing says.
    """

    communication_session: str
    group: str = ""
    sip_session_ids: tuple[str, ...] = ()
    call_type: CallType = ""
    caller: str = ""
    caller_because: CallerBecause = ""


class CallIdKnown(EventAt, frozen=True, kw_only=True, tag="call_id_known"):
    """An id by which others know the call; `joined_call` is our own, of calls that we joined."""

    kind: CallIdKind
    value: str


class RouteTaken(EventAt, frozen=True, kw_only=True, tag="route_taken"):
    """Why an inline call goes where it goes, and what its route says of it; "" = nothing.

    `more_purposes` are those after the first.
    """

    route: str
    target: str
    mode: str
    direction: str = ""
    queue: str = ""
    purpose: str = ""
    controller: str = ""
    tags: tuple[str, ...] = ()
    more_purposes: tuple[str, ...] = ()

    @property
    def marks(self) -> CallMarks:
        return CallMarks(
            queue=self.queue,
            purposes=tuple(each for each in (self.purpose, *self.more_purposes) if each),
            controller=self.controller,
            tags=self.tags,
        )


class RecordingBegan(EventAt, frozen=True, kw_only=True, tag="recording_began"):
    """What the parties say is kept from this moment on; nothing that arrived before it."""


class RecordingPaused(EventAt, frozen=True, kw_only=True, tag="recording_paused"):
    """Nothing that arrived from this moment on is kept, until the pause `serial` is over.

    `by` is who asked for it, `reason` his own words.
    """

    serial: int
    by: str
    reason: str = ""


class RecordingResumed(EventAt, frozen=True, kw_only=True, tag="recording_resumed"):
    """What arrives from this moment on is kept again.

    Somebody asked (`by`), the pause had lasted as long as it may, or the call was over.
    """

    serial: int
    by: str
    because: ResumedBecause


class RecordingStarted(EventAt, frozen=True, kw_only=True, tag="recording_started"):
    """Somebody (`by`) had recording begun by hand, of a call that was up without one."""

    by: str
    reason: str = ""


class RecordingStopped(EventAt, frozen=True, kw_only=True, tag="recording_stopped"):
    """Somebody (`by`) ended the recording by hand; the call went on."""

    by: str
    reason: str = ""


class NoticePlayed(EventAt, frozen=True, kw_only=True, tag="notice_played"):
    """A prompt of the recording notice was sent to a party's next hop; nobody knows who listened.

    `wording_sha256` is of the prompt's own sound file. `stream` holds what was sent, `packets` from
    `from_us` to `until_us`; `sent_ms` of `whole_ms`. It is 65,535 where that was before the
    recording began: then it is told of and not held.
    """

    to: Literal["caller", "callee"]
    prompt: str
    language: str
    wording_sha256: str
    wording: str
    outcome: Literal["complete", "cut_short", "failed"]
    stream: int
    from_us: int
    until_us: int
    packets: int
    sent_ms: int
    whole_ms: int


class NoticeReported(EventAt, frozen=True, kw_only=True, tag="notice_reported"):
    """What RTCP says of a notice's packets, or that nothing came (`reports` 0).

    `through`: the last report covers the notice's last packet (RFC 3550 §6.4.1: the highest
    sequence that has come); one that does is the last that is asked for. `lost` are all of the
    packets that the party misses until then, of the `sent` ones, and `discarded` are those that it
    got and threw away, where it says so (RFC 3611 §4.7); `sent` 0: that is not known.
    """

    to: Literal["caller", "callee"]
    reports: int
    through: bool = False
    lost: int = 0
    jitter: int = 0
    sent: int = 0
    discarded: int = 0


class RecordingRefused(EventAt, frozen=True, kw_only=True, tag="recording_refused"):
    """A party that was told has said, by this key, that it does not want to be recorded."""

    by: Literal["caller", "callee"]
    digit: str


class RecordingPreferred(EventAt, frozen=True, kw_only=True, tag="recording_preferred"):
    """What a party would like of its recording (`a=recordpref`); does its route give it a say?"""

    by: Literal["caller", "callee"]
    preference: Literal["on", "off", "pause", "nopreference"]
    honoured: bool


class MediaUnrecorded(EventAt, frozen=True, kw_only=True, tag="media_unrecorded"):
    """A stream that is no speech goes from party to party past the recording, as `m=` has it.

    With an empty `media` what went there does so no longer.
    """

    media: str
    protocol: str = ""
    formats: tuple[str, ...] = ()


class Tolerated(EventAt, frozen=True, kw_only=True, tag="tolerated"):
    """The source did otherwise than the RFCs say; `code` as in docs/siprec.md."""

    code: str
    detail: str = ""


class Flagged(EventAt, frozen=True, kw_only=True, tag="flagged"):
    """Something that whoever listens should know."""

    flag: Flag
    detail: str = ""


class PartOpened(EventAt, frozen=True, kw_only=True, tag="part_opened"):
    """A part after the first begins; `state` repeats what a reader of this part alone needs."""

    part: int
    because: Literal["length", "size", "worker_replaced", "write_failed"]


class CallEnded(EventAt, frozen=True, kw_only=True, tag="call_ended"):
    """The recording is over."""

    reason: EndReason


Event = (
    CallOpened
    | CallRefused
    | StreamAdded
    | StreamChanged
    | StreamKeyed
    | StreamLatched
    | StreamHeard
    | StreamRemoved
    | StreamPartyKnown
    | ParticipantChanged
    | MetadataReceived
    | SipMessage
    | CommunicationSessionKnown
    | CallIdKnown
    | Mentioned
    | RouteTaken
    | PartiesJoined
    | PartiesParted
    | Attempted
    | RecordingBegan
    | RecordingPaused
    | RecordingResumed
    | RecordingStarted
    | RecordingStopped
    | NoticePlayed
    | NoticeReported
    | RecordingRefused
    | RecordingPreferred
    | MediaUnrecorded
    | Tolerated
    | Flagged
    | PartOpened
    | CallEnded
)

_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def encode_event(event: Event) -> bytes:
    """Write an event as one JSON object."""
    return msgspec.json.encode(event)


def decode_event(payload: bytes) -> Event:
    """Read one JSON object; raises `msgspec.DecodeError` or `msgspec.ValidationError`."""
    return _DECODER.decode(payload)
