"""The retention runner as it is put together."""

import asyncio

from archive.keys.client.key_client import KeyClient
from rokuon.compose.archive.catalog import prepare_catalog
from rokuon.compose.archive.key_daemon import open_keys
from rokuon.compose.archive.retention_part import open_runner
from rokuon.compose.start.foreground_part import part_main
from tests.rokuon.installation import installation


async def test_the_part_says_that_it_is_ready_and_stops_when_told() -> None:
    """Over its own socket at the key daemon; there is nothing to do."""
    with installation() as made:
        prepare_catalog(made.config).dispose()
        stop, ready = asyncio.Event(), asyncio.Event()
        async with asyncio.TaskGroup() as group, asyncio.timeout(30):
            group.create_task(part_main("retention")(made.config, stop, ready.set))
            await ready.wait()
            stop.set()

        keys: KeyClient = open_keys(made.config, "retention")
        assert open_runner(made.config, keys).per_second == made.config.retention.per_second
