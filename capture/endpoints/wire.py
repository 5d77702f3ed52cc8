"""What lies between a connection's bytes and SIP: nothing, or TLS. Bytes in, bytes out.

Knows no socket; who reads and writes it is the connection's business.
"""

import ssl
from typing import Final, Protocol

from capture.endpoints.identity import proves
from capture.errors import CaptureError

_READ_BYTES: Final = 1 << 16


class WireBroken(CaptureError):
    """What came is not what the wire carries, or its end was said; the connection is over."""


class WireEnded(WireBroken):
    """The peer has said that nothing more comes."""


class Wire(Protocol):
    """One connection's way of carrying bytes; `names` are those that the peer has proved."""

    @property
    def is_open(self) -> bool:
        """Can messages be carried yet?"""

    @property
    def is_over(self) -> bool:
        """Is what was received the last?"""

    @property
    def names(self) -> tuple[str, ...]:
        """Names in the peer's certificate, () where it showed none."""

    def proves(self, name: str) -> bool:
        """May what is for this host go here?"""

    def receive(self, data: bytes) -> bytes:
        """What the peer says in these bytes; raises `WireBroken` where nothing can be read."""

    def carry(self, message: bytes) -> None:
        """Have a message carried, now or once the wire is open."""

    def take(self) -> bytes:
        """The bytes that are to be sent now."""


class Wires(Protocol):
    """Wires for new connections of one kind."""

    def accepted(self) -> Wire:
        """Of a peer that has connected to us."""

    def called(self, name: str) -> Wire:
        """Of a peer that we have connected to, and that must prove this name; "": any."""


class PlainWire:
    is_open = True
    is_over = False
    names: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._outgoing = bytearray()

    def proves(self, name: str) -> bool:  # noqa: ARG002 - there is nothing to prove it by
        """Whoever has the address."""
        return True

    def receive(self, data: bytes) -> bytes:
        """The same bytes."""
        return data

    def carry(self, message: bytes) -> None:
        """The same bytes."""
        self._outgoing += message

    def take(self) -> bytes:
        """What has been carried since the last time."""
        taken = bytes(self._outgoing)
        self._outgoing.clear()
        return taken


class PlainWires:
    """Nothing between the connection and SIP."""

    def accepted(self) -> Wire:
        """Of a peer that has connected to us."""
        return PlainWire()

    def called(self, name: str) -> Wire:  # noqa: ARG002 - there is nothing to prove it by
        """Of a peer that we have connected to."""
        return PlainWire()


PLAIN: Final = PlainWires()


class TlsWire:
    """TLS on both ends of a pair of buffers (RFC 3261 §26.3.1, RFC 7866 §12).

    Whom we have called must prove `name` before he is told anything, where he must prove something.
    """

    def __init__(self, context: ssl.SSLContext, *, is_server: bool, name: str = "") -> None:
        self._verifies = is_server or context.verify_mode is ssl.CERT_REQUIRED
        self._name = name
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=is_server)
        self._waiting: list[bytes] = []
        self.is_open = self.is_over = False
        self.names: tuple[str, ...] = ()
        if not is_server:
            self._shake_hands()

    def proves(self, name: str) -> bool:
        """Has the peer shown a certificate for this host, or need it show none?"""
        if not name or not self._verifies:
            return True
        return self.is_open and proves(self._tls.getpeercert() or {}, name)

    def receive(self, data: bytes) -> bytes:
        """What the peer says in these bytes; raises `WireBroken` where nothing can be read."""
        self._incoming.write(data)
        if not self.is_open:
            self._shake_hands()
        return self._read() if self.is_open else b""

    def carry(self, message: bytes) -> None:
        """Encrypt a message, or keep it until hands are shaken."""
        if self.is_open:
            self._tls.write(message)
        else:
            self._waiting.append(message)

    def take(self) -> bytes:
        """The bytes that are to be sent now."""
        return self._outgoing.read()

    def _shake_hands(self) -> None:
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return
        except ssl.SSLError as broken:
            raise WireBroken(f"no TLS: {broken.reason}") from None
        self._check_name()
        self.is_open, self.names = True, names_in(self._tls.getpeercert() or {})
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            self._tls.write(message)

    def _check_name(self) -> None:
        """RFC 5922 §7.3: a server that is not the one that was called gets no request."""
        certificate = self._tls.getpeercert() or {}
        if self._verifies and self._name and not proves(certificate, self._name):
            raise WireBroken("its certificate is for another name")

    def _read(self) -> bytes:
        pieces: list[bytes] = []
        try:
            while piece := self._tls.read(_READ_BYTES):
                pieces.append(piece)
        except ssl.SSLWantReadError:
            return b"".join(pieces)
        except ssl.SSLError as broken:
            if not pieces:
                raise WireBroken(f"TLS broke: {broken.reason}") from None
        if not pieces:
            raise WireEnded("the peer has ended TLS")
        self.is_over = True
        return b"".join(pieces)


class TlsWires:
    """TLS under one certificate; the next one is for the connections that come then."""

    def __init__(self, server: ssl.SSLContext, client: ssl.SSLContext) -> None:
        self._server, self._client = server, client

    def use(self, server: ssl.SSLContext, client: ssl.SSLContext) -> None:
        """From now on these; connections that are up keep what they have agreed on."""
        self._server, self._client = server, client

    def accepted(self) -> Wire:
        """Of a peer that has connected to us."""
        return TlsWire(self._server, is_server=True)

    def called(self, name: str) -> Wire:
        """Of a peer that we have connected to, and that must prove this name; "": any."""
        return TlsWire(self._client, is_server=False, name=name)


def names_in(certificate: object) -> tuple[str, ...]:
    """DNS names and SIP URIs' hosts of a verified certificate, lower case (RFC 5922 §7.1)."""
    assert isinstance(certificate, dict)
    found: list[str] = []
    for kind, value in certificate.get("subjectAltName", ()):
        if kind == "DNS":
            found.append(value.lower())
        elif kind == "URI" and value.lower().startswith("sip:") and "@" not in value:
            found.append(value[len("sip:") :].partition(";")[0].lower())
    return tuple(dict.fromkeys(found))
