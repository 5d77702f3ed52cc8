"""What tests of link share."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from capture.links.framed_messages import framed
from capture.links.recorder_messages import (
    Answer,
    Command,
    Hello,
    Message,
    MessageStream,
    NumberedEvent,
    Record,
)
from capture.links.worker_link import WorkerLink

PATIENCE_S = 10.0


def a_record(name: bytes = b"one", serials: Iterable[int] = ()) -> Record:
    """A recording without a stream, with the events of these serials."""
    events = tuple(NumberedEvent(serial, 1, 0, b"{}") for serial in serials)
    return Record(recording=name, tenant=b"t", created_us=1, streams=(), events=events)


class Worker:
    """A worker's end of the link."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self._stream = MessageStream()
        self._heard: list[Message] = []

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.writer.write(framed(message))

    async def hear(self, count: int) -> list[Message]:
        """The next messages; fewer where the link ends before."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self._heard) < count and (data := await self.reader.read(1 << 16)):
                self._heard += self._stream.feed(data)
        heard, self._heard = self._heard[:count], self._heard[count:]
        return heard


class Office:
    """A link with its commands and what it heard."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.commands: dict[int, list[Command]] = {}
        self.heard: asyncio.Queue[Answer] = asyncio.Queue()
        self.link = WorkerLink(path, lambda w: self.commands.get(w, []), self.heard.put_nowait)

    async def worker(self, number: int | None = 0, known: dict[bytes, int] | None = None) -> Worker:
        """A worker that has connected, and said who it is unless `number` is None."""
        worker = Worker(*await asyncio.open_unix_connection(self.path))
        if number is not None:
            worker.say(Hello(worker=number, known=known or {}))
        return worker

    async def next_heard(self) -> Answer:
        return await asyncio.wait_for(self.heard.get(), PATIENCE_S)
