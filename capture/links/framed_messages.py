"""Messages between two processes of a node, on a stream socket: u32 length, msgpack.

Knows no message and no socket; `capture.links.recorder_messages` and `capture.links.relay_messages`
say what is said.
"""

from collections.abc import Iterator
from typing import Final, Generic, TypeVar

import msgspec

from capture.errors import CaptureError

_LENGTH_BYTES: Final = 4
_ENCODER = msgspec.msgpack.Encoder()

M = TypeVar("M")


class Ping(msgspec.Struct, frozen=True, kw_only=True, tag="ping"):
    """Signalling has said all that it had to say until `at_us` (µs UTC)."""

    at_us: int


class Pong(msgspec.Struct, frozen=True, kw_only=True, tag="pong"):
    """And the worker has heard it."""

    at_us: int


class MessageTooLong(CaptureError):
    """A peer claims more bytes than a message of this socket may have."""


class MessageBroken(CaptureError):
    """A peer says what is no message of this socket."""


def framed(message: msgspec.Struct) -> bytes:
    """Length and body."""
    body = _ENCODER.encode(message)
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


class Incoming(Generic[M]):
    """Bytes of a stream socket in, whole messages out."""

    def __init__(self, decoder: msgspec.msgpack.Decoder[M], most_bytes: int) -> None:
        self._decoder, self._most_bytes = decoder, most_bytes
        self._waiting = bytearray()

    def feed(self, data: bytes) -> Iterator[M]:
        """Yield each message that is complete now; raises `MessageTooLong`, `MessageBroken`."""
        self._waiting += data
        while (body := self._next_body()) is not None:
            try:
                message = self._decoder.decode(body)
            except msgspec.MsgspecError as broken:
                raise MessageBroken("a message cannot be read") from broken
            yield message

    def _next_body(self) -> bytes | None:
        if len(self._waiting) < _LENGTH_BYTES:
            return None
        size = int.from_bytes(self._waiting[:_LENGTH_BYTES], "big")
        if size > self._most_bytes:
            raise MessageTooLong("a message is longer than it may be")
        if len(self._waiting) < _LENGTH_BYTES + size:
            return None
        body = bytes(self._waiting[_LENGTH_BYTES : _LENGTH_BYTES + size])
        del self._waiting[: _LENGTH_BYTES + size]
        return body
