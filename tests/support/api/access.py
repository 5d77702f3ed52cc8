"""What tests of access share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Engine

from api.access.authorization import Door
from api.permissions.accounts import Account
from api.permissions.actor import Actor
from archive.catalog.database.engine import reading
from archive.catalog.journal.entries import Entry
from tests.archive.catalog.examples import (
    NOW_US,
    OTHER_TENANT,
    adopt,
    adoption,
    inbound,
    new_catalog,
    recording_id,
    same_catalog,
)
from tests.support.catalog.reach import routed
from tests.told import all_told

CODES = frozenset({"quality", "training"})


CALL = recording_id(1)


@asynccontextmanager
async def door(folder: Path) -> AsyncIterator[tuple[Door, Engine]]:
    """A door in front of one call of the queue support, kept for quality, and another tenant's."""
    engine = new_catalog(folder)
    adopt(
        engine,
        adoption(1, (*inbound(), routed("support", "quality"))),
        adoption(9, tenant=OTHER_TENANT),
    )
    catalog = same_catalog(engine)
    yield Door(engine=catalog, clock_us=lambda: NOW_US, purposes=CODES), engine
    await catalog.dispose()


def journal(engine: Engine) -> list[Entry]:
    """Everything but what set the scene."""
    with reading(engine) as connection:
        found = all_told(connection)
    return [each.entry for each in found if each.entry.action != "adopted"]


def actor(account: Account, purpose: str = "quality", break_glass: str = "") -> Actor:
    return Actor(account=account, stated=purpose, break_glass=break_glass)
