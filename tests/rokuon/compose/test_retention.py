"""The retention runner as it is put together."""

import asyncio

from archive.keys.client import KeyClient
from rokuon.compose.catalog import prepare_catalog
from rokuon.compose.keys import open_keys
from rokuon.compose.parts import part_main
from rokuon.compose.retention import open_runner
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
