"""Signalling's side of the socket to the ingest workers: who is there, and what each is told.

A worker that connects, also a successor, first hears everything that is his. Knows no SIP.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import structlog

from capture.errors import CaptureError
from capture.recorder import (
    Answer,
    Close,
    Command,
    Everything,
    Hello,
    MessageStream,
    Record,
    encode,
)

READ_BYTES: Final = 1 << 16
# A worker that takes nothing for so long is cut off; he hears everything again when he comes back.
MAX_WAITING_BYTES: Final = 64 << 20

log = structlog.get_logger("capture.link")


class WorkerLink:
    """All connected workers."""

    def __init__(
        self,
        path: Path,
        commands_for: Callable[[int], list[Command]],
        heard: Callable[[Answer], None],
    ) -> None:
        self._path, self._commands_for, self._heard = path, commands_for, heard
        self._writers: dict[int, asyncio.StreamWriter] = {}
        # How many events of each recording a worker has been told on its connection of now.
        self._told: dict[int, dict[bytes, int]] = {}
        self._server: asyncio.Server | None = None
        self._arrived = asyncio.Event()

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

    def tell(self, worker: int, command: Command) -> None:
        """Say it now; to a worker that is away it will be said when he comes back."""
        writer = self._writers.get(worker)
        if writer is None:
            return
        writer.write(encode(self._news(worker, command)))
        if writer.transport.get_write_buffer_size() > MAX_WAITING_BYTES:
            log.error("worker takes nothing", worker=worker)
            writer.transport.abort()

    def _news(self, worker: int, command: Command) -> Command:
        """The command without the events that this connection has carried before.

        A call that changes all day would send megabytes again at each change.
        """
        told = self._told[worker]
        match command:
            case Record():
                events = command.events[told.get(command.recording, 0) :]
                told[command.recording] = len(command.events)
                return msgspec.structs.replace(command, events=events)
            case Close():
                told.pop(command.recording, None)
        return command

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream, worker = MessageStream(), -1
        try:
            while data := await reader.read(READ_BYTES):
                for message in stream.feed(data):
                    match message:
                        case Hello():
                            worker = message.worker
                            self._welcome(worker, writer)
                        case Record() | Close() | Everything():
                            pass
                        case _:
                            self._heard(message)
        except (OSError, CaptureError) as error:
            log.warning("worker's connection broke", worker=worker, reason=str(error))
        except asyncio.CancelledError:
            # The loop ends, and this with it: asyncio's own callback would log the cancellation.
            log.info("worker's connection ended with us", worker=worker)
        finally:
            if self._writers.get(worker) is writer:
                del self._writers[worker]
            writer.close()

    def _welcome(self, worker: int, writer: asyncio.StreamWriter) -> None:
        """Records first, then the word that this is everything, then what has ended meanwhile."""
        self._writers[worker], self._told[worker] = writer, {}
        self._arrived.set()
        commands = self._commands_for(worker)
        records = [each for each in commands if not isinstance(each, Close)]
        endings = [each for each in commands if isinstance(each, Close)]
        for command in [*records, Everything(), *endings]:
            writer.write(encode(self._news(worker, command)))
