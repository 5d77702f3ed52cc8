"""A recording server of a few lines on loopback: answers as it is told and keeps what it hears."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import cast

from rokuon.selftest.signalling import Target, Transport

MAX_DATAGRAM_BYTES = 2_048
_ECHOED = re.compile(rb"\r\n((?:Via|From|To|Call-ID|CSeq):[^\r\n]*)")


@contextmanager
def media_sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two bound sockets."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two,
    ):
        for sock in (one, two):
            sock.bind(("127.0.0.1", 0))
        yield one, two


def waiting_datagrams(sock: socket.socket) -> list[bytes]:
    """Everything that has arrived on `sock`, without waiting for more."""
    datagrams = []
    try:
        while True:
            datagrams.append(sock.recv(MAX_DATAGRAM_BYTES, socket.MSG_DONTWAIT))
    except BlockingIOError:
        return datagrams


class RecordingServer:
    """`refuse_with` answers every INVITE with that status; `ignore` overhears so many requests."""

    def __init__(self, ports: tuple[int, int], *, refuse_with: int = 0, ignore: int = 0) -> None:
        self._ports = ports
        self._refuse_with = refuse_with
        self._ignore = ignore
        self.hang_up_when_acked = False
        self.heard: list[bytes] = []

    @property
    def methods(self) -> list[bytes]:
        """The first word of everything that it was sent."""
        return [message.partition(b" ")[0] for message in self.heard]

    def replies(self, message: bytes) -> list[bytes]:
        """What it says to a message."""
        self.heard.append(message)
        if self._ignore:
            self._ignore -= 1
            return []
        match message.partition(b" ")[0]:
            case b"INVITE" if self._refuse_with:
                return [self._response(message, b"%d No" % self._refuse_with)]
            case b"INVITE":
                trying = self._response(message, b"100 Trying")
                return [trying, self._response(message, b"200 OK", self._sdp(message))]
            case b"BYE":
                return [self._response(message, b"200 OK")]
            case b"ACK" if self.hang_up_when_acked:
                return [self._bye(message)]
        return []

    def _response(self, message: bytes, status: bytes, body: bytes = b"") -> bytes:
        echoed = b"\r\n".join(_ECHOED.findall(message))
        if b";tag=" not in echoed[echoed.index(b"To:") : echoed.index(b"Call-ID:")]:
            echoed = echoed.replace(b"\r\nCall-ID", b";tag=srs\r\nCall-ID")
        contact = b"\r\nContact: <sip:here@127.0.0.1>;+sip.srs\r\n"
        return b"SIP/2.0 %b\r\n%b%bContent-Length: %d\r\n\r\n%b" % (
            status, echoed, contact, len(body), body,
        )  # fmt: skip

    def _sdp(self, message: bytes) -> bytes:
        direction = b"inactive" if b"a=inactive" in message else b"recvonly"
        streams = b"".join(
            b"m=audio %d RTP/AVP 0\r\na=%b\r\n" % (port, direction) for port in self._ports
        )
        return b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" + streams

    def _bye(self, message: bytes) -> bytes:
        call_id: bytes = next(
            line for line in _ECHOED.findall(message) if line.startswith(b"Call-ID")
        )
        return (
            b"BYE sip:src@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKbye\r\n"
            b"From: <sip:srs@h>;tag=srs\r\nTo: <sip:src@h>;tag=l\r\n"
            + call_id
            + b"\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n"
        )


class _OverUdp(asyncio.DatagramProtocol):
    def __init__(self, server: RecordingServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        for reply in self._server.replies(data):
            self._transport.sendto(reply, address)


class _OverTcp(asyncio.Protocol):
    """Sends a keep-alive (RFC 5626 §3.5.1) before its replies, and all of them at once."""

    def __init__(self, server: RecordingServer) -> None:
        self._server = server
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while match := re.search(rb"Content-Length: (\d+)\r\n\r\n", self._buffer):
            end = match.end() + int(match[1])
            if len(self._buffer) < end:
                return
            message, self._buffer = self._buffer[:end], self._buffer[end:]
            self._transport.write(b"\r\n\r\n" + b"".join(self._server.replies(message)))


@asynccontextmanager
async def listening(
    server: RecordingServer, transport: Transport = Transport.UDP
) -> AsyncIterator[Target]:
    """Let `server` answer on a port of loopback."""
    loop = asyncio.get_running_loop()
    if transport is Transport.UDP:
        udp, _ = await loop.create_datagram_endpoint(
            lambda: _OverUdp(server), local_addr=("127.0.0.1", 0)
        )
        yield Target(port=udp.get_extra_info("sockname")[1], transport=transport)
        udp.close()
    else:
        tcp = await loop.create_server(lambda: _OverTcp(server), "127.0.0.1", 0)
        yield Target(port=tcp.sockets[0].getsockname()[1], transport=transport)
        tcp.close()
