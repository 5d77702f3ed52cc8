"""The few commands by which signalling tells an ingest worker what to record, and its answers.

Values and their wire form (u32 length, msgpack). Each is idempotent: after either side was
replaced, signalling says everything again. Knows nothing of SIP or sockets.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from capture.errors import CaptureError

# A recording's events include whole metadata documents (1 MiB each at most).
MAX_MESSAGE_BYTES: Final = 64 << 20
_LENGTH_BYTES: Final = 4


class MessageTooLong(CaptureError):
    """A peer on the recorder's socket claims more than `MAX_MESSAGE_BYTES`."""


class MessageBroken(CaptureError):
    """A peer on the recorder's socket says what is no message."""


class NumberedEvent(msgspec.Struct, frozen=True):
    """An EVENT frame to be: its serial and its JSON."""

    serial: int
    at_us: int
    stream: int
    payload: bytes


class StreamWanted(msgspec.Struct, frozen=True, kw_only=True):
    """A media stream on a port pair; `rtcp_to` is where reports go ("" = nowhere).

    With `is_muxed` RTP and RTCP share a port. `types` are the payload types that were agreed on,
    none where nothing is known of them.

    Of a stream that has come from another recording, what arrived before `since_us` (µs UTC) is
    still that of stream `former_stream` of the recording `former`. Of one that comes as SRTP,
    `keys` are the sender's `a=crypto` in their order, `own_key` is ours and `key_us` when it began.
    What is `relayed` comes from the relay's ring; with `played` it is what the relay has played to
    the pair, not what has come there.
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
    """

    recording: bytes
    tenant: bytes
    created_us: int
    streams: tuple[StreamWanted, ...]
    events: tuple[NumberedEvent, ...]
    next_part: int = 0
    waits: bool = False
    pauses: tuple[PauseWanted, ...] = ()


class Close(msgspec.Struct, frozen=True, kw_only=True, tag="close"):
    """The recording is over: read its sockets once more, write END."""

    recording: bytes
    reason: str
    at_us: int


class Everything(msgspec.Struct, frozen=True, kw_only=True, tag="everything"):
    """Sent once after (re)connecting, behind the last `Record`: what is not named is unknown."""


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello"):
    """A worker's first message: which one it is."""

    worker: int


class PartBegins(msgspec.Struct, frozen=True, kw_only=True, tag="part_begins"):
    """Said before a part is created: its number is used up, even if nothing comes of it."""

    recording: bytes
    part: int


class Unproved(msgspec.Struct, frozen=True, kw_only=True, tag="unproved"):
    """Samples of an SRTP stream, one after another, were not sealed with any key that we know."""

    recording: bytes
    stream: int


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
    """END is written and synced, or the worker never knew the recording; the pairs may rest."""

    recording: bytes


Command = Record | Close | Everything
Answer = Hello | PartBegins | PauseBegan | PauseEnded | Unproved | Unkept | Closed
Message = Command | Answer

_ENCODER = msgspec.msgpack.Encoder()
_DECODER: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


def encode(message: Message) -> bytes:
    """Length and body."""
    body = _ENCODER.encode(message)
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


class MessageStream:
    """Bytes of a stream socket in, whole messages out."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield each message that is complete now; raises `MessageTooLong`, `MessageBroken`."""
        self._waiting += data
        while len(self._waiting) >= _LENGTH_BYTES:
            size = int.from_bytes(self._waiting[:_LENGTH_BYTES], "big")
            if size > MAX_MESSAGE_BYTES:
                raise MessageTooLong("a recorder message is longer than it may be")
            if len(self._waiting) < _LENGTH_BYTES + size:
                return
            body = bytes(self._waiting[_LENGTH_BYTES : _LENGTH_BYTES + size])
            del self._waiting[: _LENGTH_BYTES + size]
            try:
                message = _DECODER.decode(body)
            except msgspec.MsgspecError as broken:
                raise MessageBroken("a recorder message cannot be read") from broken
            yield message
