"""The catalog, opened from the configuration, and who asks it on the command line.

Knows where the catalog lies, nothing of its tables.
"""

import asyncio
import getpass
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from archive.access.reach import WHOLE_TENANT
from archive.catalog.access.grants import Access
from archive.catalog.checks.expected_files import expected_files
from archive.catalog.database.database_errors import words
from archive.catalog.database.engine import catalog_url, open_engine
from archive.catalog.database.schema_revision import (
    HEAD,
    CatalogOutdated,
    present_revision,
    refuse_too_old,
    require_current,
)
from archive.disk.archive_place import ArchivePlace
from archive.ids import DEFAULT_TENANT
from archive.rounds import Rounds
from rokuon.config.schema import Config
from rokuon.machine import clock
from rokuon.messages.errors import NotReady
from rokuon.messages.i18n import tr

CATALOG_FILE: Final = "catalog.db"
# Its folder says which group that is; the files beside it get the same mode from SQLite.
SHARED_MODE: Final = 0o660
_MODES: Final = 0o777
COMMAND_LINE: Final = "command line"
AGAIN_S: Final = 2.0

log = structlog.get_logger("rokuon.catalog")


def url_of(config: Config) -> str:
    """The catalog's SQLAlchemy URL."""
    return config.catalog.url or catalog_url(config.catalog_path / CATALOG_FILE)


async def await_catalog(url: str, stop: asyncio.Event, ready: Callable[[], None]) -> bool:
    """Return once the catalog answers and is of this version; False where `stop` came first.

    Where its server is away the part is `ready` all the same: calls are recorded without it.
    Raises `CatalogOutdated` where it is of another version at once.
    """
    is_late = False
    async for _ in catalog_rounds(stop):
        try:
            await asyncio.to_thread(require_current, url)
        except SQLAlchemyError as failed:
            reason = words(failed)
        except CatalogOutdated as outdated:
            if not is_late:
                raise
            reason = str(outdated)  # until the keeper, who waits as we do, has made it so
        else:
            return True
        if not is_late:
            log.error("catalog_unavailable", reason=reason)
            ready()
        is_late = True
    return False


def once(ready: Callable[[], None]) -> Callable[[], None]:
    """The same, which a second time does nothing."""
    said: list[None] = []

    def say() -> None:
        if not said:
            ready()
            said.append(None)

    return say


def catalog_rounds(stop: asyncio.Event) -> Rounds:
    """Each asks the catalog's server again."""
    return Rounds(stop, AGAIN_S)


def open_catalog(config: Config) -> Engine:
    """Open a catalog that exists. Raises `NotReady`, `CatalogOutdated`."""
    database = make_url(url_of(config)).database
    if not config.catalog.url and database and not (config.catalog_path / CATALOG_FILE).exists():
        raise NotReady(tr("there is no catalog yet: start rokuon serve first"))
    require_current(url_of(config))
    return open_engine(url_of(config))


def present_catalog(config: Config) -> AbstractContextManager[Engine]:
    """`open_catalog` for as long as the block lasts.

    One that is forgotten is closed at any later time, and SQLite removes the log that lies at its
    place by then: that of another catalog, where the disk was replaced.
    """
    return _until_left(open_catalog(config))


def catalog_revision(config: Config) -> str:
    """Of which version its tables are; "" where there is none yet, which this does not make."""
    if not config.catalog.url and not (config.catalog_path / CATALOG_FILE).exists():
        return ""
    return present_revision(url_of(config))


def place_of(config: Config, catalog: Engine) -> ArchivePlace:
    """The archive's folder, and what this catalog expects of it."""
    return ArchivePlace(config.archive.path, partial(expected_files, catalog))


def prepare_catalog(config: Config) -> Engine:
    """Open the catalog, made or brought up to date before. Raises `NotReady`, `CatalogTooOld`."""
    _share(config)
    present = present_revision(url_of(config))
    refuse_too_old(present)
    if present > HEAD:
        raise NotReady(
            tr(
                "the catalog is of a later version ({present}) than this one ({own}): update first"
            ).format(present=present, own=HEAD)
        )
    if present != HEAD:
        _upgrade(url_of(config))
    return open_engine(url_of(config))


def prepared_catalog(config: Config) -> AbstractContextManager[Engine]:
    """`prepare_catalog` for as long as the block lasts."""
    return _until_left(prepare_catalog(config))


@contextmanager
def _until_left(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def _upgrade(url: str) -> None:
    """In a process of its own: who serves for months need not hold what migrations need."""
    command = [sys.executable, "-m", "archive.catalog.migrate"]
    done = subprocess.run(command, input=url, text=True, check=False)  # noqa: S603  # ourselves
    if done.returncode:
        raise NotReady(tr("the catalog cannot be brought up to date; the reason is above"))


def _share(config: Config) -> None:
    """An embedded catalog is the keeper's and the API's, from its first moment.

    SQLite gives what it makes beside a catalog the catalog's mode, and never mends it: an API that
    opened it before this would keep the keeper from writing, or be kept from it.
    """
    url = make_url(url_of(config))
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    file = Path(url.database)
    if not config.catalog.url:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        file.touch(SHARED_MODE)
    about = file.stat()
    if about.st_uid == os.geteuid() and about.st_mode & _MODES != SHARED_MODE:
        file.chmod(SHARED_MODE)


def local_access() -> Access:
    """Who sits at this terminal, now: the journal names him."""
    return Access(
        tenant=DEFAULT_TENANT,
        actor=f"{_user()} ({COMMAND_LINE})",
        at_us=clock.now_us(),
        within=WHOLE_TENANT,
    )


def _user() -> str:
    """The name of who is logged in; a container's users often have a number only."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
