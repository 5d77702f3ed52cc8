"""Signalling's side of the socket to the relay workers: who is there, and what each is told.

A worker that connects, also a successor, first hears everything that is his. Knows no SIP.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from capture.errors import CaptureError
from capture.relaying import (
    RelayAnswer,
    RelayCall,
    RelayCommand,
    RelayEverything,
    RelayGone,
    RelayHello,
    RelayStream,
    encode,
)

READ_BYTES: Final = 1 << 16
# A relay that takes nothing for so long is cut off; it hears everything again when it comes back.
MAX_WAITING_BYTES: Final = 8 << 20

log = structlog.get_logger("capture.relay_link")


class RelayLink:
    """All connected relay workers."""

    def __init__(
        self,
        path: Path,
        calls_for: Callable[[int], list[RelayCall]],
        heard: Callable[[RelayAnswer], None],
    ) -> None:
        self._path, self._calls_for, self._heard = path, calls_for, heard
        self._writers: dict[int, asyncio.StreamWriter] = {}
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen for relays; raises `OSError`."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._path)
        self._path.chmod(0o600)

    def close(self) -> None:
        """Hear no more relays."""
        if self._server is not None:
            self._server.close()
        for writer in self._writers.values():
            writer.close()

    def tell(self, worker: int, command: RelayCommand) -> None:
        """Say it now; to a relay that is away it will be said when it comes back."""
        writer = self._writers.get(worker)
        if writer is None:
            return
        writer.write(encode(command))
        if writer.transport.get_write_buffer_size() > MAX_WAITING_BYTES:
            log.error("relay takes nothing", worker=worker)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream, worker = RelayStream(), -1
        try:
            while data := await reader.read(READ_BYTES):
                for message in stream.feed(data):
                    match message:
                        case RelayHello():
                            worker = message.worker
                            self._welcome(worker, writer)
                        case RelayCall() | RelayGone() | RelayEverything():
                            pass
                        case _:
                            self._heard(message)
        except (OSError, CaptureError) as error:
            log.warning("relay's connection broke", worker=worker, reason=str(error))
        except asyncio.CancelledError:
            # The loop ends, and this with it: asyncio's own callback would log the cancellation.
            log.info("relay's connection ended with us", worker=worker)
        finally:
            if self._writers.get(worker) is writer:
                del self._writers[worker]
            writer.close()

    def _welcome(self, worker: int, writer: asyncio.StreamWriter) -> None:
        self._writers[worker] = writer
        for call in self._calls_for(worker):
            writer.write(encode(call))
        writer.write(encode(RelayEverything()))
