"""Every transport of SIP: the endpoints on the holder's sockets, and by which a message goes.

Knows which there are. Knows nothing of what is said over them.
"""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from capture.endpoints.certificates import TlsFiles, client_context, server_context
from capture.endpoints.tcp import Carrier, TcpEndpoint, UpperLayer
from capture.endpoints.wire import PLAIN, TlsWires
from capture.holder.client import HolderClient
from capture.sip.events import SendMessage
from capture.sip.flow import Address, Flow

MAX_DATAGRAM_BYTES: Final = 65_535
# One event's worth of datagrams, so that timers and workers get their turn too.
MAX_READS: Final = 64

Receive = Callable[[bytes, Flow], None]
log = structlog.get_logger("capture.sip")


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsPlan:
    """SIP over TLS: the address that peers know, and the files that it needs."""

    address: Address
    files: TlsFiles


class Transports:
    """The endpoints of one process; each message that comes is given to the layer above."""

    def __init__(
        self,
        holder: HolderClient,
        local: Address,
        tls: TlsPlan | None,
        above: UpperLayer,
    ) -> None:
        self._udp = UdpEndpoint(holder.take_one("sip-udp"), local, above.receive)
        plain = Carrier(transport="tcp", wires=PLAIN, holder=holder)
        tcp = TcpEndpoint(holder.take_one("sip-tcp"), local, above, plain)
        self._streams = {"tcp": tcp}
        self._wires: TlsWires | None = None
        if tls is not None:
            self._wires = TlsWires(server_context(tls.files), client_context(tls.files))
            sealed = Carrier(transport="tls", wires=self._wires)
            self._streams["tls"] = TcpEndpoint(
                holder.take_one("sip-tls"), tls.address, above, sealed
            )

    def send(self, message: SendMessage) -> None:
        """Write a message along its flow; one of a transport that is not there is lost."""
        endpoint = self._streams.get(message.flow.transport)
        if endpoint is not None:
            endpoint.send(message.flow, message.data)
        elif message.flow.transport == "udp":
            self._udp.send(message.flow, message.data)

    def use(self, tls: TlsPlan | None) -> None:
        """Other certificates for the connections that come; raises `CertificatesUnusable`."""
        if tls is not None and self._wires is not None:
            self._wires.use(server_context(tls.files), client_context(tls.files))


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
