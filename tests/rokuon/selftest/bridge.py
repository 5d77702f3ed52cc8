"""A back-to-back server of a few lines on loopback: notice, ringback, then both sides joined.

What it does wrong is said by its fields.
"""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle

from rokuon.selftest.signalling import Target

HOST = "127.0.0.9"
_ECHOED = re.compile(rb"\r\n((?:Via|From|To|Call-ID|CSeq):[^\r\n]*)")
_MEDIA = re.compile(rb"m=audio ([0-9]+)")


def frames_of(sound: bytes) -> list[bytes]:
    return [sound[at : at + 160] for at in range(0, len(sound), 160)]


@dataclass
class Bridge:
    """`notice` and `ringback` are µ-law; `calls` is where the far side is called."""

    notice: bytes
    ringback: bytes
    calls: tuple[str, int] | None
    leaks: bool = False
    refuses_with: int = 0
    passes_bye: bool = True
    methods: list[bytes] = field(default_factory=list)


class _Sip(asyncio.DatagramProtocol):
    def __init__(self, bridge: Bridge, media: tuple[socket.socket, socket.socket]) -> None:
        self.bridge, self.media = bridge, media
        self.invite, self.caller = b"", ("", 0)
        self.joined: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # a datagram endpoint's
        self.transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        first = data.split(b" ")[0]
        self.bridge.methods.append(first)
        if data.startswith(b"SIP/2.0 200 OK\r\n") and b"INVITE" in data:
            self._answered(data, address)
        elif first == b"INVITE" and not self.invite:
            self.invite, self.caller = data, address
            self._call(data)
        elif first == b"BYE":
            self._reply(data, b"200 OK")
            if self.joined is not None:
                self.joined.cancel()
            if self.bridge.passes_bye and self.bridge.calls:
                self.transport.sendto(self._request(b"BYE", b""), self.bridge.calls)

    def _call(self, invite: bytes) -> None:
        if self.bridge.refuses_with:
            self._reply(invite, b"%d No" % self.bridge.refuses_with)
        elif self.bridge.calls is None:
            self._accept()
        else:
            self.transport.sendto(self._request(b"INVITE", self._sdp(1)), self.bridge.calls)

    def _answered(self, data: bytes, address: tuple[str, int]) -> None:
        self.transport.sendto(self._request(b"ACK", b""), address)
        self._accept()
        ports = [int(_MEDIA.findall(each)[0]) for each in (self.invite, data)]
        self.joined = asyncio.get_running_loop().create_task(self._media(ports[0], ports[1]))

    def _accept(self) -> None:
        self._reply(self.invite, b"200 OK", self._sdp(0))

    def _reply(self, request: bytes, status: bytes, body: bytes = b"") -> None:
        echoed = b"\r\n".join(_ECHOED.findall(request))
        if b";tag=" not in echoed[echoed.index(b"To:") : echoed.index(b"Call-ID:")]:
            echoed = echoed.replace(b"\r\nCall-ID", b";tag=b2b\r\nCall-ID")
        head = b"SIP/2.0 " + status + b"\r\n" + echoed + b"\r\n"
        length = b"Content-Length: %d\r\n\r\n" % len(body)
        self.transport.sendto(head + length + body, self.caller)

    def _request(self, method: bytes, body: bytes) -> bytes:
        return (
            method + b" sip:far@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK" + method
            + b"\r\nFrom: <sip:b2b@h>;tag=1\r\nTo: <sip:far@h>\r\nCall-ID: other\r\nCSeq: 1 "
            + method + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )  # fmt: skip

    def _sdp(self, side: int) -> bytes:
        port = self.media[side].getsockname()[1]
        return b"v=0\r\nc=IN IP4 %b\r\nm=audio %d RTP/AVP 0\r\n" % (HOST.encode(), port)

    async def _media(self, caller: int, far: int) -> None:
        """A beat every 20 ms: the notice to the caller, the tone to the far side; then both."""
        ends = ((HOST, caller), (HOST, far))
        stamps = [_Stamps(), _Stamps()]
        tone = cycle(frames_of(self.bridge.ringback))
        for frame in frames_of(self.bridge.notice):
            self.media[0].sendto(stamps[0].packet(frame), ends[0])
            self.media[1].sendto(stamps[1].packet(next(tone)), ends[1])
            crossing = [list(_waiting(sock)) for sock in self.media]
            if self.bridge.leaks:
                self._cross(crossing, stamps, ends)
            await asyncio.sleep(0.02)
        while True:
            self._cross([list(_waiting(sock)) for sock in self.media], stamps, ends)
            await asyncio.sleep(0.01)

    def _cross(
        self,
        crossing: list[list[bytes]],
        stamps: list["_Stamps"],
        ends: tuple[tuple[str, int], tuple[str, int]],
    ) -> None:
        for side, packets in enumerate(crossing):
            other = 1 - side
            for packet in packets:
                self.media[other].sendto(stamps[other].packet(packet[12:]), ends[other])


class _Stamps:
    """One voice: sequence and timestamp run on."""

    def __init__(self) -> None:
        self._count = 0

    def packet(self, payload: bytes) -> bytes:
        head = bytes((0x80, 0)) + self._count.to_bytes(2) + (160 * self._count).to_bytes(4)
        self._count += 1
        return head + bytes(4) + payload


def _waiting(sock: socket.socket) -> Iterator[bytes]:
    with suppress(BlockingIOError):
        while True:
            yield sock.recv(2_048, socket.MSG_DONTWAIT)


@asynccontextmanager
async def bridging(bridge: Bridge) -> AsyncIterator[Target]:
    """Let the bridge answer on a port of loopback."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two,
    ):
        for sock in (one, two):
            sock.bind((HOST, 0))
        transport, sip = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Sip(bridge, (one, two)), local_addr=(HOST, 0)
        )
        try:
            yield Target(host=HOST, port=transport.get_extra_info("sockname")[1])
        finally:
            if sip.joined is not None:
                sip.joined.cancel()
                with suppress(asyncio.CancelledError):
                    await sip.joined
            transport.close()


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        trial.bind((HOST, 0))
        return int(trial.getsockname()[1])
