"""Ports that no test may bind: those written in its own file, and those of Rokuon's defaults.

On some machine each of them belongs to another program. A port is the kernel's to give: who binds
port 0, or tries until one is free, is not held up. Knows nothing of what is tested.
"""

import errno
import os
import re
import socket
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

import pytest

from rokuon.config.schema import Config

_NUMBER: Final = re.compile(r"(?<![\w.])[1-9][0-9]{0,1}_?[0-9]{3}(?![\w.])")
_ADDRESS_WITH_PORT: Final = 2


@cache
def defaults() -> frozenset[int]:
    """The ports of a configuration that says nothing."""
    config = Config()
    return frozenset({config.sip.port, config.sip.tls_port, config.http.port})


@cache
def written_in(path: Path) -> frozenset[int]:
    """Every number of a test's file that could be a port."""
    return frozenset(int(number) for number in _NUMBER.findall(path.read_text("utf-8")))


@dataclass(slots=True)
class Taken:
    """What the test that runs now must not bind, and what the kernel gave away."""

    ports: frozenset[int] = frozenset()
    _given: set[int] = field(default_factory=set)

    @classmethod
    def kept(cls, patch: pytest.MonkeyPatch) -> Self:
        """Refuse them from now on, as the kernel would, in this process."""
        taken, bind, name = cls(), socket.socket.bind, socket.socket.getsockname

        def bound(sock: socket.socket, address: Any) -> None:
            if taken._has(address):
                raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
            bind(sock, address)

        def named(sock: socket.socket) -> Any:
            address = name(sock)
            if sock.family in {socket.AF_INET, socket.AF_INET6}:
                taken._given.add(address[1])
            return address

        patch.setattr(socket.socket, "bind", bound)
        patch.setattr(socket.socket, "getsockname", named)
        return taken

    def read(self, path: Path) -> None:
        """Before a test of this file."""
        self.ports = defaults() | written_in(path)

    def _has(self, address: Any) -> bool:
        if not isinstance(address, tuple) or len(address) < _ADDRESS_WITH_PORT:
            return False
        return address[1] in self.ports and address[1] not in self._given
