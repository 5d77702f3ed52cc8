"""The API as it is put together: over HTTP, with a token, from an archived call."""

import asyncio
import socket

import pytest

from archive.catalog.revision import CatalogOutdated
from rokuon.compose.api import run_api
from rokuon.compose.people import make_token
from rokuon.config.load import parse
from tests.rokuon.installation import Installation


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def get(port: int, path: str, token: str) -> tuple[int, bytes]:
    """Status and body of a GET."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"GET {path} HTTP/1.1", "Host: x", "Connection: close"]
    head = [*lines, f"Authorization: Bearer {token}", "", ""]
    writer.write("\r\n".join(head).encode())
    answer = await reader.read()
    writer.close()
    status, _, body = answer.partition(b"\r\n\r\n")
    return int(status.split()[1]), body


async def test_the_part_answers_from_ready_on_and_lets_nobody_in_without_a_token(
    site: Installation,
) -> None:
    """Deny by default, through the real socket."""
    port = free_port()
    text = f'[http]\nport = {port}\n[node]\ndata = "{site.config.node.data}"'
    config = parse(text, name="-", base=site.folder)
    token = make_token(site.config, "tester")
    stop, ready = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(run_api(config, stop, ready.set))
        await asyncio.wait_for(ready.wait(), 20)
        health = await get(port, "/api/v1/health", "")
        refused = await get(port, f"/api/v1/calls/{'0' * 32}", "wrong")
        unknown = await get(port, f"/api/v1/calls/{'0' * 32}", token)
        stop.set()

    assert health == (200, b'{"status":"ok"}')
    assert (refused[0], unknown[0]) == (401, 404)


async def test_the_part_does_not_start_on_a_catalog_of_another_version(site: Installation) -> None:
    """The keeper brings it up to date; two at once would be one too many."""
    config = parse(f'[catalog]\nurl = "sqlite:///{site.folder}/e.db"', name="-", base=site.folder)

    with pytest.raises(CatalogOutdated):
        await run_api(config, asyncio.Event(), lambda: None)
