"""Connections that are of no more use, until their peers have read what they were answered.

A socket that is closed with bytes unread is reset, and the reset takes the answer with it (RFC 1122
§4.2.2.13). So what still comes is read and thrown away. Knows no SIP.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Final

# A peer that reads at all has read the answer by then.
LINGER_S: Final = 3.0
READ_BYTES: Final = 1 << 16
# Each is a descriptor; who breaks more streams than these at once gets no answer.
MAX_LINGERING: Final = 16


class LingeringSockets:
    def __init__(self) -> None:
        self._sockets: set[LingeringSocket] = set()

    def take(self, sock: socket.socket, waiting: bytes) -> None:
        """Send what waits, and see that it can be read; the socket is no more the caller's."""
        if len(self._sockets) < MAX_LINGERING:
            self._sockets.add(LingeringSocket(sock, waiting, self._sockets.discard))
        else:
            sock.close()

    def __len__(self) -> int:
        return len(self._sockets)


class LingeringSocket:
    """A socket that is written to once more, until the peer closes or `LINGER_S` are over."""

    def __init__(
        self, sock: socket.socket, waiting: bytes, over: Callable[["LingeringSocket"], None]
    ) -> None:
        """`waiting` is what the peer has still to be sent; `over` hears of the end."""
        self._socket, self._waiting, self._over = sock, bytearray(waiting), over
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(LINGER_S, self.close)
        loop.add_reader(sock, self._read)
        loop.add_writer(sock, self._write)

    def _read(self) -> None:
        try:
            data = self._socket.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()

    def _write(self) -> None:
        try:
            del self._waiting[: self._socket.send(self._waiting)]
            if not self._waiting:
                asyncio.get_running_loop().remove_writer(self._socket)
                self._socket.shutdown(socket.SHUT_WR)
        except BlockingIOError:
            return
        except OSError:
            self.close()

    def close(self) -> None:
        """Let go of the socket."""
        if self._socket.fileno() < 0:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._socket)
        loop.remove_writer(self._socket)
        self._patience.cancel()
        self._socket.close()
        self._over(self)
