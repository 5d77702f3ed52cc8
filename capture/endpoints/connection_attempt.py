"""A TCP connection to a peer that is being made, and what waits to be sent on it.

Waits for nothing and nobody: the loop tells when it is made or refused. Knows no SIP.
"""

import asyncio
import os
import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

import structlog

from capture.sip.flow import Address

# Three attempts of the kernel (at 0, 1 and 3 s): what answers later has given its request up.
CONNECT_S: Final = 5.0
# A few messages of full size; more for a peer that is away is lost, as a datagram would be.
MAX_WAITING_BYTES: Final = 256 << 10

# <linux/in.h>; Python has no name for it before 3.12.
_BIND_ADDRESS_NO_PORT: Final = 24

log = structlog.get_logger("capture.sip")


class ConnectionAttempt:
    """One connection under way; `over` is called once, with the socket or with None.

    `failed` says why there is none.
    """

    def __init__(
        self,
        remote: Address,
        over: Callable[["ConnectionAttempt", socket.socket | None], None],
        tos: int = 0,
        home: str = "",
    ) -> None:
        """Begin, its packets marked with `tos`; raises `OSError` where it leads nowhere.

        It leaves from the address `home`, where that is one address and of the peer's family.
        """
        self.remote, self._over, self.failed = remote, over, ""
        self.waiting = bytearray()
        family = socket.AF_INET6 if ":" in remote.host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.settimeout(0)
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, tos)
        if family == socket.AF_INET6:
            self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, tos)
        try:
            if _may_leave(home, remote):
                # The port is chosen with the peer's address: one port may serve many connections.
                self._socket.setsockopt(socket.IPPROTO_IP, _BIND_ADDRESS_NO_PORT, 1)
                self._socket.bind((home, 0))
            self._socket.connect(remote)
        except BlockingIOError:
            pass
        except OSError:
            self._socket.close()
            raise
        loop = asyncio.get_running_loop()
        loop.add_writer(self._socket, self._decided)
        self._timer = loop.call_later(CONNECT_S, self._fail, "no answer")

    def send(self, data: bytes) -> None:
        """Send it once the connection is there."""
        if len(self.waiting) + len(data) <= MAX_WAITING_BYTES:
            self.waiting += data
        else:
            log.warning("message lost", reason="too much waits for a connection")

    def _decided(self) -> None:
        error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            self._fail(os.strerror(error))
        else:
            self._rest()
            self._over(self, self._socket)

    def _fail(self, reason: str) -> None:
        self.close()
        self.failed = reason
        self._over(self, None)

    def _rest(self) -> None:
        self._timer.cancel()
        asyncio.get_running_loop().remove_writer(self._socket)

    def close(self) -> None:
        self._rest()
        self._socket.close()


def _may_leave(home: str, remote: Address) -> bool:
    """Is it one address, and of the family of where it goes? Else the routing table chooses."""
    is_one = bool(home) and not ip_address(home).is_unspecified
    return is_one and (":" in home) is (":" in remote.host)
