"""How long and how much one peer may take of the API: requests in time, listeners, connections.

Below HTTP's meaning: knows nothing of what is asked, nor of who may ask it.
"""

import asyncio
import errno
import os
import socket
from typing import Any, Final

import h11
import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

from capture.endpoints.fair_share import ConnectionShare, excess, network_of

# All headers of a request; a browser with cookies and a long search sends 4 KiB.
MAX_HEADER_BYTES: Final = 16 << 10
# From the connection, or the first byte of a later request, to the end of its headers.
HEADER_S: Final = 10.0
# From there to the end of its body; the largest (16 MiB) at 1 Mbit/s.
BODY_S: Final = 150.0
# A listener that takes less than so much in so long is cut off. Speech takes seven times that; who
# pauses a player goes on by asking for the rest.
LISTENER_S: Final = 60.0
MIN_TAKEN_BYTES: Final = 64 << 10
# A browser has six; over that the address with the most loses the one that is idle for longest.
MAX_CONNECTIONS: Final = 256
_INCOMPLETE: Final = (h11.IDLE, h11.SEND_BODY)
_EXHAUSTED: Final = {errno.EMFILE, errno.ENFILE}

log = structlog.get_logger("rokuon.api")


class BoundedProtocol(H11Protocol):
    """uvicorn's own, for peers that are slow, silent or many."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for a request, and make room for it."""
        self._request: asyncio.TimerHandle | None = None
        self._listener: asyncio.TimerHandle | None = None
        super().connection_made(transport)
        self._idle_since_s = self.loop.time()
        self._expect(HEADER_S)
        _make_room([each for each in self.connections if isinstance(each, BoundedProtocol)])

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._forget_request()
        self._forget_listener()
        super().connection_lost(exc)

    def holding(self, number: int) -> ConnectionShare:
        """What it takes of the connections; one that waits for our answer is not idle."""
        is_asking = bool(self.cycle) and not self.cycle.response_complete
        since_s = self.loop.time() if is_asking else self._idle_since_s
        return ConnectionShare(number, self.whose(), self.client[0] if self.client else "", since_s)

    def whose(self) -> str:
        """Whose share it takes: an IPv4 address, a /64 of IPv6."""
        return network_of(self.client[0]) if self.client else ""

    def end(self, reason: str) -> None:
        """Let go of the connection at once, whatever waits to be sent."""
        log.warning("connection closed", peer=self.client[0] if self.client else "", reason=reason)
        self.transport.abort()

    # -- requests -------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        """Take it; the whole request has to come in time."""
        if self._request is None:
            self._expect(HEADER_S)
        before = self.conn.their_state
        super().data_received(data)
        after = self.conn.their_state
        if after not in _INCOMPLETE:
            self._forget_request()
        elif after is h11.SEND_BODY and before is h11.IDLE:
            self._expect(BODY_S)

    def on_response_complete(self) -> None:
        """It is idle from now on."""
        self._idle_since_s = self.loop.time()
        super().on_response_complete()

    def _expect(self, seconds: float) -> None:
        self._forget_request()
        self._request = self.loop.call_later(seconds, self.end, "request too slow")

    def _forget_request(self) -> None:
        if self._request is not None:
            self._request.cancel()
            self._request = None

    # -- listeners ------------------------------------------------------------------------------

    def pause_writing(self) -> None:
        """The peer does not take what we send as fast as we do."""
        super().pause_writing()
        self._watch_listener()

    def resume_writing(self) -> None:
        """It has taken nearly everything."""
        self._forget_listener()
        super().resume_writing()

    def _watch_listener(self) -> None:
        waiting = self.transport.get_write_buffer_size()
        self._listener = self.loop.call_later(LISTENER_S, self._judge_listener, waiting)

    def _judge_listener(self, before: int) -> None:
        if before - self.transport.get_write_buffer_size() < MIN_TAKEN_BYTES:
            self.end("listener too slow")
        else:
            self._watch_listener()

    def _forget_listener(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            self._listener = None


def _make_room(connections: list[BoundedProtocol]) -> None:
    """Close one connection where there are too many; those that close already make room as well."""
    number = excess(
        (
            each.holding(place)
            for place, each in enumerate(connections)
            if not each.transport.is_closing()
        ),
        MAX_CONNECTIONS,
    )
    if number is not None:
        connections[number].end("too many")


class SparingListener(socket.socket):
    """A listener with a descriptor in reserve: where all are used up, who connects is turned away.

    asyncio's own way is to ask again at once, two thousand times, each with a line in the log. Nor
    is more than one accepted in a turn of the loop, so that each finds the room that it makes.
    """

    _spare = -1
    _has_accepted = False

    def keep_spare(self) -> None:
        """Take the descriptor that is given up to turn somebody away; raises `OSError`."""
        self._spare = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    def accept(self) -> tuple[socket.socket, Any]:
        """Accept a connection; raises `BlockingIOError` where there is none to be served now."""
        if self._has_accepted:
            raise BlockingIOError
        try:
            accepted = super().accept()
        except OSError as error:
            if error.errno not in _EXHAUSTED:
                raise
        else:
            self._has_accepted = True
            asyncio.get_running_loop().call_soon(self._accept_again)
            return accepted
        self._turn_away()
        raise BlockingIOError

    def _accept_again(self) -> None:
        self._has_accepted = False

    def close(self) -> None:
        super().close()
        if self._spare >= 0:
            os.close(self._spare)
            self._spare = -1

    def _turn_away(self) -> None:
        log.error("connection turned away", reason="no descriptor is left")
        os.close(self._spare)
        try:
            refused, _ = super().accept()
            refused.close()
        finally:
            self.keep_spare()
