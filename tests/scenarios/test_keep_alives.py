"""Keep-alives of RFC 5626 on every transport, between the messages of a client. Raw sockets."""

import socket
import ssl
from contextlib import closing

import pytest

from tests.scenarios.server import HOST, KNOWN_PEER, STRANGER, Server

pytestmark = pytest.mark.scenario

PATIENCE_S = 5
PING, PONG = b"\r\n\r\n", b"\r\n"
# RFC 8489 §5: a Binding request without attributes; its cookie, and a transaction of twelve bytes.
ASK = bytes.fromhex("00010000 2112a442") + b"transaction!"
OPTIONS = (
    b"OPTIONS sip:srs@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/%s 127.0.0.2;branch=z9hG4bKping;rport\r\n"
    b"Max-Forwards: 70\r\nFrom: <sip:a@127.0.0.2>;tag=a\r\nTo: <sip:srs@127.0.0.1>\r\n"
    b"Call-ID: ping\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)


def connected(server: Server, transport: str) -> socket.socket:
    """A connection from the known peer."""
    port = server.tls_port if transport == "tls" else server.sip_port
    plain = socket.create_connection((HOST, port), PATIENCE_S, (KNOWN_PEER, 0))
    if transport == "tcp":
        return plain
    context = ssl.create_default_context(cafile=str(server.certificate))
    context.check_hostname = False
    return context.wrap_socket(plain)


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_a_double_crlf_is_answered_between_two_messages(server: Server, transport: str) -> None:
    """§3.5.1: the client knows that the connection lives, and so do firewalls on the way."""
    with closing(connected(server, transport)) as peer:
        for _ in range(3):
            peer.sendall(PING)
            assert peer.recv(2_048) == PONG
            peer.sendall(OPTIONS % transport.upper().encode())
            assert peer.recv(65_536).startswith(b"SIP/2.0 200 ")


def test_a_binding_request_is_answered_with_where_it_came_from(server: Server) -> None:
    """§3.5.2, on the port of SIP; who is no source gets no byte."""
    for host, is_known in ((KNOWN_PEER, True), (STRANGER, False)):
        with socket.socket(type=socket.SOCK_DGRAM) as peer:
            peer.bind((host, 0))
            peer.settimeout(PATIENCE_S if is_known else 0.5)
            peer.sendto(ASK, (HOST, server.sip_port))
            if is_known:
                answer = peer.recv(2_048)
                assert (answer[:2], answer[8:20]) == (b"\x01\x01", ASK[8:])
                port = int.from_bytes(answer[26:28]) ^ 0x2112
                assert port == peer.getsockname()[1]
            else:
                with pytest.raises(TimeoutError):
                    peer.recv(2_048)


def test_a_double_crlf_in_a_datagram_is_nothing(server: Server) -> None:
    """Older clients keep their place in a translator's table by it; a message after it is heard."""
    with socket.socket(type=socket.SOCK_DGRAM) as peer:
        peer.bind((KNOWN_PEER, 0))
        peer.settimeout(PATIENCE_S)
        peer.sendto(PING, (HOST, server.sip_port))
        peer.sendto(OPTIONS % b"UDP", (HOST, server.sip_port))

        assert peer.recv(65_536).startswith(b"SIP/2.0 200 ")
