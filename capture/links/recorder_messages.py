"""The few commands by which signalling tells an ingest worker what to record, and its answers.

Values, on the wire as `capture.links.framed_messages` has them. Each is idempotent: after either
side was replaced, signalling says everything again. Knows nothing of SIP or sockets.
"""

from typing import Final

import msgspec

from archive.call.event_values import LatchRule
from capture.links.framed_messages import Incoming, Ping, Pong

# A recording's events include whole metadata documents (1 MiB each at most).
MAX_MESSAGE_BYTES: Final = 64 << 20


class NumberedEvent(msgspec.Struct, frozen=True):
    """An EVENT frame to be: its serial and its JSON."""

    serial: int
    at_us: int
    stream: int
    payload: bytes


class MediaSender(msgspec.Struct, frozen=True):
    """Who sends RTP: an address in text, a port, an SSRC."""

    address: str
    port: int
    ssrc: int


class LatchWanted(msgspec.Struct, frozen=True, kw_only=True):
    """Whose packets are heard on a stream (`media_latch`); whom a worker has come to hear.

    `address` and `port` are where its description says that its author is, "" = nowhere.
    """

    rule: LatchRule
    address: str = ""
    port: int = 0
    heard: MediaSender | None = None


class StreamWanted(msgspec.Struct, frozen=True, kw_only=True):
    """A media stream on a port pair; `rtcp_to` is where reports go ("" = nowhere).

    With `is_muxed` RTP and RTCP share a port. `types` are the payload types that were agreed on,
    none where nothing is known of them.

    Of a stream that has come from another recording, what arrived before `since_us` (µs UTC) is
    still that of stream `former_stream` of the recording `former`. Of one that comes as SRTP,
    `keys` are the sender's `a=crypto` in their order, `own_key` is ours and `key_us` when it began.
    What is `relayed` comes from the relay's ring; with `played` it is what the relay has played to
    the pair, not what has come there. Without a `latch` everybody is heard.
    """

    stream: int
    pair: int
    clock_hz: int
    types: tuple[int, ...] = ()
    masked_types: tuple[int, ...] = ()
    rtcp_to: str = ""
    rtcp_port: int = 0
    is_muxed: bool = False
    since_us: int = 0
    former: bytes = b""
    former_stream: int = 0
    keys: tuple[str, ...] = ()
    own_key: str = ""
    key_us: int = 0
    relayed: bool = False
    played: bool = False
    latch: LatchWanted | None = None


class PauseWanted(msgspec.Struct, frozen=True, kw_only=True):
    """A span of which nothing is to be kept; `serial` counts the pauses of a recording from 0.

    A time (µs UTC) of 0 is the worker's to choose when he hears of it: `from_us` always, `until_us`
    once the pause `is_over`.
    """

    serial: int
    from_us: int = 0
    until_us: int = 0
    is_over: bool = False


class Record(msgspec.Struct, frozen=True, kw_only=True, tag="record"):
    """What a recording is now: all its streams, and the events that the worker may not have.

    The first one on a connection has every event so far, each later one those that are new.
    `next_part`: parts below it are another worker's, wherever they are by now. Of a recording that
    `waits` nothing is written before a packet comes. `pauses` are all that there were.
    Of one that somebody ended by hand at `stopped_us` nothing is kept that arrived later. What
    `is_evidence` is kept although no packet of it is: a ledger page, what became of a notice, that
    somebody else sent.
    """

    recording: bytes
    tenant: bytes
    created_us: int
    streams: tuple[StreamWanted, ...]
    events: tuple[NumberedEvent, ...]
    next_part: int = 0
    waits: bool = False
    pauses: tuple[PauseWanted, ...] = ()
    stopped_us: int = 0
    is_evidence: bool = False


class Close(msgspec.Struct, frozen=True, kw_only=True, tag="close"):
    """The recording is over: read its sockets once more, write END."""

    recording: bytes
    reason: str
    at_us: int


class Everything(msgspec.Struct, frozen=True, kw_only=True, tag="everything"):
    """Sent once after (re)connecting, behind the last `Record`: what is not named is unknown."""


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello"):
    """A worker's first message: which one it is, and how many events of each recording it has."""

    worker: int
    known: dict[bytes, int] = {}


class PartBegins(msgspec.Struct, frozen=True, kw_only=True, tag="part_begins"):
    """Said before a part is created: its number is used up, even if nothing comes of it."""

    recording: bytes
    part: int


class Unproved(msgspec.Struct, frozen=True, kw_only=True, tag="unproved"):
    """Samples of an SRTP stream, one after another, were not sealed with any key that we know."""

    recording: bytes
    stream: int


class SenderHeard(msgspec.Struct, frozen=True, kw_only=True, tag="sender_heard"):
    """Whom a stream has come to hear, which a successor of ours and a later part go on with."""

    recording: bytes
    stream: int
    sender: MediaSender


class SenderAside(msgspec.Struct, frozen=True, kw_only=True, tag="sender_aside"):
    """Another sends steadily beside who is heard; said once for a stream."""

    recording: bytes
    stream: int
    sender: MediaSender


class PauseBegan(msgspec.Struct, frozen=True, kw_only=True, tag="pause_began"):
    """Nothing that arrives from `at_us` on reaches the disk; what arrived before it does."""

    recording: bytes
    serial: int
    at_us: int


class PauseEnded(msgspec.Struct, frozen=True, kw_only=True, tag="pause_ended"):
    """What arrives from `at_us` on is kept again."""

    recording: bytes
    serial: int
    at_us: int


class Unkept(msgspec.Struct, frozen=True, kw_only=True, tag="unkept"):
    """No volume takes what comes for this recording; tried again, said once until one does."""

    recording: bytes


class Closed(msgspec.Struct, frozen=True, kw_only=True, tag="closed"):
    """END is written and synced, or the worker never knew the recording; the pairs may rest.

    `is_silent`: no packet came, and nothing is kept.
    """

    recording: bytes
    is_silent: bool = False


Command = Record | Close | Everything | Ping
Answer = (
    Hello
    | PartBegins
    | PauseBegan
    | PauseEnded
    | Unproved
    | SenderHeard
    | SenderAside
    | Unkept
    | Closed
)
Message = Command | Answer | Pong

_DECODER: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


class MessageStream(Incoming[Message]):
    """Bytes of a recorder's socket in, whole messages out."""

    def __init__(self) -> None:
        super().__init__(_DECODER, MAX_MESSAGE_BYTES)
