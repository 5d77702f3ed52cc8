"""The part of the API that finishes what was begun with legal holds."""

import asyncio
from pathlib import Path

from prometheus_client import CollectorRegistry

from api.holds.gauges import HoldGauges
from rokuon.compose.api.server import keep_holds_up
from tests.api.holds.scene import hold_site, wish


async def test_a_key_daemon_that_comes_back_is_asked_again(tmp_path: Path) -> None:
    """Until then the placing waits, and the part goes on."""
    registry = CollectorRegistry()
    async with hold_site(tmp_path) as site:
        site.key_client.away = True
        await site.placements.place(site.owner, wish())
        stop = asyncio.Event()
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            group.create_task(keep_holds_up(site.upkeep, HoldGauges(registry), stop, every_s=0.001))
            while registry.get_sample_value("rokuon_held_recordings") != 3:
                site.key_client.away = False
                await asyncio.sleep(0)
            stop.set()

    assert registry.get_sample_value("rokuon_holds_placing") == 0
    assert len(site.key_client.active) == 1
