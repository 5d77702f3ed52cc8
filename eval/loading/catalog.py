"""A catalog with a world in it: the keeper's own writer writes every row, one part after another.

Knows nothing of requests. Takes 7 ms of CPU a call.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, Engine

from archive.access.reach import WHOLE_TENANT
from archive.access.request import Access
from archive.catalog.database.engine import catalog_url, open_engine, writing
from archive.catalog.destruction.tombstones import Tombstone, place_tombstone
from archive.catalog.index.agents import import_agents
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.journal.entries import Entry, append
from archive.catalog.migrate import upgrade
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT
from archive.lifecycle.tombstone import Remains
from eval.loading.adoptions import adoptions_of, recording_of
from eval.loading.agents_table import agents_csv
from eval.memory.dates import ASKED
from eval.world.calendar import US, ZONE, midnight_us
from eval.world.world import Fate, World

_ACTOR: Final = "eval"
_AT_ONCE: Final = 200
_HOUR_US: Final = 3_600 * US


def load(file: Path, world: World, step: Callable[[int, int], None]) -> None:
    """Make the catalog `file`, which is not there yet; `step` is told how many calls are in it."""
    url = catalog_url(file)
    upgrade(url)
    engine = open_engine(url)
    load_into(engine, world, step)
    engine.dispose()


def load_into(engine: Engine, world: World, step: Callable[[int, int], None]) -> None:
    """The agents first, as a site has them; then the calls in order of time."""
    asked_us = midnight_us(ASKED)
    access = Access(
        tenant=DEFAULT_TENANT, actor=_ACTOR, at_us=asked_us, within=WHOLE_TENANT, purpose=""
    )
    import_agents(engine, agents_csv(world.agents, world.days), ZoneInfo(ZONE), access)
    writer = CatalogWriter(engine, lambda: asked_us)
    for first in range(0, len(world), _AT_ONCE):
        some = range(first, min(first + _AT_ONCE, len(world)))
        writer.commit(list(adoptions_of(world, some)))
        step(some[-1] + 1, len(world))
    with writing(engine) as connection:
        for call in np.flatnonzero(world.fate == Fate.DESTROYED).tolist():
            _destroyed(connection, world, call, asked_us)


def _destroyed(connection: Connection, world: World, call: int, at_us: int) -> None:
    """What is left: that there was one, and its hour."""
    begin_us = int(world.begin_us[call])
    own = recording_of(call, 0, begin_us)
    entry = Entry(
        tenant=DEFAULT_TENANT,
        at_us=at_us,
        actor=_ACTOR,
        action="destroyed",
        target=str(own),
        detail={},
    )
    remains = Remains(hour_us=begin_us // _HOUR_US * _HOUR_US)
    placed = Tombstone(
        recording=own, destroyed_us=at_us, journal=append(connection, entry), remains=remains
    )
    place_tombstone(connection, ensure_tenant(connection, DEFAULT_TENANT), placed)
