"""Epochs and sets as an administrator asks for them: who may, and what is written down before."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.access.authorization import Door
from api.operation.key_epochs import BackupGround, KeyEpochs, NoEmbeddedCatalog
from api.permissions.actor import Actor
from api.permissions.errors import NotAllowed
from api.permissions.roles import Role
from archive.catalog.database.engine import AsyncEngine, catalog_url, open_async_engine, reading
from archive.errors import KeyUnavailable
from tests.api import actors
from tests.api.epoch_keys import MemoryKeys
from tests.archive.catalog.examples import NOW_US, new_catalog
from tests.support.services import NobodyThere
from tests.told import all_told


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    new_catalog(tmp_path)
    opened = open_async_engine(catalog_url(tmp_path / "catalog.db"))
    yield opened
    await opened.dispose()


def person(role: Role) -> Actor:
    return Actor(account=actors.person(role))


def asked_of(engine: AsyncEngine, ground: BackupGround) -> KeyEpochs:
    return KeyEpochs(Door(engine=engine, clock_us=lambda: NOW_US), ground)


def actions(engine: AsyncEngine) -> list[str]:
    with reading(engine.engine) as connection:
        return [each.entry.action for each in all_told(connection)]


async def test_each_act_is_written_down(engine: AsyncEngine, tmp_path: Path) -> None:
    """Turning epochs shortens what can be restored: who did it must be known."""
    keys = MemoryKeys()
    ground = BackupGround(keys, tmp_path / "catalog.db", tmp_path / "sets")
    it, admin = asked_of(engine, ground), person(Role.ADMINISTRATOR)
    assert await it.turn(admin) == 3
    assert await it.back_up_keystore(admin) == 3
    await it.back_up_catalog(admin)

    assert keys.asked == ["turn", "set"]
    assert actions(engine)[-3:] == ["epoch_turn_asked", "keystore_backed_up", "catalog_backed_up"]


async def test_sets_that_nobody_can_open_go_with_the_next_one(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    """They are only in the way."""
    keys = MemoryKeys()
    it = asked_of(engine, BackupGround(keys, tmp_path / "catalog.db", tmp_path / "sets"))
    admin = person(Role.ADMINISTRATOR)
    await it.back_up_catalog(admin)
    assert await it.sets(admin) == ()
    keys.epoch = 3
    await it.back_up_catalog(admin)

    assert [each.lead.epoch for each in await it.sets(admin)] == [3]


@pytest.mark.parametrize("role", [Role.LEGAL, Role.RETENTION_OWNER, Role.SUPERVISOR])
async def test_nobody_but_an_administrator_does_it(
    engine: AsyncEngine, tmp_path: Path, role: Role
) -> None:
    """Who destroys by the policy does not also decide what backups open."""
    it = asked_of(engine, BackupGround(MemoryKeys(), None, tmp_path))

    with pytest.raises(NotAllowed):
        await it.turn(person(role))
    with pytest.raises(NotAllowed):
        await it.show(person(role))


async def test_what_is_not_there_is_said(engine: AsyncEngine, tmp_path: Path) -> None:
    """A catalog on a server has its own backups; without a key daemon there is nothing to ask."""
    admin = person(Role.ADMINISTRATOR)

    with pytest.raises(NoEmbeddedCatalog):
        await asked_of(engine, BackupGround(MemoryKeys(), None, tmp_path)).back_up_catalog(admin)
    with pytest.raises(KeyUnavailable):
        await asked_of(engine, BackupGround(NobodyThere(), None, tmp_path)).show(admin)
