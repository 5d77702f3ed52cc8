"""Where a supervisor hears that a part of its own is ready (sd_notify(3)).

Knows an address that the part is given, nothing of parts.
"""

import asyncio
import os
import secrets
import socket
from dataclasses import dataclass, field
from typing import Final

from rokuon.machine.notify import READY

MAX_MESSAGE_BYTES: Final = 4_096


@dataclass(slots=True)
class ReadySocket:
    """One part's; `ready` is its present state, `is_known` whether it has ever been."""

    sock: socket.socket
    address: str
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    is_known: bool = False

    @classmethod
    def open(cls, name: str) -> "ReadySocket":
        """A socket with an address that nobody else knows."""
        address = f"@rokuon-{os.getpid()}-{name}-{secrets.token_hex(8)}"
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        sock.settimeout(0)
        sock.bind("\0" + address[1:])
        return cls(sock, address)

    def hear(self) -> None:
        """Take one state line; only READY means something to us."""
        try:
            message = self.sock.recv(MAX_MESSAGE_BYTES)
        except BlockingIOError:
            return
        if READY in message.split(b"\n"):
            self.is_known = True
            self.ready.set()
