"""What tests of daemon share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from archive.keys.daemon.assembly import KeysConfig
from archive.keys.daemon.sockets import serve_keys
from tests.archive.keys.scene import CHEAP, NOW_US


def a_config(folder: Path) -> KeysConfig:
    return KeysConfig(
        folder=folder, passphrase_file=folder / "passphrase", makes_passphrase=True, cost=CHEAP
    )


@asynccontextmanager
async def served(config: KeysConfig) -> AsyncIterator[None]:
    stop, ready = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(
            serve_keys(
                config, stop, now_us=lambda: NOW_US, on_ready=ready.set, protect=lambda: None
            )
        )
        await ready.wait()
        try:
            yield
        finally:
            stop.set()
