"""The API over TLS, and in clear where nobody can read along."""

import asyncio
from pathlib import Path

import pytest

from rokuon.compose.api import http_server
from rokuon.compose.api.users import make_token
from tests.capture.endpoints.papers import Authority
from tests.rokuon.installation import Installation
from tests.support.compose.api import answering
from tests.support.compose.http_tls import ASKED, NAME, said, settings, trusting


async def test_who_trusts_the_authority_is_answered_and_nobody_in_clear(
    site: Installation, tmp_path: Path
) -> None:
    """The Unix socket beside it is asked as ever: it has no network to be read on."""
    authority = Authority(tmp_path)
    token = make_token(site.config, "crm")
    async with answering(site, http=settings(authority)) as port:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=trusting(authority), server_hostname=NAME
        )
        writer.write(ASKED.format(token).encode())
        over_tls = await said(reader)
        spoken = writer.get_extra_info("ssl_object").version()
        writer.close()
        clear, in_clear = await asyncio.open_connection("127.0.0.1", port)
        in_clear.write(ASKED.format(token).encode())
        refused = await asyncio.wait_for(clear.read(), 10)
        in_clear.close()
        local, locally = await asyncio.open_unix_connection(site.folder / "own.sock")
        locally.write(ASKED.format(token).encode())
        beside = await said(local)
        locally.close()

    assert over_tls == beside == b"HTTP/1.1 200 OK\r\n"
    assert spoken in {"TLSv1.2", "TLSv1.3"}
    assert b"HTTP" not in refused


async def test_a_stop_does_not_wait_for_the_next_tick(
    site: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What wakes up seldom is told when to leave."""
    monkeypatch.setattr(http_server, "TICK_S", 3600)
    async with asyncio.timeout(60), answering(site) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_who_connects_and_says_nothing_is_let_go(
    site: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A descriptor is not kept by silence."""
    monkeypatch.setattr(http_server, "HANDSHAKE_S", 0.05)
    async with answering(site, http=settings(Authority(tmp_path))) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        end = await asyncio.wait_for(reader.read(), 10)
        writer.close()

    assert end == b""
