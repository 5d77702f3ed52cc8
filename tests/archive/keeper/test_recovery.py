"""Recovery on command, with the key daemon behind its socket and the real catalog."""

import asyncio
import os
from pathlib import Path

import pytest

from archive.catalog.database.engine import reading
from archive.catalog.index.writer import CatalogWriter
from archive.errors import KeyUnavailable
from archive.keeper.keeper_rounds import Keeper, Round
from archive.keeper.stuck_parts import StuckReason
from archive.keys.client.key_client import KeyClient
from tests.archive.catalog.examples import new_catalog
from tests.archive.keeper.scene import LATER_US, KeeperScene
from tests.support.keys.daemon import served
from tests.told import all_told


def now_us() -> int:
    return LATER_US


def recover(keeper: Keeper) -> Round:
    return keeper.round(LATER_US, probes_all=True)


def test_everything_whose_writer_is_gone_is_archived_at_once(tmp_path: Path) -> None:
    """Without waiting for eight rounds; what lives stays, what is unusable is named."""
    scene = KeeperScene(tmp_path)
    dead = [scene.part().speak().die() for _ in range(50)]
    closed = scene.part().speak().hang_up()
    live = scene.part().speak()
    empty = scene.part().die()
    os.truncate(empty.path, 0)
    os.utime(empty.path, ns=(LATER_US * 1000, LATER_US * 1000))
    hollow = scene.part().die()
    os.truncate(hollow.path, 0)
    keeper = scene.keeper()
    done = recover(keeper)

    assert set(done.recovered) == {part.header.part_name for part in dead}
    assert set(done.archived) == {part.header.part_name for part in [*dead, closed]}
    assert (done.live, done.with_holes) == (1, ())
    assert [(p.path, p.reason) for p in keeper.problems] == [(empty.path, StuckReason.LEAD_SHORT)]
    assert done.removed == (hollow.path.name,)
    assert live.path.exists()


def test_a_second_recovery_has_nothing_to_do(tmp_path: Path) -> None:
    """Idempotent, like every step of it."""
    scene = KeeperScene(tmp_path)
    scene.part().speak().die()
    recover(scene.keeper())
    keeper = scene.keeper()

    assert (recover(keeper).archived, keeper.problems) == ((), ())


def test_with_captures_folder_alone_nothing_can_be_recovered(tmp_path: Path) -> None:
    """The spool and a path where the daemon's socket would be: that is all that a thief has."""
    scene = KeeperScene(tmp_path)
    part = scene.part().speak().die()
    content = part.path.read_bytes()

    with pytest.raises(KeyUnavailable):
        recover(scene.keeper(keys=KeyClient(tmp_path / "capture" / "keeper.sock")))
    assert part.path.read_bytes() == content


@pytest.mark.both
async def test_a_part_goes_through_socket_and_catalog(tmp_path: Path) -> None:
    """The real client, the real daemon and the real catalog: one row, one journal entry."""
    scene = KeeperScene(tmp_path)
    part = scene.part().speak().hang_up()
    scene.scene.daemon.close()
    engine = new_catalog(tmp_path)
    client = KeyClient(scene.scene.config.keeper_socket)
    keeper = scene.keeper(keys=client, register=CatalogWriter(engine, now_us))

    async with served(scene.scene.config):
        done = await asyncio.to_thread(recover, keeper)
    assert (done.archived, keeper.problems) == ((part.header.part_name,), ())
    with reading(engine) as connection:
        journalled = all_told(connection, part.header.tenant)
    engine.dispose()
    assert [entry.entry.target for entry in journalled] == [str(part.header.recording)]
