"""An ear: reads the datagrams of a media socket as they arrive, while its block lasts.

An asyncio shell. Knows nothing of what they say.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rokuon.machine.clock import monotonic_s
from rokuon.selftest.heard import Heard, heard_of

_MAX_DATAGRAM_BYTES: Final = 2_048
# Three minutes of one stream: longer than any self-test.
_MAX_KEPT: Final = 50 * 180
# While the machine is busy a second of a stream waits in the kernel.
RECEIVE_BUFFER_BYTES: Final = 1 << 17


class Ear:
    """What has been heard on one socket so far."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._datagrams: list[tuple[bytes, float]] = []

    def heard(self) -> Heard:
        """Everything up to now."""
        return heard_of(self._datagrams)

    def read(self) -> None:
        """Take what waits; what is beyond the room is let go."""
        try:
            while True:
                datagram = self._sock.recv(_MAX_DATAGRAM_BYTES, socket.MSG_DONTWAIT)
                if len(self._datagrams) < _MAX_KEPT:
                    self._datagrams.append((datagram, monotonic_s()))
        except (BlockingIOError, ConnectionRefusedError):
            return


@contextmanager
def listening_on(sock: socket.socket) -> Iterator[Ear]:
    """An ear on `sock`, within a running loop."""
    loop, ear = asyncio.get_running_loop(), Ear(sock)
    loop.add_reader(sock, ear.read)
    try:
        yield ear
    finally:
        loop.remove_reader(sock)
