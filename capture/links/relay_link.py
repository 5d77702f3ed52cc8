"""Signalling's side of the socket to the relay workers. Knows no SIP."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from capture.links.framed_messages import Ping, Pong
from capture.links.link_server import LinkServer
from capture.links.relay_messages import (
    RelayAnswer,
    RelayCall,
    RelayEverything,
    RelayGone,
    RelayHello,
    RelayMessage,
    RelayStream,
)
from capture.native.choice import RelayLoop


class RelayLink(LinkServer[RelayMessage]):
    """All connected relay workers."""

    kind: ClassVar = "relay"
    max_waiting_bytes: ClassVar = 8 << 20

    def __init__(
        self,
        path: Path,
        calls_for: Callable[[int], list[RelayCall]],
        heard: Callable[[RelayAnswer], None],
    ) -> None:
        super().__init__(path)
        self._calls_for, self._heard = calls_for, heard
        self._loops: dict[int, RelayLoop] = {}

    def loops(self) -> Mapping[int, RelayLoop]:
        """Return the loop that each relay runs, of those that are connected."""
        return {worker: loop for worker, loop in self._loops.items() if self.is_there(worker)}

    def incoming(self) -> RelayStream:
        """See `LinkServer`."""
        return RelayStream()

    def hear(self, message: RelayMessage) -> int | None:
        """See `LinkServer`; commands are not a relay's to give."""
        match message:
            case RelayHello():
                self._loops[message.worker] = message.loop
                return message.worker
            case RelayCall() | RelayGone() | RelayEverything() | Ping() | Pong():
                return None
        self._heard(message)
        return None

    def greeting(self, worker: int) -> Iterator[RelayMessage]:
        """Every call of his, then the word that this is everything."""
        yield from self._calls_for(worker)
        yield RelayEverything()
