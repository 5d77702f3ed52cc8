"""A worker's side of the socket to signalling: never waited for, found again when it is lost.

Bytes and messages. Knows nothing of what they say.
"""

import socket
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from typing import Final, Generic, TypeVar

import msgspec

from capture.errors import CaptureError
from capture.links.framed_messages import Incoming, framed

RETRY_S: Final = 0.1
# Whoever is greeted is told everything that is his: not more often than this.
RECONNECT_S: Final = 1.0
READ_BYTES: Final = 1 << 18
# Signalling that reads nothing for so long is left; what matters is told again when it is back.
MAX_WAITING_BYTES: Final = 4 << 20

M = TypeVar("M", bound=msgspec.Struct)


class ClientLink(Generic[M]):
    """The connection, if there is one; `descriptor` is −1 while there is none."""

    def __init__(self, path: Path, stream: Callable[[], Incoming[M]]) -> None:
        self._path, self._stream = path, stream
        self._socket: socket.socket | None = None
        self._incoming = stream()
        self._waiting = bytearray()
        self._retry_s = 0.0

    @property
    def descriptor(self) -> int:
        """What to wait for."""
        return -1 if self._socket is None else self._socket.fileno()

    @property
    def is_settled(self) -> bool:
        """Whether there is a connection, and all that was said is sent."""
        return self._socket is not None and not self._waiting

    def connect(self, now_s: float) -> bool:
        """Whether a connection was made now; tried ten times a second, made once at most."""
        if self._socket is not None or now_s < self._retry_s:
            return False
        self._retry_s = now_s + RETRY_S
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(0)
        try:
            link.connect(str(self._path))
        except OSError:
            link.close()
            return False
        self._retry_s = now_s + RECONNECT_S
        self._socket, self._incoming, self._waiting = link, self._stream(), bytearray()
        return True

    def next_due_s(self, now_s: float) -> float:
        """When to `connect` or `flush` next; never where nothing waits for that."""
        if self._socket is None:
            return self._retry_s
        return now_s + RETRY_S if self._waiting else inf

    def say(self, message: M) -> None:
        """Send it as soon as it can be; nowhere while nobody is there."""
        if self._socket is None:
            return
        self._waiting += framed(message)
        self.flush()

    def flush(self) -> None:
        """Send what waits, as far as it can be without waiting."""
        try:
            while self._waiting and self._socket is not None:
                del self._waiting[: self._socket.send(self._waiting)]
        except BlockingIOError:
            if len(self._waiting) > MAX_WAITING_BYTES:
                self.close()
        except OSError:
            self.close()

    def read(self) -> Iterator[M]:
        """What has come; the connection is closed where it is broken or at its end."""
        if self._socket is None:
            return
        try:
            data = self._socket.recv(READ_BYTES)
            yield from self._incoming.feed(data)
        except BlockingIOError:
            return
        except (OSError, CaptureError):
            data = b""
        if not data:
            self.close()

    def close(self) -> None:
        """Let go of the connection; `connect` looks for another one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
