"""The part `retention`, put together from the configuration.

Knows where things lie, nothing of what is destroyed.
"""

import asyncio
from collections.abc import Callable
from contextlib import closing
from typing import Final

from api.destruction.part import serve_retention
from api.destruction.runner import Runner
from api.destruction.sweep import Sweep
from archive.catalog.engine import open_engine
from archive.catalog.revision import require_current
from archive.destruction.files import FileRemover
from archive.disk import LocalDisk
from archive.ids import DEFAULT_TENANT
from archive.keys.client import KeyClient
from archive.store import LocalStore
from retention.brakes import ClockReading
from rokuon import clock
from rokuon.compose.catalog import url_of
from rokuon.compose.keys import open_keys
from rokuon.config.schema import Config

_US: Final = 1_000_000


async def run_retention(config: Config, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """The part `retention`. Raises `CatalogOutdated` where the keeper has not prepared it."""
    require_current(url_of(config))
    with closing(open_keys(config, "retention")) as keys:
        runner = open_runner(config, keys)
        ready()
        await serve_retention(runner, stop)
        runner.sweep.engine.dispose()


def open_runner(config: Config, keys: KeyClient) -> Runner:
    """A runner over the catalog, the archive and the kept pages."""
    disk = LocalDisk()
    sweep = Sweep(
        engine=open_engine(url_of(config)),
        keys=keys,
        files=FileRemover(
            store=LocalStore(config.archive.path, disk), pages=config.pages.path, disk=disk
        ),
        clock_us=clock.now_us,
        tenant=DEFAULT_TENANT,
    )
    return Runner(sweep=sweep, clock=_reading, per_second=config.retention.per_second)


def _reading() -> ClockReading:
    return ClockReading(wall_us=clock.now_us(), monotonic_us=int(clock.monotonic_s() * _US))
