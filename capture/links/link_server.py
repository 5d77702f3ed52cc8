"""Signalling's side of a socket to workers of one kind: who is there, and what each is told.

A worker that connects, also a successor, is first told everything that is his, once and where he
is still there to hear it. Knows no message but question and answer.
"""

import asyncio
import select
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Final, Generic, TypeVar

import msgspec
import structlog

from capture.errors import CaptureError
from capture.links.framed_messages import Incoming, Ping, Pong, framed
from capture.links.round_trips import RoundTrips

READ_BYTES: Final = 1 << 16

log = structlog.get_logger("capture.listening")

M = TypeVar("M", bound=msgspec.Struct)


class LinkServer(ABC, Generic[M]):
    """All connected workers of a kind."""

    kind: ClassVar[str]
    # A worker that takes nothing for so long is cut off; he is told everything when he comes back.
    max_waiting_bytes: ClassVar[int]

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writers: dict[int, asyncio.StreamWriter] = {}
        self._server: asyncio.Server | None = None
        self._arrived = asyncio.Event()
        self.rounds = RoundTrips()

    @abstractmethod
    def incoming(self) -> Incoming[M]:
        """What takes the bytes of a new connection apart."""

    @abstractmethod
    def hear(self, message: M) -> int | None:
        """Take what a worker has said; his number where he says who he is."""

    @abstractmethod
    def greeting(self, worker: int) -> Iterable[M]:
        """Everything that is his, said first."""

    def news(self, worker: int, command: M) -> M:
        """The command without what this connection has carried before."""
        del worker
        return command

    async def open(self) -> None:
        """Listen for workers; raises `OSError`."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path)
        self._path.chmod(0o600)

    def close(self) -> None:
        """Hear no more workers."""
        if self._server is not None:
            self._server.close()
        for writer in self._writers.values():
            writer.close()

    async def complete(self, workers: int) -> None:
        """Wait until so many workers are there."""
        while len(self._writers) < workers:
            self._arrived.clear()
            await self._arrived.wait()

    def is_there(self, worker: int) -> bool:
        """Whether this worker is connected and has said who it is."""
        return worker in self._writers

    def ask(self, worker: int, now_us: int) -> None:
        """Have the worker say that he has heard all there was to say, unless he is to already."""
        writer = self._writers.get(worker)
        if writer is not None and self.rounds.asks(worker, _now_s()):
            writer.write(framed(Ping(at_us=now_us)))

    def ask_all(self, now_us: int) -> None:
        """Ask each worker that is there."""
        for worker in self._writers:
            self.ask(worker, now_us)

    def waited_s(self, worker: int) -> float:
        """For how long such an answer has been waited for."""
        return self.rounds.waited_s(worker, _now_s())

    def lag_s(self, worker: int) -> float:
        """How long such an answer takes."""
        return self.rounds.lag_s(worker, _now_s())

    def tell(self, worker: int, command: M) -> None:
        """Say it now; to a worker that is away it will be said when he comes back."""
        writer = self._writers.get(worker)
        if writer is None:
            return
        writer.write(framed(self.news(worker, command)))
        if writer.transport.get_write_buffer_size() > self.max_waiting_bytes:
            log.error("worker takes nothing", kind=self.kind, worker=worker)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, worker = self.incoming(), -1
        try:
            while data := await reader.read(READ_BYTES):
                for message in incoming.feed(data):
                    worker = self._take(message, worker, writer)
        except (OSError, CaptureError) as error:
            log.warning(
                "worker's connection broke", kind=self.kind, worker=worker, reason=str(error)
            )
        except asyncio.CancelledError:
            # The loop ends, and this with it: asyncio's own callback would log the cancellation.
            log.info("worker's connection ended with us", kind=self.kind, worker=worker)
        finally:
            if self._writers.get(worker) is writer:
                del self._writers[worker]
                self.rounds.broke(worker, _now_s())
            writer.close()

    def _take(self, message: M, worker: int, writer: asyncio.StreamWriter) -> int:
        """Hear what was said on a connection; whose it is, −1 before he has said so."""
        if isinstance(message, Pong):
            if self._writers.get(worker) is writer:
                self.rounds.answered(worker, _now_s())
            return worker
        number = self.hear(message)
        if number is None or worker >= 0 or _is_gone(writer):
            return worker
        self._welcome(number, writer)
        return number

    def _welcome(self, worker: int, writer: asyncio.StreamWriter) -> None:
        if (former := self._writers.get(worker)) is not None:
            former.transport.abort()  # nobody hears what waits there
            self.rounds.broke(worker, _now_s())
        self._writers[worker] = writer
        self.rounds.came(worker)
        self._arrived.set()
        for command in self.greeting(worker):
            writer.write(framed(self.news(worker, command)))


def _now_s() -> float:
    return asyncio.get_running_loop().time()


def _is_gone(writer: asyncio.StreamWriter) -> bool:
    """Whether who said Hello has left since, as one does who was not heard for long."""
    hangup = select.poll()
    hangup.register(writer.get_extra_info("socket").fileno(), 0)
    return bool(hangup.poll(0))


def ask(links: Iterable[LinkServer[Any]], now_us: int) -> None:
    """Ask everybody who is there."""
    for link in links:
        link.ask_all(now_us)


def away(links: Sequence[LinkServer[Any]], workers: int) -> list[int]:
    """Of so many workers those that one of the links lacks."""
    return [each for each in range(workers) if not all(link.is_there(each) for link in links)]


async def complete_within(seconds: float, links: Iterable[LinkServer[Any]], workers: int) -> None:
    """Wait until so many workers of each kind are there, for so long at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            for link in links:
                await link.complete(workers)
