"""A node whose signalling runs in the test: real holder, real sockets, the worker is played.

Knows no media: nothing is recorded.
"""

import asyncio
import json
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_network
from itertools import count
from pathlib import Path
from typing import Final, Self

from capture.admission.capacity import Limits
from capture.holder.client import HolderClient
from capture.holder.server import HolderPlan
from capture.holder.worker_board import Board, WorkerState
from capture.links.framed_messages import Ping, Pong, framed
from capture.links.recorder_messages import Everything, Hello, Message, MessageStream
from capture.peers.source_watch import UNKNOWN_FILE
from capture.peers.sources import Source
from capture.recording.session_timeouts import Timeouts
from capture.signalling.daemon import Signalling
from capture.signalling.startup_plan import SignallingPlan
from capture.sip.build import Header
from capture.sip.flow import Address
from capture.sip.message import Request, Response
from capture.sip.parser import split_message
from capture.sip.targets import Hop
from tests.capture.siprec.stage import MIXED, SIPREC, described

LOOPBACK: Final = "127.0.0.1"
STRANGER: Final = "127.0.0.2"
HERE: Final = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
PATIENCE_S: Final = 10.0
LIMITS: Final = Limits(max_calls=100, min_free_bytes=0, min_free_inodes=0)
TIMEOUTS: Final = Timeouts(media_s=300, hold_s=7_200, longest_s=43_200)


def wall_us() -> int:
    """µs since 1970 UTC."""
    return time.time_ns() // 1000


async def nowhere(_uri: bytes) -> tuple[Hop, ...]:
    """No name is known here."""
    return ()


async def until(condition: Callable[[], object]) -> None:
    """Let everything else run until the condition holds."""
    async with asyncio.timeout(PATIENCE_S):
        for _ in count():
            if condition():
                return
            await asyncio.sleep(0)


def address_of(descriptor: int) -> Address:
    """Where a socket of the holder listens."""
    with socket.socket(fileno=os.dup(descriptor)) as sock:
        return Address(*sock.getsockname()[:2])


class Phone:
    """A recording client on UDP."""

    def __init__(self, target: Address, host: str = LOOPBACK) -> None:
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((host, 0))
        self.sock.settimeout(0)
        self.target = target
        self.tag, self.cseq = b"", 0

    @property
    def port(self) -> int:
        return int(self.sock.getsockname()[1])

    def send(self, method: bytes, cseq: int, *headers: Header, body: bytes = b"") -> None:
        """Send a request of this phone's only call."""
        self.cseq = cseq
        lines = [
            method + b" sip:srs@127.0.0.1 SIP/2.0",
            b"Via: SIP/2.0/UDP 127.0.0.1:%d;rport;branch=z9hG4bK%s%d" % (self.port, method, cseq),
            b"Max-Forwards: 70",
            b'From: "Hanako Tanaka" <sip:+81355550100@127.0.0.1>;tag=peer%d' % self.port,
            b"To: <sip:srs@127.0.0.1>" + (b";tag=" + self.tag if self.tag else b""),
            b"Call-ID: %d@127.0.0.1" % self.port,
            b"CSeq: %d %s" % (cseq, method),
            b"Contact: <sip:+81355550100@127.0.0.1:%d>" % self.port,
            *(name + b": " + value for name, value in headers),
            b"Content-Length: %d" % len(body),
        ]
        self.sock.sendto(b"\r\n".join(lines) + b"\r\n\r\n" + body, self.target)

    async def call(self) -> None:
        """Its call is up when this returns."""
        self.send(b"INVITE", 1, SIPREC, MIXED, body=described())
        assert (await self.answer()).status == 200
        self.send(b"ACK", 1)

    async def hear(self) -> Request | Response:
        """The next message to this phone."""
        loop = asyncio.get_running_loop()
        return split_message(await asyncio.wait_for(loop.sock_recv(self.sock, 1 << 16), PATIENCE_S))

    async def answer(self) -> Response:
        """The next response; its To tag is that of the dialog from now on.

        Where the machine is busy, what was not acknowledged comes once more before it.
        """
        response = await self.hear()
        while isinstance(response, Response) and response.cseq.number < self.cseq:
            response = await self.hear()
        assert isinstance(response, Response)
        self.tag = response.to_address.tag
        return response


class PlayedWorker:
    """An ingest worker as signalling sees it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._stream = MessageStream()
        self._heard: list[Message] = []

    @classmethod
    async def on(cls, path: Path) -> Self:
        """Connect as soon as signalling listens, and say who it is."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with suppress(OSError):
                    worker = cls(*await asyncio.open_unix_connection(path))
                    worker.say(Hello(worker=0))
                    return worker
                await asyncio.sleep(0)

    def say(self, message: Message) -> None:
        self._writer.write(framed(message))

    async def hear(self) -> Message:
        """The next message; who is asked whether he is there answers, and hears on."""
        async with asyncio.timeout(PATIENCE_S):
            while not self._heard:
                data = await self._reader.read(1 << 16)
                assert data
                for message in self._stream.feed(data):
                    if isinstance(message, Ping):
                        self.say(Pong(at_us=message.at_us))
                    else:
                        self._heard.append(message)
        return self._heard.pop(0)

    async def hear_everything(self) -> list[Message]:
        """All up to `Everything`."""
        heard = [await self.hear()]
        while not isinstance(heard[-1], Everything):
            heard.append(await self.hear())
        return heard


class Node:
    """The holder's client side and what signalling is started with."""

    def __init__(self, folder: Path, plan: HolderPlan, holder: HolderClient) -> None:
        self.folder, self.holder = folder, holder
        self.first_port = plan.first_port
        self.sip = address_of(holder.take_one("sip-udp"))
        self.tcp = address_of(holder.take_one("sip-tcp"))
        self.board = Board(holder.take_one("board"))
        self.wall_us: Callable[[], int] = wall_us
        self.plan = SignallingPlan(
            node="0123456789abcdef",
            holder=plan.socket_path,
            link=folder / "recorder.sock",
            relay_link=folder / "relay.sock",
            spool=folder,
            capture_folder=folder,
            sip=self.sip,
            rtp_address=LOOPBACK,
            first_port=plan.first_port,
            workers=1,
            rest_s=30.0,
            sources=(Source(name="loopback", tenant=b"t" * 16, networks=HERE),),
            limits=LIMITS,
            timeouts=TIMEOUTS,
            status=folder / "status.sock",
        )
        self.beat()

    def beat(self, *, busy_permille: int = 0) -> None:
        """The worker shows that it is there, for longer than a test lasts."""
        self.board.show(0, WorkerState(busy_permille, 0, wall_us() + 36_000_000_000, failing=False))

    async def ask(self, question: bytes) -> bytes:
        """What the socket for others answers to a line."""
        reader, writer = await asyncio.open_unix_connection(self.plan.status)
        writer.write(question)
        answer = await reader.read()
        writer.close()
        return answer

    def strangers(self) -> list[dict[str, object]]:
        """The rows of the file of unknown sources."""
        path = self.folder / UNKNOWN_FILE
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


class Running:
    """One life of signalling, with the worker beside it."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.stop = asyncio.Event()
        self.ready = asyncio.Event()

    async def __aenter__(self) -> Self:
        self.signalling = Signalling(self.node.plan, self.node.holder, self.node.wall_us, nowhere)
        await self.begin()
        return self

    async def begin(self) -> None:
        """What there is runs, and its worker comes."""
        self.task = asyncio.ensure_future(self.signalling.run(self.stop, self.ready.set))
        self.worker = await PlayedWorker.on(self.node.plan.link)
        self.told = await self.worker.hear_everything()
        await asyncio.wait_for(self.ready.wait(), PATIENCE_S)

    async def __aexit__(self, *_: object) -> None:
        """Killed, unless it has ended: nothing is said, descriptors are closed."""
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task
        signalling, loop = self.signalling, asyncio.get_running_loop()
        if signalling._timer is not None:
            signalling._timer.cancel()
        transports = signalling._transports
        tcp = transports._streams["tcp"]
        for sock in (transports._udp._socket, tcp._listener):
            loop.remove_reader(sock)
            sock.close()
        for connection in tcp._connections.values():
            loop.remove_reader(connection._socket)
            connection._socket.close()
        for ear in signalling._rtp.descriptors:
            os.close(ear)
        signalling._link.close()
        signalling._relays.close()
        self.worker._writer.close()
