"""What tests of worker share."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from capture.holder import kernel
from capture.holder.client import HolderClient
from capture.holder.server import HolderPlan
from capture.links.framed_messages import framed
from capture.links.recorder_messages import Close, Hello, Message, MessageStream
from capture.media.worker import Worker, WorkerPlan
from tests.capture.media import scene

LONGEST_S = 10.0


SWEEP_S = 0.02


@dataclass
class Stage:
    """A holder, signalling's end of the link, and a worker in a thread."""

    folder: Path
    plan: HolderPlan
    holder: HolderClient
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / "link.sock"))
        self.listener.listen()
        self.listener.settimeout(LONGEST_S)
        self.spool.mkdir(exist_ok=True)
        self.rtp = self.holder.take("rtp-0")
        self.peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    @property
    def spool(self) -> Path:
        return self.folder / "spool"

    @property
    def worker_plan(self) -> WorkerPlan:
        return WorkerPlan(
            number=0, workers=1, holder=self.plan.socket_path, link=self.folder / "link.sock",
            volumes=(self.spool,), own_file_system=False, writer=scene.WRITER, sweep_s=SWEEP_S,
            limits=scene.LIMITS,
        )  # fmt: skip

    def start(self) -> None:
        self.worker = Worker(self.worker_plan, self.holder, scene.wall_us)
        self.thread = threading.Thread(target=self.worker.run, args=[self.stop.is_set])
        self.thread.start()

    def connected(self) -> None:
        """The worker has come and said who it is."""
        self.link, _ = self.listener.accept()
        self.link.settimeout(LONGEST_S)
        self.incoming = MessageStream()
        self.messages: Iterator[Message] = iter(())
        hello = self.next_message()
        assert isinstance(hello, Hello)
        assert hello.worker == 0
        self.known = hello.known

    def next_message(self) -> Message:
        while (message := next(self.messages, None)) is None:
            data = self.link.recv(1 << 16)
            assert data
            self.messages = iter(list(self.incoming.feed(data)))
        return message

    def tell(self, *messages: Message) -> None:
        for message in messages:
            self.link.sendall(framed(message))

    def send(self, pair: int, *datagrams: bytes) -> None:
        for datagram in datagrams:
            self.peer.sendto(datagram, (scene.LOOPBACK, self.plan.first_port + 2 * pair))

    def listen(self, pair: int) -> None:
        kernel.open_filter(self.rtp[pair])

    def ended(self) -> list[Path]:
        """Stop the worker; the spool's files."""
        self.stop.set()
        if hasattr(self, "thread"):
            self.thread.join(LONGEST_S)
            assert not self.thread.is_alive()
        return sorted(self.spool.rglob("*.rkn*"))


def close(recording: bytes) -> Close:
    return Close(recording=recording, reason="bye", at_us=0)
