"""The server of the API: two doors, of which one may have TLS, and a word when both are open.

While nobody asks it wakes up once a second. Knows nothing of what is asked.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import uvicorn

from rokuon.compose.api.http_tls import HANDSHAKE_S, HttpCertificate, TlsListener
from rokuon.compose.api.peer_protocol import PeerProtocol

# Answers have the date, to the second.
TICK_S: Final = 1.0


class SettledProtocol(PeerProtocol):
    """The same behind a handshake: when it is done, its listener is told."""

    def __init__(self, listener: socket.socket, **settings: Any) -> None:
        super().__init__(**settings)
        self._listener_of_all = listener

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """It is a connection like any other from now on."""
        peer = transport.get_extra_info("peername")
        if peer and isinstance(self._listener_of_all, TlsListener):
            self._listener_of_all.settle(peer)
        super().connection_made(transport)


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the API is asked: over TCP, with TLS where there is a certificate, and locally."""

    tcp: socket.socket
    local: socket.socket
    certificate: HttpCertificate | None

    @property
    def in_clear(self) -> list[socket.socket]:
        """Those that uvicorn opens by itself: it knows one TLS for all."""
        return [self.local] if self.certificate else [self.tcp, self.local]


class ApiServer(uvicorn.Server):
    """Says when it answers; over TLS beside what it answers in clear."""

    def __init__(self, config: uvicorn.Config, doors: Doors, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.doors = doors
        self._ready = ready
        self._leaves = asyncio.Event()

    def leave(self) -> None:
        """Take no more connections, and end when what was asked is answered."""
        self.should_exit = True
        self._leaves.set()

    async def main_loop(self) -> None:
        """Keep the date until told to leave: uvicorn's own looks ten times a second whether."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._leaves.wait(), TICK_S)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then tell who waits for us."""
        await super().startup(sockets)
        if self.doors.certificate is not None:
            self.servers.append(await self._over_tls(self.doors.certificate))
        if self.started:
            self._ready()

    async def _over_tls(self, certificate: HttpCertificate) -> asyncio.Server:
        spoken = partial(
            SettledProtocol,
            self.doors.tcp,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
        return await asyncio.get_running_loop().create_server(
            spoken,
            sock=self.doors.tcp,
            ssl=certificate.context,
            ssl_handshake_timeout=HANDSHAKE_S,
            backlog=self.config.backlog,
        )
