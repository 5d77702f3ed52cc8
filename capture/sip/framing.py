"""SIP messages out of a byte stream, by Content-Length (RFC 3261 §18.3), and keep-alives between.

Bounded and linear however the bytes are cut. Knows nothing of connections.
"""

from dataclasses import dataclass
from typing import Final

from capture.errors import PeerBrokeProtocol
from capture.sip.limits import MAX_HEADER_BYTES, MESSAGE_TOO_LARGE
from capture.sip.parsing import CRLF, content_length_of, split_lines

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

    def feed(self, data: bytes) -> list[bytes | KeepAlive]:
        """Take what arrived; return the messages and keep-alives that are now whole.

        Raises `StreamBroken` where a message has no readable Content-Length or is too large. What
        is whole before it is returned, and `broken` is what the next call raises.
        """
        if self.broken is not None:
            raise self.broken
        self._buffer += data
        frames: list[bytes | KeepAlive] = []
        try:
            while (frame := self._next()) is not None:
                frames.append(frame)
        except StreamBroken as broken:
            self.broken = broken
            if not frames:
                raise
        return frames

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
        return 0 if end < 0 else end + len(BLANK) + _body_bytes(bytes(self._buffer[:end]))

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self._scanned = 0


def _body_bytes(head: bytes) -> int:
    lines, _ = split_lines(head.split(CRLF)[1:])
    try:
        length = content_length_of(lines)
    except PeerBrokeProtocol as broken:
        raise StreamBroken(broken.clause, broken.detail, answer_with=broken.answer_with) from None
    if length is None:
        raise StreamBroken("RFC 3261 §20.14", "a stream needs Content-Length")
    return length
