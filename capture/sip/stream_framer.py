"""SIP messages out of a byte stream, by Content-Length (RFC 3261 §18.3), and keep-alives between.

A request that is too large or cannot be measured comes out without its body, so that it can be
answered. Bounded and linear however the bytes are cut. Knows nothing of connections.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from capture.errors import PeerBrokeProtocol
from capture.sip.limits import BODY_TOO_LARGE, MAX_HEADER_BYTES, MAX_PASSED_BYTES, MESSAGE_TOO_LARGE
from capture.sip.message import HeaderLine
from capture.sip.parser import CRLF, SIP_PREFIX, announced_length, content_length_of, split_lines

BLANK: Final = CRLF + CRLF


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """A double CRLF between messages; `answer` goes back (RFC 5626 §3.5.1)."""

    answer: bytes = CRLF


class StreamBroken(PeerBrokeProtocol):
    """The stream can no longer be cut into messages; the connection must be closed."""


class StreamFramer:
    """Cuts one connection's bytes into whole messages; of no more use once it is `broken`."""

    def __init__(self) -> None:
        self.broken: StreamBroken | None = None
        self._buffer = bytearray()
        self._scanned = 0  # no end of headers begins before this position
        self._frame_bytes = 0  # of the message whose headers are whole, else 0
        self._passed_bytes = 0  # of a body that is too large, still to come

    @property
    def waiting_bytes(self) -> int:
        """How much of a message that is not whole yet is kept."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[bytes | KeepAlive]:
        """Take what arrived; return the messages and keep-alives that are now whole.

        Where a message has no readable Content-Length or is too large the stream is `broken`, and
        the next call raises that; of a request what came of its head is returned last. One with a
        body up to `MAX_PASSED_BYTES` breaks nothing: its body is passed over.
        """
        if self.broken is not None:
            raise self.broken
        self._buffer += self._behind_passed(data)
        frames: list[bytes | KeepAlive] = []
        try:
            while (frame := self._next()) is not None:
                frames.append(frame)
        except StreamBroken as broken:
            self.broken = broken
            frames += self._unanswered()
        return frames

    def _unanswered(self) -> list[bytes | KeepAlive]:
        """What a request that broke the stream says of itself; one byte past the limit shows it."""
        end = self._buffer.find(BLANK, 0, MAX_HEADER_BYTES + len(BLANK))
        head = bytes(self._buffer[: MAX_HEADER_BYTES + 1 if end < 0 else end + len(BLANK)])
        self._buffer.clear()
        return [] if head[: len(SIP_PREFIX)].upper() == SIP_PREFIX else [head]

    def _behind_passed(self, data: bytes) -> bytes:
        passed_bytes = min(self._passed_bytes, len(data))
        self._passed_bytes -= passed_bytes
        return data[passed_bytes:]

    def _next(self) -> bytes | KeepAlive | None:
        if not self._frame_bytes:
            if self._take_keep_alive():
                return KeepAlive()
            self._frame_bytes = self._measure()
        if not self._frame_bytes or len(self._buffer) < self._frame_bytes:
            return None
        frame = bytes(self._buffer[: self._frame_bytes])
        self._drop(self._frame_bytes)
        self._frame_bytes = 0
        if self._passed_bytes:
            self._buffer[:] = self._behind_passed(bytes(self._buffer))
        return frame

    def _take_keep_alive(self) -> bool:
        """Skip CRLFs between messages; True once for each double one."""
        while self._buffer.startswith(CRLF):
            if self._buffer.startswith(BLANK):
                self._drop(len(BLANK))
                return True
            if len(self._buffer) < len(BLANK) and BLANK.startswith(self._buffer):
                return False  # the second CRLF may still be on its way
            self._drop(len(CRLF))
        return False

    def _measure(self) -> int:
        """The length of the message at the front, 0 while its headers are not whole."""
        end = self._buffer.find(BLANK, self._scanned)
        if end < 0:
            self._scanned = max(0, len(self._buffer) - len(BLANK) + 1)
        if max(end, self._scanned) > MAX_HEADER_BYTES:
            raise StreamBroken("RFC 3261 §18.3", "headers too large", answer_with=MESSAGE_TOO_LARGE)
        if end < 0:
            return 0
        body_bytes, self._passed_bytes = _measured(bytes(self._buffer[:end]))
        return end + len(BLANK) + body_bytes

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self._scanned = 0


def _measured(head: bytes) -> tuple[int, int]:
    """The bytes of the body that belong to the message, and those that are passed over."""
    start, *raw_lines = head.split(CRLF)
    lines, _ = split_lines(raw_lines)
    try:
        length = content_length_of(lines)
    except PeerBrokeProtocol as broken:
        if passed_bytes := _passable(start, lines, broken):
            return 0, passed_bytes
        raise StreamBroken(broken.clause, broken.detail, answer_with=broken.answer_with) from None
    if length is None:
        raise StreamBroken("RFC 3261 §20.14", "a stream needs Content-Length")
    return length, 0


def _passable(start: bytes, lines: Sequence[HeaderLine], broken: PeerBrokeProtocol) -> int:
    """The length of a request's body that is too large and still worth waiting for, else 0.

    A response without its body would be taken for another one.
    """
    if broken.answer_with != BODY_TOO_LARGE or start[: len(SIP_PREFIX)].upper() == SIP_PREFIX:
        return 0
    (value,) = (line.value for line in lines if line.name == b"content-length")
    length = announced_length(value)
    return length if length <= MAX_PASSED_BYTES else 0
