"""A real holder, what an endpoint received, and a peer's end of a connection.

Knows no SIP beyond one message.
"""

import asyncio
import os
import socket
from collections.abc import Callable

from capture.endpoints.tcp import Carrier, TcpEndpoint, UpperLayer
from capture.endpoints.transports import UdpEndpoint
from capture.endpoints.wire import PLAIN
from capture.holder.client import HolderClient
from capture.sip.flow import Address, Flow
from tests.capture.sip.scenes import peer_request
from tests.support.live_signalling import until

HERE = Address("127.0.0.1", 5060)
MESSAGE = peer_request(b"OPTIONS", body=b"hello")
PATIENCE_S = 10.0


class Inbox:
    """What an endpoint received, to be waited for."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[tuple[bytes, Flow]] = asyncio.Queue()
        self._answer: Callable[[Flow], None] = lambda _flow: None

    def put(self, data: bytes, flow: Flow) -> None:
        self._queue.put_nowait((data, flow))
        self._answer(flow)

    def answering(self, answer: Callable[[Flow], None]) -> None:
        """From now on answer at once, as the layer above does."""
        self._answer = answer

    async def take(self) -> tuple[bytes, Flow]:
        return await asyncio.wait_for(self._queue.get(), PATIENCE_S)

    @property
    def is_empty(self) -> bool:
        return self._queue.empty()


class Peer:
    """A client's end of a TCP connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        sock.settimeout(0)

    async def send(self, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.wait_for(loop.sock_sendall(self.sock, data), PATIENCE_S)

    async def receive(self, size: int = 1 << 16) -> bytes:
        loop = asyncio.get_running_loop()
        return await asyncio.wait_for(loop.sock_recv(self.sock, size), PATIENCE_S)

    async def receive_all(self) -> int:
        """How many bytes come until the connection ends."""
        total = 0
        try:
            while data := await self.receive():
                total += len(data)
        except ConnectionResetError:
            pass
        return total


def address_of(descriptor: int) -> Address:
    """Where a socket of the holder listens."""
    with socket.socket(fileno=os.dup(descriptor)) as sock:
        return Address(*sock.getsockname()[:2])


def abandon(endpoint: TcpEndpoint) -> None:
    """What the kernel does with a killed process: its descriptors are closed, nothing is said."""
    loop = asyncio.get_running_loop()
    for connection in endpoint._connections.values():
        loop.remove_reader(connection._socket)
        loop.remove_writer(connection._socket)
        connection._socket.close()
    loop.remove_reader(endpoint._listener)
    endpoint._listener.close()


async def attempts_over(endpoint: TcpEndpoint) -> None:
    """Wait until every peer that is called is reached or given up."""
    await until(lambda: not endpoint._attempts)


class Node:
    """A holder in its own process, and our side of it."""

    def __init__(self, holder: HolderClient) -> None:
        self.holder, self.inbox = holder, Inbox()
        self.known = {"127.0.0.1"}
        self.peers: list[socket.socket] = []
        self.away: list[Flow] = []
        self.live: frozenset[int] = frozenset()

    def tcp(self) -> TcpEndpoint:
        """The TCP endpoint, as a process that starts makes it."""
        descriptor = self.holder.take_one("sip-tcp")
        self.listens = address_of(descriptor)
        return TcpEndpoint(
            descriptor,
            HERE,
            UpperLayer(
                receive=self.inbox.put,
                known_as=lambda host, _names: host if host in self.known else "",
                unreached=self.unreached,
            ),
            Carrier(transport="tcp", wires=PLAIN, holder=self.holder),
        )

    def unreached(self, flow: Flow, live: frozenset[int]) -> None:
        """What the layer above is told."""
        self.away.append(flow)
        self.live = live

    def udp(self) -> UdpEndpoint:
        """The UDP endpoint."""
        descriptor = self.holder.take_one("sip-udp")
        self.listens = address_of(descriptor)
        return UdpEndpoint(descriptor, HERE, self.inbox.put)

    def connect(self, host: str = "127.0.0.1") -> Peer:
        """A client that has connected."""
        sock = socket.create_connection(self.listens, PATIENCE_S, source_address=(host, 0))
        self.peers.append(sock)
        return Peer(sock)
