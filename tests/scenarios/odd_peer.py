"""A peer that says what no phone does: bytes as they are, over UDP, or TCP where they are many.

It calls by either door and is called behind the inline one. Knows nothing of what is made of it.
"""

import re
import secrets
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import quote

from tests.odd_calls import Oddity, metadata, raw
from tests.scenarios import bodies
from tests.scenarios.server import HOST, KNOWN_PEER
from tests.scenarios.waiting import now

Door = Literal["siprec", "inline"]
DOORS: Final[tuple[Door, ...]] = ("siprec", "inline")
CALLER, CALLEE = "127.0.0.11", "127.0.0.12"
CALLED: Final = "0355001234"
# Nobody listens there: he says nothing, and hears nothing.
CALLEE_VOICE: Final = 6990
PLAIN: Final = Oddity(kind="plain", text="Suzuki")
# What is said to each port that is answered.
PACKETS: Final = 5
# More than a datagram holds, with room for what else is in it.
_MOST_BY_DATAGRAM: Final = 48_000
_PATIENCE_S: Final = 30.0
_PROVISIONAL: Final = range(100, 200)
_OK: Final = 200
_STATUS: Final = re.compile(rb"SIP/2\.0 (\d{3}) ")
_CSEQ: Final = re.compile(rb"(?im)^CSeq: *(\d+ \w+)")
_TO: Final = re.compile(rb"(?im)^To:[^\r]*")
_CONTACT: Final = re.compile(rb"(?im)^Contact: *<([^>]*)>")
_ECHOED: Final = re.compile(rb"(?im)^(?:Via|From|Call-ID|CSeq|Record-Route):[^\r]*")
_LENGTH: Final = re.compile(rb"(?im)^Content-Length: *(\d+)")
_MEDIA: Final = re.compile(rb"(?m)^m=audio (\d+) ")


def one_voice(host: str, port: int) -> bytes:
    """A description of it."""
    return (
        f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
    ).encode()


def _port(of: socket.socket) -> int:
    return int(of.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a call says of itself; its number and the end of its Call-ID are its own."""

    door: Door
    oddity: Oddity
    number: str = field(default_factory=lambda: f"+8130{secrets.randbelow(10**8):08d}")
    own_id: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def call_id(self) -> str:
        """An odd one, where that is what is odd."""
        return f"{self.oddity.call_id or 'odd'}-{self.own_id}"

    @property
    def host(self) -> str:
        """Where it is from, by which it is known which door it takes."""
        return KNOWN_PEER if self.door == "siprec" else CALLER

    @property
    def role(self) -> bytes:
        """What its Contact says of who calls (RFC 7866 section 6.1.1)."""
        return b";+sip.src" if self.door == "siprec" else b""

    @property
    def user(self) -> bytes:
        """Of its From."""
        said = quote(raw(self.oddity.text)[:200]) if self.door == "inline" else ""
        return (said or "src").encode()

    def content(self, port: int) -> tuple[list[bytes], bytes]:
        """Header lines and body of its INVITE; its voice is at that port."""
        return self._described() if self.door == "siprec" else self._asserted(port)

    def _described(self) -> tuple[list[bytes], bytes]:
        odd = self.oddity
        document = (
            bodies.metadata(self.number).encode()
            if odd is PLAIN
            else metadata(odd.text, self.number, odd.more)
        )
        cut = secrets.token_hex(16).encode()
        pieces = ((b"application/sdp", bodies.description().encode()),
                  (b"application/rs-metadata+xml", document))  # fmt: skip
        body = b"".join(
            b"--%s\r\nContent-Type: %s\r\n\r\n%s\r\n" % (cut, kind, piece) for kind, piece in pieces
        )
        mixed = b"Content-Type: multipart/mixed;boundary=" + cut
        return [b"Require: siprec", mixed], body + b"--%s--\r\n" % cut

    def _asserted(self, port: int) -> tuple[list[bytes], bytes]:
        name = self.oddity.text.replace("\\", "\\\\").replace('"', '\\"')
        asserted = raw(f'P-Asserted-Identity: "{name}" <sip:{self.number}@carrier.example>')
        others = [
            b"P-Asserted-Identity: <sip:%d@pbx.example>" % at for at in range(self.oddity.more)
        ]
        kind = b"Content-Type: application/sdp"
        return [asserted, *others, kind], one_voice(self.host, port)


@dataclass(slots=True)
class Dialog:
    """The signalling of one call, on a socket of its own; where it goes next, and with which To."""

    invitation: Invitation
    socket: socket.socket
    uri: bytes
    to: bytes

    def tell(self, method: bytes, number: int, *lines: bytes, body: bytes = b"") -> None:
        """A request with this CSeq, and with these headers beside those that each has."""
        at = f"{self.invitation.host}:{_port(self.socket)}".encode()
        transport = b"TCP" if self.socket.type == socket.SOCK_STREAM else b"UDP"
        if isinstance(self.socket, ssl.SSLSocket):
            transport = b"TLS"
        branch = secrets.token_hex(8).encode()
        head = (
            b"%s %s SIP/2.0" % (method, self.uri),
            b"Via: SIP/2.0/%s %s;branch=z9hG4bK%s" % (transport, at, branch),
            b"Max-Forwards: 70",
            b"From: <sip:%s@%s>;tag=odd" % (self.invitation.user, self.invitation.host.encode()),
            self.to,
            b"Call-ID: " + raw(self.invitation.call_id),
            b"CSeq: %d %s" % (number, method),
            b"Contact: <sip:src@%s;transport=%s>" % (at, transport.lower()) + self.invitation.role,
            *lines,
            b"Content-Length: %d" % len(body),
        )
        self.socket.sendall(b"\r\n".join(head) + b"\r\n\r\n" + body)

    def answer(self, cseq: bytes) -> bytes:
        """The final answer to that request; raises `OSError` where there is none."""
        waiting = b""
        while True:
            waiting += self._more()
            while b"\r\n\r\n" in waiting:
                head, _, waiting = waiting.partition(b"\r\n\r\n")
                length = _LENGTH.search(head)
                body_bytes = int(length[1]) if length else 0
                while len(waiting) < body_bytes:
                    waiting += self._more()
                body, waiting = waiting[:body_bytes], waiting[body_bytes:]
                status, of = _STATUS.match(head), _CSEQ.search(head)
                if status and of and of[1] == cseq and int(status[1]) not in _PROVISIONAL:
                    return head + b"\r\n\r\n" + body

    def _more(self) -> bytes:
        """What comes next."""
        if came := self.socket.recv(1 << 16):
            return came
        raise ConnectionError("the other end has closed it")


class OddCall:
    """One call: begun, answered or refused, spoken in, hung up."""

    def __init__(self, sip_port: int, door: Door, oddity: Oddity) -> None:
        """Call, and wait for the final answer; raises `TimeoutError` where there is none."""
        self.invitation = Invitation(door, oddity)
        self.began_at = self.ended_at = now()
        # Nobody else says this.
        self.mark = secrets.token_bytes(160)
        self._voice = socket.socket(type=socket.SOCK_DGRAM)
        self._voice.bind((self.invitation.host, 0))
        lines, body = self.invitation.content(_port(self._voice))
        is_long = len(body) + sum(map(len, lines)) > _MOST_BY_DATAGRAM
        wire = socket.socket(type=socket.SOCK_STREAM if is_long else socket.SOCK_DGRAM)
        wire.settimeout(_PATIENCE_S)
        wire.bind((self.invitation.host, 0))
        wire.connect((HOST, sip_port))
        uri = f"sip:{CALLED}@{HOST}:{sip_port}".encode()
        self._dialog = Dialog(self.invitation, wire, uri, b"To: <%s>" % uri)
        self._dialog.tell(b"INVITE", 1, *lines, body=body)
        answer = self._dialog.answer(b"1 INVITE")
        self.status = int(answer[len("SIP/2.0 ") :][:3])
        self.ports = [int(port) for port in _MEDIA.findall(answer)] if self.is_taken else []
        self._acknowledge(answer)

    @property
    def is_taken(self) -> bool:
        """Whether it was answered."""
        return self.status == _OK

    def _acknowledge(self, answer: bytes) -> None:
        to, contact = _TO.search(answer), _CONTACT.search(answer)
        assert to is not None
        self._dialog.to = to[0]
        if contact and self.is_taken:
            self._dialog.uri = contact[1]
        self._dialog.tell(b"ACK", 1)

    def speak(self) -> None:
        """Say what nobody else says to each port that was answered."""
        for port in self.ports:
            for at in range(PACKETS):
                head = struct.pack(">BBHII", 0x80, 0, at, 160 * at, port)
                self._voice.sendto(head + self.mark, (HOST, port))

    def hang_up(self) -> None:
        """End it; one that was refused has ended."""
        if self.is_taken:
            self._dialog.tell(b"BYE", 2)
            assert self._dialog.answer(b"2 BYE").startswith(b"SIP/2.0 200 ")
        self._dialog.socket.close()
        self._voice.close()
        self.ended_at = now()


@contextmanager
def callee() -> Iterator[str]:
    """Who is called behind the inline door and takes every call; his URI."""
    with socket.socket(type=socket.SOCK_DGRAM) as ours:
        ours.bind((CALLEE, 0))
        ours.settimeout(0.1)
        over = threading.Event()
        thread = threading.Thread(target=_take_all, args=(ours, over))
        thread.start()
        try:
            yield f"sip:bob@{CALLEE}:{_port(ours)}"
        finally:
            over.set()
            thread.join()


def _take_all(ours: socket.socket, over: threading.Event) -> None:
    while not over.is_set():
        try:
            data, peer = ours.recvfrom(1 << 16)
        except TimeoutError:
            continue
        if data.strip() and not data.startswith((b"SIP/2.0 ", b"ACK ")):
            ours.sendto(_taken(data, _port(ours)), peer)


def _taken(request: bytes, port: int) -> bytes:
    """200, with a description where there was an offer."""
    to = _TO.search(request)
    assert to is not None
    body = one_voice(CALLEE, CALLEE_VOICE) if request.startswith(b"INVITE ") else b""
    head = (
        b"SIP/2.0 200 OK",
        *_ECHOED.findall(request),
        to[0] + (b"" if b";tag=" in to[0] else b";tag=bob"),
        f"Contact: <sip:bob@{CALLEE}:{port}>".encode(),
        *([b"Content-Type: application/sdp"] if body else ()),
        b"Content-Length: %d" % len(body),
    )
    return b"\r\n".join(head) + b"\r\n\r\n" + body
