"""TLS of the API: its certificate, taken anew when its files have changed, and who may begin.

Knows nothing of HTTP.
"""

import asyncio
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog

from archive.rounds import Rounds
from capture.endpoints.address_budget import AddressBudget
from capture.endpoints.certificates import TlsFiles, server_context
from capture.endpoints.fair_share import ConnectionShare, excess, network_of
from capture.errors import CertificatesUnusable
from rokuon.compose.api.http_limits import SparingListener

# A certificate is renewed weeks before it runs out.
LOOK_S: Final = 30.0
# Who connects and says nothing keeps a descriptor for so long.
HANDSHAKE_S: Final = 10.0
# Of one address; a browser begins six, an office behind one address as many for each that opens.
HANDSHAKES_AT_ONCE: Final = 64
HANDSHAKES_PER_S: Final = 16.0
# Under way at once, of all addresses; asyncio holds 256 KiB for each. Over that the address with
# the most loses its oldest: a crowd keeps out nobody who shakes hands at once.
MAX_HANDSHAKES: Final = 128

log = structlog.get_logger("rokuon.api")

_Stamp = tuple[int, int, int] | None
Address = tuple[str, int]


class HttpCertificate:
    """The context that a server listens with, and the files that the latest one was made of."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """Read them; raises `CertificatesUnusable`."""
        self._files = TlsFiles(certificate=certificate, key=key)
        self._seen = self._stamps()
        self._latest = self.context = server_context(self._files)
        self.context.sni_callback = self._show_latest

    def look(self) -> None:
        """Take what has changed; what cannot be used is said once, and the one before stays."""
        stamps = self._stamps()
        if stamps == self._seen:
            return
        self._seen = stamps
        try:
            self._latest = server_context(self._files)
        except CertificatesUnusable as unusable:
            log.error("certificate not taken", reason=str(unusable))
            return
        log.info("certificate taken")

    def _show_latest(self, beginning: ssl.SSLObject, _name: object, _first: object) -> None:
        """Whoever begins is shown the latest one; connections that are up keep theirs."""
        beginning.context = self._latest

    async def keep(self, stop: asyncio.Event) -> None:
        """Look every half minute until stopped."""
        async for _ in Rounds(stop, LOOK_S, first_s=LOOK_S):
            await asyncio.to_thread(self.look)

    def _stamps(self) -> tuple[_Stamp, _Stamp]:
        return _stamp(self._files.certificate), _stamp(self._files.key)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A handshake that is under way, as far as anybody has told."""

    connected: socket.socket
    at_s: float


class TlsListener(SparingListener):
    """A listener at which neither an address nor a crowd begins more handshakes than its share."""

    def share_out(self) -> None:
        self._shares = AddressBudget(HANDSHAKES_AT_ONCE, HANDSHAKES_PER_S)
        self._under_way: dict[Address, _Begun] = {}

    def accept(self) -> tuple[socket.socket, Any]:
        """Accept a connection; raises `BlockingIOError` where there is none to be served."""
        connected, peer = super().accept()
        now_s = asyncio.get_running_loop().time()
        if not self._shares.take(network_of(peer[0]), now_s):
            connected.close()
            raise BlockingIOError
        self._under_way[_address_of(peer)] = _Begun(connected, now_s)
        self._make_room()
        return connected, peer

    def settle(self, peer: tuple[Any, ...]) -> None:
        """Somebody has shaken hands, and counts among the connections from now on."""
        self._under_way.pop(_address_of(peer), None)

    def _make_room(self) -> None:
        """End one handshake where there are too many; those that failed are closed already."""
        self._under_way = {
            address: begun
            for address, begun in self._under_way.items()
            if begun.connected.fileno() != -1
        }
        addresses = list(self._under_way)
        number = excess(
            (
                ConnectionShare(place, network_of(each[0]), each[0], self._under_way[each].at_s)
                for place, each in enumerate(addresses)
            ),
            MAX_HANDSHAKES,
        )
        if number is not None:
            ended = self._under_way.pop(addresses[number])
            log.warning(
                "connection closed", peer=addresses[number][0], reason="too many handshakes"
            )
            with suppress(OSError):  # the peer has gone meanwhile
                ended.connected.shutdown(socket.SHUT_RDWR)


def _address_of(peer: tuple[Any, ...]) -> Address:
    """Host and port; of IPv6 the kernel says more."""
    return str(peer[0]), int(peer[1])


def _stamp(file: Path) -> _Stamp:
    """By what a file is known again; None while there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
