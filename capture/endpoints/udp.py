"""The UDP socket of SIP: what arrived on which flow, and how an answer leaves on it.

Thin: knows no SIP.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Final

import structlog

from capture.sip.flow import Address, Flow

MAX_DATAGRAM_BYTES: Final = 65_535
# One event's worth of datagrams, so that timers and workers get their turn too.
MAX_READS: Final = 64

Receive = Callable[[bytes, Flow], None]
log = structlog.get_logger("capture.sip")


class UdpEndpoint:
    """The one UDP socket of SIP."""

    def __init__(self, descriptor: int, local: Address, receive: Receive) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._local, self._receive = local, receive
        # Read into this and copied: a message that is kept would stay in a block of this size.
        self._buffer = memoryview(bytearray(MAX_DATAGRAM_BYTES))
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    def _read(self) -> None:
        for _ in range(MAX_READS):
            try:
                size, remote = self._socket.recvfrom_into(self._buffer)
            except BlockingIOError:
                return
            except OSError:
                continue  # an ICMP error of an answer that nobody took
            address = Address(remote[0], remote[1])
            data = bytes(self._buffer[:size])
            self._receive(data, Flow(transport="udp", local=self._local, remote=address))

    def send(self, flow: Flow, data: bytes) -> None:
        """Send one datagram; what the network refuses is lost as any datagram may be."""
        try:
            self._socket.sendto(data, flow.remote)
        except OSError as error:
            log.warning("datagram not sent", reason=error.strerror)
