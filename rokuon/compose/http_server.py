"""The server of the API: two doors, of which one may have TLS, and a word when both are open.

Knows nothing of what is asked.
"""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import uvicorn

from rokuon.compose.http_tls import HANDSHAKE_S, HttpCertificate
from rokuon.compose.peers import PeerProtocol


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

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then tell who waits for us."""
        await super().startup(sockets)
        if self.doors.certificate is not None:
            self.servers.append(await self._over_tls(self.doors.certificate))
        if self.started:
            self._ready()

    async def _over_tls(self, certificate: HttpCertificate) -> asyncio.Server:
        spoken = partial(
            PeerProtocol,
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
