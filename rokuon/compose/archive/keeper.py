"""The part `keeper`, put together from the configuration; and the recovery on command.

Knows where things lie, nothing of what is done with them.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from archive.catalog.database.database_errors import words
from archive.catalog.holds.hold_matches import HoldMatcher
from archive.catalog.index.writer import CatalogWriter
from archive.disk.archive_place import ArchivePlace
from archive.disk.files import LocalDisk
from archive.disk.kept_pages import KeptPages
from archive.disk.store import LocalStore
from archive.keeper.adopter import Adopter
from archive.keeper.keeper_rounds import HOLLOW_US, Chores, Keeper, Round
from archive.keeper.readoption import PutBackParts, Readoption
from archive.keeper.reporter import ARCHIVE, Reporter, WatchedDisks
from archive.keeper.scan import serve_keeper
from archive.keeper.spool_report import SpoolReporter
from archive.keeper.state_file import StateFile
from archive.keeper.stuck_parts import StuckFile
from archive.keeper.watch import NoWatch, Watch, watching
from archive.keys.client.epoch_client import EpochClient
from archive.keys.client.key_client import KeyClient
from archive.verification.map_repair import MapRepair, Mended
from rokuon.compose.archive.catalog import (
    catalog_rounds,
    local_access,
    place_of,
    prepare_catalog,
    prepared_catalog,
)
from rokuon.compose.archive.key_daemon import open_keys
from rokuon.config.schema import Config
from rokuon.machine import clock

_NOBODY: Final = NoWatch()

log = structlog.get_logger("rokuon.keeper")


def spools_of(config: Config) -> tuple[Path, ...]:
    """The folders in which capture may leave parts."""
    second = () if config.spool.second is None else (config.spool.second,)
    return (config.spool.path, *second)


def open_keeper(
    config: Config,
    keys: KeyClient,
    engine: Engine,
    *,
    watch: Watch = _NOBODY,
    patience_us: int = HOLLOW_US,
) -> Keeper:
    """A keeper with its folders made, over a catalog that is up to date."""
    disk = LocalDisk()
    holds = HoldMatcher(keys, clock.now_us)
    register = CatalogWriter(engine, clock.now_us, holds)
    keeper = Keeper(
        Adopter(
            keys=keys,
            register=register,
            store=LocalStore(config.archive.path, disk),
            place=place_of(config, engine),
            pages=config.pages.path,
            disk=disk,
        ),
        spools_of(config),
        watch=watch,
        patience_us=patience_us,
        derive=register.derive,
        chores=_chores(config, keys),
    )
    keeper.prepare()
    register.try_again()
    return keeper


def kept_pages(config: Config, keys: KeyClient) -> KeptPages:
    """The folder of intake pages, and whom to ask which of them may go."""
    return KeptPages(config.pages.path, LocalDisk(), EpochClient(keys).backed_up)


def _chores(config: Config, keys: KeyClient) -> Chores:
    report = SpoolReporter(EpochClient(keys).report_spool)
    return Chores(report=report.note, tidy=kept_pages(config, keys).step)


async def run_keeper(config: Config, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """The part `keeper`."""
    with closing(open_keys(config, "keeper")) as keys, watching(spools_of(config)) as watch:
        keeper = await _opened(
            lambda: open_keeper(config, keys, prepare_catalog(config), watch=watch), stop, ready
        )
        if keeper is None:
            return
        reporter = _reporter(config)
        async with asyncio.TaskGroup() as group:
            group.create_task(reporter.run(stop), name="report")
            await serve_keeper(
                keeper, stop, now_us=clock.now_us, monotonic_s=clock.monotonic_s, tell=reporter.note
            )


def _reporter(config: Config) -> Reporter:
    """Who tells how the keeper is, and the disks that it writes to."""
    second = {} if config.spool.second is None else {"spool_second": config.spool.second}
    folders = {
        "spool": config.spool.path,
        **second,
        ARCHIVE: config.archive.path,
        "catalog": config.catalog_path,
        "pages": config.pages.path,
    }
    place = ArchivePlace(config.archive.path, tuple)
    disks = WatchedDisks(folders=folders, require_archive=place.require_mark)
    return Reporter(StateFile(config.keeper_file, LocalDisk()), disks, clock.now_us)


async def _opened(
    opening: Callable[[], Keeper], stop: asyncio.Event, ready: Callable[[], None]
) -> Keeper | None:
    """The keeper, once the catalog's server is there; None where `stop` came first.

    Until then calls are recorded without it, and wait in the spool.
    """
    is_late = False
    async for _ in catalog_rounds(stop):
        try:
            keeper = opening()
        except SQLAlchemyError as failed:
            if not is_late:
                log.error("catalog_unavailable", reason=words(failed))
                ready()
            is_late = True
        else:
            if not is_late:
                ready()
            return keeper
    return None


def mend_maps(config: Config, *, opens_all: bool) -> Mended:
    """Write maps anew that are lost or damaged. Raises `KeyUnavailable`."""
    store = LocalStore(config.archive.path, LocalDisk())
    keys = partial(open_keys, config, "api")
    with prepared_catalog(config) as engine:
        return MapRepair(engine, store, keys, local_access).mend(opens_all=opens_all)


def readopt_kept(config: Config) -> PutBackParts:
    """Adopt anew what is archived and whose key a restored keystore lacks, by its kept page.

    Raises `KeyUnavailable`, `OSError`.
    """
    disk = LocalDisk()
    with _asked(config) as (keys, keeper):
        kept = Readoption(
            keys=keys,
            store=LocalStore(config.archive.path, disk),
            pages=config.pages.path,
            spool=config.spool.path,
            disk=disk,
        )
        return kept.readopt(keeper, clock.now_us)


def recover(config: Config) -> tuple[Round, tuple[StuckFile, ...]]:
    """Archive everything in the spool whose writer is gone; what was done, and what is stuck.

    What is short and young is named too. Raises `KeyUnavailable`.
    """
    with _asked(config) as (_, keeper):
        return keeper.round(clock.now_us(), probes_all=True), keeper.problems


@contextmanager
def _asked(config: Config) -> Iterator[tuple[KeyClient, Keeper]]:
    """A keeper that works while somebody waits. Raises `KeyUnavailable`."""
    with closing(open_keys(config, "keeper")) as keys:
        # Before anything is made: without keys nothing can be done, and the reason is named.
        keys.status()
        with prepared_catalog(config) as engine:
            yield keys, open_keeper(config, keys, engine, patience_us=0)
