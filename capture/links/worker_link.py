"""Signalling's side of the socket to the ingest workers. Knows no SIP."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import msgspec

from capture.links.framed_messages import Ping, Pong
from capture.links.link_server import LinkServer
from capture.links.recorder_messages import (
    Answer,
    Close,
    Command,
    Everything,
    Hello,
    Message,
    MessageStream,
    Record,
)


class WorkerLink(LinkServer[Message]):
    """All connected ingest workers."""

    kind: ClassVar = "ingest"
    max_waiting_bytes: ClassVar = 64 << 20

    def __init__(
        self,
        path: Path,
        commands_for: Callable[[int], list[Command]],
        heard: Callable[[Answer], None],
    ) -> None:
        super().__init__(path)
        self._commands_for, self._heard = commands_for, heard
        # How many events of each recording a worker has, or was told on its connection of now.
        self._told: dict[int, dict[bytes, int]] = {}

    def incoming(self) -> MessageStream:
        """See `LinkServer`."""
        return MessageStream()

    def hear(self, message: Message) -> int | None:
        """See `LinkServer`; commands are not a worker's to give."""
        match message:
            case Hello():
                self._told[message.worker] = dict(message.known)
                return message.worker
            case Record() | Close() | Everything() | Ping() | Pong():
                return None
        self._heard(message)
        return None

    def greeting(self, worker: int) -> Iterator[Message]:
        """Records first, then the word that this is everything, then what has ended meanwhile.

        Of each record the events that the worker has not said to have.
        """
        commands = self._commands_for(worker)
        yield from (each for each in commands if not isinstance(each, Close))
        yield Everything()
        yield from (each for each in commands if isinstance(each, Close))

    def news(self, worker: int, command: Message) -> Message:
        """See `LinkServer`: without the events that this connection has carried before.

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
