"""Wires: TLS between two of them, without a socket."""

import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509

from capture.endpoints.certificates import TlsFiles, client_context, server_context
from capture.endpoints.wire import PLAIN, TlsWire, TlsWires, Wire, WireBroken, names_in
from tests.capture.endpoints.papers import Authority


def shake(one: Wire, other: Wire) -> None:
    """Let both talk until neither has anything to say."""
    for _ in range(8):
        other.receive(one.take())
        one.receive(other.take())


def pair(folder: Path, clients: str = "none") -> tuple[TlsWire, TlsWire]:
    """A server's wire and a client's, whose client has a certificate."""
    authority = Authority(folder)
    server = authority.files("srs.example", clients)  # type: ignore[arg-type]  # a word of the setting
    certificate, key = authority.issue(
        "SBC.example", x509.UniformResourceIdentifier("sip:Pbx.Example;x=1"),
        x509.UniformResourceIdentifier("sip:user@pbx.example"),
    )  # fmt: skip
    client = TlsFiles(certificate=certificate, key=key, authorities=authority.path)
    return (
        TlsWire(server_context(server), is_server=True),
        TlsWire(client_context(client), is_server=False),
    )


def test_a_plain_wire_changes_nothing() -> None:
    """TCP, as it always was."""
    wire = PLAIN.accepted()
    wire.carry(b"one")
    wire.carry(b"two")

    assert (wire.take(), wire.take()) == (b"onetwo", b"")
    assert wire.receive(b"three") == b"three"
    assert (wire.is_open, wire.names) == (True, ())


def test_what_goes_in_on_one_side_comes_out_on_the_other(tmp_path: Path) -> None:
    """And nothing of it is to be read between them."""
    server, client = pair(tmp_path)
    shake(client, server)
    client.carry(b"INVITE")
    between = client.take()

    assert b"INVITE" not in between
    assert server.receive(between) == b"INVITE"
    server.carry(b"200")
    assert client.receive(server.take()) == b"200"


def test_what_is_said_before_hands_are_shaken_is_carried_after_it(tmp_path: Path) -> None:
    """A request that we send on a new connection waits for nothing else."""
    server, client = pair(tmp_path)
    client.carry(b"BYE")
    assert not client.is_open
    shake(client, server)
    client.carry(b"!")

    assert server.receive(client.take()).endswith(b"!")
    assert client.is_open


def test_bytes_may_come_one_by_one(tmp_path: Path) -> None:
    """A stream has no messages."""
    server, client = pair(tmp_path)
    shake(client, server)
    client.carry(b"OPTIONS")
    heard = b"".join(server.receive(bytes([byte])) for byte in client.take())

    assert heard == b"OPTIONS"


def test_a_client_proves_its_names_where_it_is_asked(tmp_path: Path) -> None:
    """RFC 5922 §7.1: DNS names and SIP URIs without a user."""
    server, client = pair(tmp_path, "required")
    shake(client, server)

    assert set(server.names) == {"sbc.example", "pbx.example"}


def test_a_client_that_is_not_asked_proves_nothing(tmp_path: Path) -> None:
    """An unverified name is worth nothing."""
    server, client = pair(tmp_path)
    shake(client, server)

    assert server.names == ()


def test_a_client_without_a_certificate_is_refused_where_one_is_required(tmp_path: Path) -> None:
    """By name, not by silence."""
    authority = Authority(tmp_path)
    server = TlsWire(server_context(authority.files("srs", "required")), is_server=True)
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    nobody.check_hostname, nobody.verify_mode = False, ssl.CERT_NONE
    client = TlsWire(nobody, is_server=False)

    with pytest.raises(WireBroken, match="PEER_DID_NOT_RETURN"):
        shake(client, server)


def test_a_certificate_of_another_authority_is_refused(tmp_path: Path) -> None:
    """Also an optional one must be true."""
    (tmp_path / "other").mkdir()
    ours, other = Authority(tmp_path), Authority(tmp_path / "other")
    server = TlsWire(server_context(ours.files("srs", "optional")), is_server=True)
    certificate, key = other.issue("stranger")
    client = TlsWire(client_context(TlsFiles(certificate=certificate, key=key)), is_server=False)

    with pytest.raises(WireBroken):
        shake(client, server)


def test_what_is_no_tls_is_named(tmp_path: Path) -> None:
    """Plain SIP on the TLS port, most often."""
    server, _ = pair(tmp_path)
    with pytest.raises(WireBroken, match="no TLS"):
        server.receive(b"INVITE sip:a@b SIP/2.0\r\n")

    assert not server.is_open


def test_what_has_not_come_yet_is_waited_for(tmp_path: Path) -> None:
    """A handshake comes in pieces."""
    server, _ = pair(tmp_path)

    assert server.receive(b"\x16\x03\x01") == b""
    assert (server.is_open, server.take()) == (False, b"")


def test_the_end_of_tls_is_the_end_of_the_connection(tmp_path: Path) -> None:
    """What is cut off without it may be an attack; what ends with it has ended."""
    server, client = pair(tmp_path)
    shake(client, server)
    with pytest.raises(ssl.SSLWantReadError):
        client._tls.unwrap()

    with pytest.raises(WireBroken, match="ended"):
        server.receive(client.take())


def test_what_is_said_before_the_end_is_heard(tmp_path: Path) -> None:
    """A BYE and the end of TLS may come in one piece."""
    server, client = pair(tmp_path)
    shake(client, server)
    client.carry(b"BYE")
    with pytest.raises(ssl.SSLWantReadError):
        client._tls.unwrap()

    assert server.receive(client.take()) == b"BYE"
    assert server.is_over


def test_a_new_certificate_is_for_new_connections(tmp_path: Path) -> None:
    """A renewal drops no call."""
    authority = Authority(tmp_path)
    first, second = authority.files("first.example"), authority.files("second.example")
    client = client_context(replace(first, authorities=authority.path))
    wires = TlsWires(server_context(first), client)
    old, old_client = wires.accepted(), TlsWire(client, is_server=False)
    shake(old_client, old)
    wires.use(server_context(second), client)
    new, new_client = wires.accepted(), TlsWire(client, is_server=False)
    shake(new_client, new)

    assert (old_client.names, new_client.names) == (("first.example",), ("second.example",))
    old_client.carry(b"still")
    assert old.receive(old_client.take()) == b"still"


def test_a_certificate_without_names_has_none() -> None:
    """Nothing is made of a common name (RFC 5922 §7.1)."""
    assert names_in({"subject": ((("commonName", "x"),),)}) == ()
    assert names_in({}) == ()
