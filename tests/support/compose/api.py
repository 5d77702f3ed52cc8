"""What tests of api share."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rokuon.compose.api.server import run_api
from rokuon.config.load import parse
from tests.rokuon.installation import Installation


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def get(port: int, path: str, token: str, *more: str) -> tuple[int, bytes]:
    """Status and body of a GET."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"GET {path} HTTP/1.1", "Host: x", "Connection: close", *more]
    head = [*lines, f"Authorization: Bearer {token}", "", ""]
    writer.write("\r\n".join(head).encode())
    answer = await reader.read()
    writer.close()
    status, _, body = answer.partition(b"\r\n\r\n")
    return int(status.split()[1]), body


@asynccontextmanager
async def answering(site: Installation, more: str = "", http: str = "") -> AsyncIterator[int]:
    """The part in this process while the block lasts; its port."""
    port = free_port()
    own = f'[http]\nport = {port}\nsocket = "{site.folder}/own.sock"\n{http}'
    text = f'{own}\n{more}\n[node]\ndata = "{site.config.node.data}"'
    config = parse(text, name="-", base=site.folder)
    stop, ready = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(run_api(config, stop, ready.set))
        await asyncio.wait_for(ready.wait(), 20)
        yield port
        stop.set()
