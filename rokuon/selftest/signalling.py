"""The recording client's end of the wire: requests out, responses matched, retransmission over UDP.

An asyncio shell for UDP and TCP. Knows nothing of SDP, metadata or media.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Final

from rokuon.selftest.messages import NotSip, Request, Response, answer, parse

# RFC 3261 §17.1.1.1 and §17.1.2.1: first retransmission, longest interval, when to give up.
T1_S: Final = 0.5
T2_S: Final = 4.0
GIVE_UP_S: Final = 64 * T1_S
_FIRST_FINAL: Final = 200
_LENGTH: Final = re.compile(rb"\r\n(?:Content-Length|l)[ \t]*:[ \t]*([0-9]{1,9})", re.IGNORECASE)
_END_OF_HEAD: Final = b"\r\n\r\n"


class Transport(Enum):
    """How SIP is carried; the value is the word in Via."""

    UDP = b"UDP"
    TCP = b"TCP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The recording server under test."""

    host: str = "127.0.0.1"
    port: int = 5060
    transport: Transport = Transport.UDP

    @property
    def address(self) -> bytes:
        """`host:port` as SIP writes it."""
        return f"{self.host}:{self.port}".encode()


class PeerSilent(Exception):
    """No final response came in time (RFC 3261 §17.1: timer B or F)."""


class PeerGone(Exception):
    """The server closed the connection, or nobody listens at its address."""


class _Waiting:
    """One request that waits for its final response."""

    def __init__(self, send: Callable[[], None], *, repeats: bool, invite: bool) -> None:
        loop = asyncio.get_running_loop()
        self.response: asyncio.Future[Response] = loop.create_future()
        self._send, self._invite = send, invite
        self._interval_s = T1_S
        self._timer = loop.call_later(T1_S, self._again) if repeats else None

    def _again(self) -> None:
        self._send()
        doubled = 2 * self._interval_s
        self._interval_s = doubled if self._invite else min(doubled, T2_S)
        self._timer = asyncio.get_running_loop().call_later(self._interval_s, self._again)

    def receive(self, response: Response) -> None:
        """A provisional response quiets an INVITE and slows others; a final one ends the wait."""
        if response.status >= _FIRST_FINAL and not self.response.done():
            self.response.set_result(response)
        if response.status >= _FIRST_FINAL or self._invite:
            self.rest()
        self._interval_s = T2_S

    def rest(self) -> None:
        """Send no more repetitions."""
        if self._timer is not None:
            self._timer.cancel()


class Signalling:
    """All requests of one client to one server, over one socket or connection."""

    def __init__(self, transport: Transport, local: bytes, send: Callable[[bytes], None]) -> None:
        self.transport = transport
        self.local = local
        self.send = send
        self._waiting: dict[bytes, _Waiting] = {}
        self._acks: dict[bytes, bytes] = {}
        self._ended: dict[bytes, asyncio.Event] = {}

    async def request(self, message: bytes, branch: bytes, *, invite: bool = False) -> Response:
        """Send a request; its final response. Raises `PeerSilent` or `PeerGone`."""
        waiting = _Waiting(
            lambda: self.send(message), repeats=self.transport is Transport.UDP, invite=invite
        )
        self._waiting[branch] = waiting
        self.send(message)
        try:
            async with asyncio.timeout(GIVE_UP_S):
                return await waiting.response
        except TimeoutError as late:
            raise PeerSilent from late
        finally:
            waiting.rest()
            self._waiting.pop(branch)

    def acknowledge(self, branch: bytes, message: bytes) -> None:
        """Send the ACK for the INVITE of that branch, and again whenever its response repeats."""
        self._acks[branch] = message
        self.send(message)

    def follow(self, call_id: bytes) -> asyncio.Event:
        """What is set when the server ends the session of that Call-ID."""
        return self._ended.setdefault(call_id, asyncio.Event())

    def forget(self, call_id: bytes, branches: list[bytes]) -> None:
        """Let go of an ended session and of the ACKs of its INVITEs."""
        self._ended.pop(call_id, None)
        for branch in branches:
            self._acks.pop(branch, None)

    def receive(self, message: bytes) -> None:
        """One whole message from the server."""
        try:
            parsed = parse(message)
        except NotSip:
            return  # keep-alives and noise are nobody's answer
        if isinstance(parsed, Request):
            self._answer(parsed)
        elif waiting := self._waiting.get(parsed.branch):
            waiting.receive(parsed)
        elif parsed.status >= _FIRST_FINAL and (repeated := self._acks.get(parsed.branch)):
            self.send(repeated)

    def lost(self) -> None:
        """Tell everyone who waits that the server cannot be reached."""
        for waiting in self._waiting.values():
            if not waiting.response.done():
                waiting.response.set_exception(PeerGone())

    def _answer(self, request: Request) -> None:
        ended = self._ended.get(request.call_id)
        if request.method == b"ACK":
            return
        if ended is None and request.method != b"OPTIONS":
            self.send(answer(request, b"481 Call/Transaction Does Not Exist"))
            return
        self.send(answer(request, b"200 OK"))
        if request.method == b"BYE" and ended is not None:
            ended.set()


class Datagrams(asyncio.DatagramProtocol):
    """UDP: a datagram is a message."""

    client: Signalling

    def datagram_received(self, data: bytes, _address: object) -> None:
        self.client.receive(data)

    def error_received(self, _error: Exception) -> None:
        self.client.lost()


class Stream(asyncio.Protocol):
    """TCP: messages are cut by Content-Length (RFC 3261 §18.3)."""

    client: Signalling

    def __init__(self) -> None:
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(_END_OF_HEAD)) >= 0:
            length = _LENGTH.search(self._buffer, 0, end)
            size = end + len(_END_OF_HEAD) + (int(length[1]) if length else 0)
            if len(self._buffer) < size:
                return
            message, self._buffer = self._buffer[:size], self._buffer[size:]
            self.client.receive(message)

    def connection_lost(self, _error: Exception | None) -> None:
        self.client.lost()


def _address_of(transport: asyncio.BaseTransport) -> bytes:
    host, port = transport.get_extra_info("sockname")[:2]
    return f"{host}:{port}".encode()


@asynccontextmanager
async def connect(target: Target, host: str | None = None) -> AsyncIterator[Signalling]:
    """A `Signalling` to `target` for as long as the block lasts; raises `OSError`.

    `host` is our own address; None: the one by which the kernel gets there.
    """
    loop, peer = asyncio.get_running_loop(), (target.host, target.port)
    own = (host, 0) if host is not None else None
    if target.transport is Transport.UDP:
        datagrams, udp = await loop.create_datagram_endpoint(
            Datagrams, local_addr=own, remote_addr=peer
        )
        udp.client = Signalling(Transport.UDP, _address_of(datagrams), datagrams.sendto)
        try:
            yield udp.client
        finally:
            datagrams.close()
    else:
        stream, tcp = await loop.create_connection(Stream, *peer, local_addr=own)
        tcp.client = Signalling(Transport.TCP, _address_of(stream), stream.write)
        try:
            yield tcp.client
        finally:
            stream.close()
