"""Keystore and catalog on disks that are full, read-only or gone: all goes on once they are mended.

Each database has a file system of its own, and the faults are the kernel's. As root.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from archive.catalog.database import engine as catalog
from archive.catalog.database.database_errors import is_away
from archive.catalog.database.engine import catalog_url, open_engine, reading, writing
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT, HoldId
from archive.keys.client.key_client import KeyClient
from archive.keys.daemon import held_files
from archive.keys.daemon.assembly import KeysConfig
from archive.keys.daemon.sockets import serve_keys
from archive.keys.errors import KeystoreExchanged
from tests.archive.keys.scene import CHEAP, NOW_US
from tests.crash.disks import Fault, Volume, needs_disks, volumes

pytestmark = needs_disks
LONGEST_S = 120.0
PIECE = "INSERT INTO piece VALUES (randomblob(20000))"
# A connection that failed is given up with that answer; the next one asked is another.
TRIES = 3


def slow(fault: Fault) -> object:
    """One that `make crash` and `make thorough` try."""
    return pytest.param(fault, marks=pytest.mark.slow)


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Volume]:
    with volumes(tmp_path, ["disk"], tmp_path) as made:
        yield made["disk"]


@pytest.mark.parametrize("fault", [slow(Fault.FULL), Fault.READ_ONLY, slow(Fault.GONE)])
def test_a_catalog_is_written_again_once_its_disk_is_mended(
    volume: Volume, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the same process: its open files belong to a file system that is no more.

    Meanwhile nobody can write, so that no call is told that it is odd.
    """
    durable = (*catalog._PRAGMAS, "PRAGMA synchronous=FULL")  # which other tests do without
    monkeypatch.setattr(catalog, "_PRAGMAS", durable)
    engine = open_engine(catalog_url(volume.folder / "catalog.db"))
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE piece (content BLOB)"))
    volume.break_by(fault)

    def write() -> Exception | None:
        try:
            with writing(engine) as connection:
                connection.execute(text(PIECE))
        except SQLAlchemyError as failed:
            return failed
        return None

    for failed in (write(), write()):
        assert failed is not None
        assert is_away(failed)
    volume.mend(fault)
    assert None in [write() for _ in range(TRIES)]
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM piece")) >= 1
    engine.dispose()


@dataclass
class KeptUp:
    """A key daemon as a supervisor keeps it up: started again whenever it ends by itself."""

    folder: Path
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    ends: int = 0

    def __post_init__(self) -> None:
        self.config = KeysConfig(
            folder=self.folder,
            passphrase_file=self.folder / "passphrase",
            makes_passphrase=True,
            cost=CHEAP,
        )
        self.client = KeyClient(self.config.api_socket)

    async def run(self) -> None:
        while not self.stop.is_set():
            try:
                await serve_keys(
                    self.config, self.stop, now_us=lambda: NOW_US, protect=lambda: None
                )
            except KeystoreExchanged:
                self.ends += 1

    async def places(self, hold: int) -> bool:
        """Have something written; whether it was."""

        def place() -> bool:
            try:
                return self.client.place_hold(HoldId(bytes([hold]) * 16), DEFAULT_TENANT) > 0
            except KeyUnavailable:
                return False

        return await asyncio.to_thread(place)

    async def comes_to_place(self, hold: int) -> None:
        while not await self.places(hold):
            pass  # each asks for a moment in a thread


@pytest.mark.parametrize("fault", [slow(Fault.READ_ONLY), slow(Fault.GONE)])
async def test_the_key_daemon_answers_again_once_its_disk_is_mended(
    volume: Volume, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One whose disk was mounted anew ends with its reason, so that it is started again."""
    monkeypatch.setattr(held_files, "LOOK_S", 0.05)
    daemon = KeptUp(volume.folder)
    async with asyncio.timeout(LONGEST_S), asyncio.TaskGroup() as group:
        group.create_task(daemon.run())
        await daemon.comes_to_place(1)
        volume.break_by(fault)
        assert not await daemon.places(2)
        assert not await daemon.places(3)
        volume.mend(fault)
        await daemon.comes_to_place(4)
        daemon.stop.set()
    daemon.client.close()

    assert daemon.ends == 1
