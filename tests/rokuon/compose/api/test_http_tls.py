"""Certificates of the API that change, and handshakes that are one too many."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
from cryptography import x509
from structlog.testing import capture_logs

from rokuon.compose.api import http_tls
from rokuon.compose.api.http_tls import HttpCertificate, TlsListener
from rokuon.compose.api.users import make_token
from tests.capture.endpoints.papers import Authority
from tests.rokuon.installation import Installation
from tests.support.compose.api import answering
from tests.support.compose.http_tls import ASKED, NAME, said, settings, trusting
from tests.support.live_signalling import until

# Before any handshake ends because it lasts too long.
HALF_S = http_tls.HANDSHAKE_S / 2


async def serial(port: int, authority: Authority) -> int:
    """Of the certificate that a new connection is shown."""
    _, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=trusting(authority), server_hostname=NAME
    )
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return x509.load_der_x509_certificate(shown).serial_number


async def test_who_begins_many_handshakes_keeps_nobody_else_from_one(
    site: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that are one too many are closed at once."""
    monkeypatch.setattr(http_tls, "HANDSHAKES_AT_ONCE", 3)
    monkeypatch.setattr(http_tls, "HANDSHAKES_PER_S", 0.001)
    authority = Authority(tmp_path)
    async with answering(site, http=settings(authority) + 'bind = "0.0.0.0"\n') as port:
        begun = [
            await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.0.2", 0))
            for _ in range(5)
        ]
        cut = [await asyncio.wait_for(reader.read(), 10) for reader, _ in begun[3:]]
        other = await serial(port, authority)
        waiting = [not reader.at_eof() for reader, _ in begun[:3]]
        for _, writer in begun:
            writer.close()

    assert cut == [b"", b""]
    assert waiting == [True] * 3
    assert other


async def test_a_crowd_of_many_addresses_keeps_nobody_from_a_handshake(
    site: Installation, tmp_path: Path
) -> None:
    """Each begins one and says nothing: no more than so many stay, and others are served at once.

    Who has shaken hands before loses nothing, and of an address with many the oldest goes first.
    """
    authority, more = Authority(tmp_path), 60
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(
            answering(site, http=settings(authority) + 'bind = "0.0.0.0"\n')
        )
        before, asking = await asyncio.open_connection(
            "127.0.0.1", port, ssl=trusting(authority), server_hostname=NAME
        )
        stack.callback(asking.close)
        crowd = [
            await idle(stack, port, f"127.0.{1 + n // 200}.{1 + n % 200}")
            for n in range(http_tls.MAX_HANDSHAKES + more)
        ]
        ended = [await asyncio.wait_for(each.read(), HALF_S) for each in crowd[:more]]
        other = await asyncio.wait_for(serial(port, authority), HALF_S)
        greedy = [await idle(stack, port, "127.0.9.9") for _ in range(3)]
        ended += [await asyncio.wait_for(each.read(), HALF_S) for each in greedy[:2]]
        stay = [not each.at_eof() for each in [*crowd[more + 1 :], greedy[2]]]
        asking.write(ASKED.format("x").encode())
        answered = await said(before)

    assert ended == [b""] * (more + 2)
    assert stay == [True] * http_tls.MAX_HANDSHAKES
    assert other
    assert answered.startswith(b"HTTP/1.1 ")


async def idle(stack: AsyncExitStack, port: int, host: str) -> asyncio.StreamReader:
    """Who connects from an address and says nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(host, 0))
    stack.callback(writer.close)
    return reader


async def test_a_network_of_ipv6_has_one_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has one address of a /64 has them all."""
    monkeypatch.setattr(http_tls, "HANDSHAKES_AT_ONCE", 2)
    listener = TlsListener(socket.AF_INET6)
    listener.share_out()
    ends = [socket.socketpair() for _ in range(3)]
    came = iter(enumerate(ends))

    def accept(_: socket.socket) -> tuple[socket.socket, tuple[object, ...]]:
        number, (end, _other) = next(came)
        return end, (f"2001:db8::{number + 1}", 5_000, 0, 0)

    monkeypatch.setattr(socket.socket, "accept", accept)
    taken = []
    for _ in ends:
        with suppress(BlockingIOError):
            taken.append(listener.accept()[1][0])
        listener._accept_again()
    for pair in [*ends, (listener,)]:
        for each in pair:
            each.close()

    assert taken == ["2001:db8::1", "2001:db8::2"]


async def test_a_certificate_that_was_renewed_is_shown_without_a_restart(
    site: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is connected stays so."""
    monkeypatch.setattr(http_tls, "LOOK_S", 0.01)
    authority = Authority(tmp_path)
    token = make_token(site.config, "crm")
    async with answering(site, http=settings(authority)) as port:
        before = await serial(port, authority)
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=trusting(authority), server_hostname=NAME
        )
        with capture_logs() as logs:
            authority.issue(NAME)
            await until(lambda: "certificate taken" in [each["event"] for each in logs])
        after = await serial(port, authority)
        writer.write(ASKED.format(token).encode())
        kept = await said(reader)
        writer.close()

    assert after != before
    assert kept == b"HTTP/1.1 200 OK\r\n"


def shown(certificate: HttpCertificate, authority: Authority) -> int:
    """The serial of what a client gets that begins now, in this process."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = certificate.context.wrap_bio(to_server, to_client, server_side=True)
    client = trusting(authority).wrap_bio(to_client, to_server, server_hostname=NAME)
    for _ in range(3):
        for side in (client, server):
            with suppress(ssl.SSLWantReadError):
                side.do_handshake()
    found = client.getpeercert(binary_form=True)
    assert found is not None
    return x509.load_der_x509_certificate(found).serial_number


def without_key(files: tuple[Path, Path]) -> None:
    files[1].unlink()


def with_another_key(files: tuple[Path, Path]) -> None:
    files[1].write_bytes(Authority(files[1].parent, "other").issue("other.example")[1].read_bytes())


def half_written(files: tuple[Path, Path]) -> None:
    files[0].write_bytes(files[0].read_bytes()[:200])


@pytest.mark.parametrize("broken", [without_key, with_another_key, half_written])
def test_what_cannot_be_used_is_said_once_and_the_one_before_stays(
    tmp_path: Path, broken: Callable[[tuple[Path, Path]], None]
) -> None:
    """Files are replaced one after the other, and a disk may be full in between."""
    authority = Authority(tmp_path)
    files = authority.issue(NAME)
    certificate = HttpCertificate(*files)
    first = shown(certificate, authority)
    broken(files)
    with capture_logs() as logs:
        certificate.look()
        certificate.look()
    kept = shown(certificate, authority)
    authority.issue(NAME)
    with capture_logs() as mended:
        certificate.look()

    assert [each["event"] for each in logs] == ["certificate not taken"]
    assert [each["event"] for each in mended] == ["certificate taken"]
    assert kept == first
    assert shown(certificate, authority) != first
