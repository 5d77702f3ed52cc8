"""The sockets of a relay's port pairs, asked of the holder block by block as calls need them.

Knows nothing of calls.
"""

import socket
from typing import Final, Protocol

from capture.holder.kernel import close_filter, open_filter

# As many as the holder hands out with one message: asking for one costs the same.
BLOCK: Final = 253
PairSockets = tuple[socket.socket, socket.socket]


class SocketSource(Protocol):
    """The holder, as far as it matters here."""

    def take_some(self, name: str, first: int, count: int) -> list[int]:
        """`count` descriptors of `name` from `first` on."""


class RelaySockets:
    """RTP and RTCP sockets by pair: pair n is entry n // workers of worker n % workers."""

    def __init__(self, holder: SocketSource, worker: int, workers: int) -> None:
        self._holder, self._worker, self._workers = holder, worker, workers
        self._descriptors: dict[int, list[tuple[int, int]]] = {}
        self._open: dict[int, PairSockets] = {}

    def open(self, pair: int) -> PairSockets:
        """The sockets of a pair, hearing; raises `OSError`, `LookupError`, `HolderUnreachable`."""
        assert pair % self._workers == self._worker
        known = self._open.get(pair)
        if known is None:
            rtp, rtcp = self._fetched(pair // self._workers)
            known = self._open[pair] = (socket.socket(fileno=rtp), socket.socket(fileno=rtcp))
        for sock in known:
            open_filter(sock.fileno())
        return known

    def _fetched(self, at: int) -> tuple[int, int]:
        block, index = divmod(at, BLOCK)
        known = self._descriptors.get(block)
        if known is None:
            rtp, rtcp = (
                self._holder.take_some(f"{name}-{self._worker}", block * BLOCK, BLOCK)
                for name in ("rtp", "rtcp")
            )
            known = list(zip(rtp, rtcp, strict=True))
        found = known[index]
        self._descriptors[block] = known  # one that lacks the pair is asked for again
        return found

    def close(self, pair: int) -> None:
        """They hear no more."""
        for sock in self._open.get(pair, ()):
            close_filter(sock.fileno())
