"""HTTP on a Unix socket: who is at its other end, as the kernel says when it connects.

Knows nothing of what is asked. What is found out lies in the state of each request, where no header
reaches it.
"""

import asyncio
import socket
import struct
from pathlib import Path
from typing import Any, Final

from api.permissions.peers import Peer
from api.web.http.requester import PEER
from rokuon.compose.api.http_limits import BoundedProtocol, SparingListener
from rokuon.machine.logins import name_of

# struct ucred: pid, uid, gid (unix(7), SO_PEERCRED).
_CREDENTIALS: Final = struct.Struct("3i")
# Who may ask is the application's to decide; who cannot reach the folder cannot reach this.
_MODE: Final = 0o666


class PeerProtocol(BoundedProtocol):
    """The bounded one, which also notes the peer of a Unix socket."""

    _peer: Peer | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Look who it is, then go on as for all."""
        found = transport.get_extra_info("socket")
        if found is not None and found.family == socket.AF_UNIX:
            self._peer = peer_of(found)
            state: dict[str, Any] = {**self.app_state, PEER: self._peer}
            self.app_state = state
        super().connection_made(transport)

    def whose(self) -> str:
        """As of all; at the Unix socket each user has a share of its own."""
        return super().whose() if self._peer is None else f"uid {self._peer.uid}"


def peer_of(connected: socket.socket) -> Peer:
    """The user at the other end when it connected."""
    raw = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, uid, _ = _CREDENTIALS.unpack(raw)
    return Peer(uid, name_of(uid))


def listen_at(path: Path) -> socket.socket:
    """A listening socket in the place of one that a former process has left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = SparingListener(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.keep_spare()
    listener.bind(str(path))
    path.chmod(_MODE)
    listener.listen(socket.SOMAXCONN)
    return listener
