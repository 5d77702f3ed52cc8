"""Calls whose peer comes back in another way: TLS made anew, the other Kamailio of a pair.

The signalling goes over OpenSSL and through Kamailio, by the configuration that we ship. Who has
Call-ID and tags and is another peer takes nothing over.
"""

import os
import re
import signal
import socket
import ssl
import struct
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.capture.endpoints.papers import Authority
from tests.scenarios import bodies
from tests.scenarios.odd_peer import PLAIN, Dialog, Invitation
from tests.scenarios.phones import kamailio
from tests.scenarios.recordings import Recorded
from tests.scenarios.server import HOST, KNOWN_PEER, Server, running
from tests.scenarios.waiting import now, until

pytestmark = pytest.mark.scenario

WITHOUT_KAMAILIO: Final = kamailio.why_not()
FIRST, SECOND, UNDECLARED = "127.0.0.21", "127.0.0.22", "127.0.0.23"
PATIENCE_S: Final = 30.0
# Those of one call are told from those of all others by it.
MARK_BYTES: Final = 160
_SOURCE: Final = '[[source]]\nname = "{name}"\nzone = "UTC"\naddress = ["{host}/32"]\n{more}\n'
_OFFERED_PORT: Final = re.compile(r"m=audio \d+")
_STATUS: Final = re.compile(rb"SIP/2\.0 (\d{3}) ")
_CONTACT: Final = re.compile(rb"(?im)^Contact: *<([^>]*)>")
_TO: Final = re.compile(rb"(?im)^To:[^\r]*")
_ROUTED: Final = re.compile(rb"(?im)^Record-Route: *<sip:[^;>]*")
_MEDIA: Final = re.compile(rb"(?m)^m=audio (\d+) ")


@dataclass(slots=True)
class Caller:
    """A recording client with one call; its wire may be another one for each request."""

    dialog: Dialog
    voice: socket.socket
    marks: list[bytes] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    routed: bytes = b""
    cseq: int = 1
    sent: int = 0

    def begin(self) -> None:
        """Call, and acknowledge what is answered."""
        lines, body = self.dialog.invitation.content(0)
        self.dialog.tell(b"INVITE", 1, *lines, body=body)
        answer = self.dialog.answer(b"1 INVITE")
        assert answer.startswith(b"SIP/2.0 200 "), answer
        to, contact = _TO.search(answer), _CONTACT.search(answer)
        assert to is not None
        assert contact is not None
        self.dialog.to, self.dialog.uri = to[0], contact[1]
        self.ports = [int(port) for port in _MEDIA.findall(answer)]
        routed = _ROUTED.search(answer)
        self.routed = routed[0] if routed else b""
        self.dialog.tell(b"ACK", 1, *self.way())

    def way(self, proxy: str = "") -> list[bytes]:
        """The header that leads through the proxy of the call, or through that one instead."""
        if not self.routed:
            return []
        target = f"<sip:{proxy}".encode() if proxy else self.routed.partition(b":")[2].strip()
        return [b"Route: " + target + b";lr>"]

    def asks(self, method: bytes, proxy: str = "", body: str = "") -> int:
        """A request within the call; the status of its answer."""
        self.cseq += 1
        kind = [b"Content-Type: application/sdp"] if body else []
        self.dialog.tell(method, self.cseq, *self.way(proxy), *kind, body=body.encode())
        answer = self.dialog.answer(b"%d %s" % (self.cseq, method))
        if method == b"INVITE":
            self.dialog.tell(b"ACK", self.cseq, *self.way(proxy))
        status = _STATUS.match(answer)
        assert status is not None
        return int(status[1])

    def speak(self) -> None:
        """Say to each port what nobody else says, and remember it."""
        mark = os.urandom(MARK_BYTES)
        self.marks.append(mark)
        for port in self.ports:
            for number in range(self.sent, self.sent + 5):
                head = struct.pack(">BBHII", 0x80, 0, number, MARK_BYTES * number, port)
                self.voice.sendto(head + mark, (HOST, port))
        self.sent += 5


@contextmanager
def calling(wire: socket.socket, uri: str) -> Iterator[Caller]:
    """Who calls over this wire."""
    with socket.socket(type=socket.SOCK_DGRAM) as voice:
        voice.bind((KNOWN_PEER, 0))
        dialog = Dialog(Invitation("siprec", PLAIN), wire, uri.encode(), f"To: <{uri}>".encode())
        yield Caller(dialog, voice)


def recorded(server: Server, caller: Caller) -> Recorded:
    """Its recording, once it is over."""
    near = [(now() + timedelta(hours=hours)).isoformat() for hours in (-1, 1)]
    clues = ("--id", caller.dialog.invitation.call_id, "--from", near[0], "--to", near[1])

    def find() -> Recorded | None:
        rows = server.rows("calls", "find", *clues)
        return next((Recorded(server, row) for row in rows), None)

    return until(find, "the recording", within_s=PATIENCE_S)


def said_in(found: Recorded, caller: Caller) -> list[int]:
    """How many packets of each of its marks are kept."""
    payloads = [each.payload for each in found.datagrams()]
    return [sum(payload.endswith(mark) for payload in payloads) for mark in caller.marks]


def elsewhere() -> str:
    """An offer of somebody who wants to be where the reports go."""
    return _OFFERED_PORT.sub("m=audio 7700", bodies.description()).replace("1 1 IN", "1 9 IN")


def same_again(version: int) -> str:
    """What was offered, offered again."""
    return bodies.description().replace("1 1 IN", f"1 {version} IN")


# -- TLS ------------------------------------------------------------------------------------------


@pytest.fixture
def papers() -> Iterator[tuple[Authority, Server]]:
    """A Rokuon that knows two peers at one address by their certificates alone."""
    with tempfile.TemporaryDirectory(prefix="rk") as name:
        folder = Path(name)
        authority = Authority(folder)
        asked = f'client_authorities = "{authority.path}"\nclient_certificates = "optional"\n'
        peers = "".join(
            _SOURCE.format(name=each, host=KNOWN_PEER, more=f'certificate = "{each}.example"')
            for each in ("sbc", "other")
        )
        with running(folder, peer="127.0.0.99/32", signalling=asked, more=peers) as server:
            yield authority, server


def connected(server: Server, authority: Authority, name: str = "") -> ssl.SSLSocket:
    """A new connection, with the certificate of that name or with none."""
    context = ssl.create_default_context(cafile=str(server.certificate))
    context.check_hostname = False
    if name:
        context.load_cert_chain(*authority.issue(name))
    wire = socket.create_connection((HOST, server.tls_port), source_address=(KNOWN_PEER, 0))
    wire.settimeout(PATIENCE_S)
    return context.wrap_socket(wire)


def test_a_call_goes_on_when_its_peer_makes_tls_anew_and_nobody_else_takes_it_over(
    papers: tuple[Authority, Server],
) -> None:
    """By the certificate, not by the connection nor by the address, which another peer has too."""
    authority, server = papers
    uri = f"sip:rec@{HOST}:{server.tls_port};transport=tls"
    with ExitStack() as stack:
        wires = [connected(server, authority, name) for name in ("sbc.example", "other.example")]
        first, other = (stack.enter_context(each) for each in wires)
        caller = stack.enter_context(calling(first, uri))
        caller.begin()
        caller.speak()
        first.close()

        caller.dialog.socket = other
        assert caller.asks(b"INVITE", body=elsewhere()) == 488
        assert caller.asks(b"UPDATE", body=elsewhere()) == 488
        nobody = stack.enter_context(connected(server, authority))
        caller.dialog.socket = nobody
        caller.cseq += 1
        caller.dialog.tell(b"BYE", caller.cseq)
        assert is_refused(caller, b"BYE")

        caller.dialog.socket = stack.enter_context(connected(server, authority, "sbc.example"))
        assert caller.asks(b"INVITE", body=same_again(2)) == 200
        caller.speak()
        assert caller.asks(b"BYE") == 200
        found = recorded(server, caller)

    assert said_in(found, caller) == [10, 10]
    assert "foreign_request" in found.flags
    assert found.row["source"] == "sbc"


def is_refused(caller: Caller, method: bytes) -> bool:
    """Who is nobody is answered 481, or his connection ends."""
    try:
        answer = caller.dialog.answer(b"%d %s" % (caller.cseq, method))
    except OSError:
        return True
    return answer.startswith(b"SIP/2.0 481 ")


# -- a pair of Kamailios ---------------------------------------------------------------------------


@pytest.mark.skipif(bool(WITHOUT_KAMAILIO), reason=WITHOUT_KAMAILIO or "it is here")
@pytest.mark.parametrize("declared", ["one source", "a group"])
def test_a_call_goes_on_through_the_other_kamailio_of_its_pair_and_no_third_one(
    declared: str, tmp_path: Path
) -> None:
    """The first is killed in mid-call. One that nobody declared is given nothing."""
    group = 'peer_group = "pair"'
    more = "".join(
        _SOURCE.format(name=name, host=host, more=group)
        for name, host in (("one", FIRST), ("two", SECOND))
    )
    if declared == "one source":
        more = _SOURCE.format(name="one", host=f'{FIRST}/32", "{SECOND}', more="")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rk")))
        server = stack.enter_context(running(folder, peer="127.0.0.99/32", timeout_s=60, more=more))
        node = f"sip:{HOST}:{server.sip_port}"
        proxies = {
            host: stack.enter_context(kamailio.chooser(tmp_path / host, [node], host=host))
            for host in (FIRST, SECOND, UNDECLARED)
        }
        wires = {host: stack.enter_context(wire_to(proxy)) for host, proxy in proxies.items()}
        caller = stack.enter_context(calling(wires[FIRST], f"sip:rec@{HOST}:{server.sip_port}"))
        caller.begin()
        caller.speak()
        os.killpg(proxies[FIRST].process.pid, signal.SIGKILL)

        for method, body in ((b"UPDATE", elsewhere()), (b"INVITE", elsewhere()), (b"BYE", "")):
            caller.dialog.socket = wires[UNDECLARED]
            assert caller.asks(method, proxies[UNDECLARED].target, body) in {408, 481}
        caller.dialog.socket = wires[SECOND]
        assert caller.asks(b"INVITE", proxies[SECOND].target, same_again(2)) == 200
        caller.speak()
        assert caller.asks(b"BYE", proxies[SECOND].target) == 200
        found = recorded(server, caller)

        assert said_in(found, caller) == [10, 10]
        assert "foreign_request" not in found.flags
        assert found.row["source"] == "one"


def wire_to(proxy: kamailio.Proxy) -> socket.socket:
    """A socket of the client towards it."""
    wire = socket.socket(type=socket.SOCK_DGRAM)
    wire.bind((KNOWN_PEER, 0))
    wire.settimeout(PATIENCE_S)
    wire.connect((proxy.host, proxy.port))
    return wire
