"""A catalog with a world in it: the product's own code writes every row, one call after another.

Knows nothing of requests. Takes 20 ms of CPU a call; `eval.loading.bulk` makes the same faster.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from sqlite3 import connect
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, Engine, event

from archive.access.reach import WHOLE_TENANT
from archive.access.request import Access
from archive.agent_table import read_agents
from archive.call.corrections import NoteWritten
from archive.catalog.access.grants import Ask, CorrectGrant, grant
from archive.catalog.database.engine import catalog_url, open_engine, writing
from archive.catalog.destruction.certificates import NewCertificate, append_certificate
from archive.catalog.destruction.plans import target_of
from archive.catalog.destruction.tombstones import Tombstone, place_tombstone
from archive.catalog.index.agents import take_over_agents
from archive.catalog.index.amendment import correct
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.journal.entries import Action, Entry, append
from archive.catalog.migrate import upgrade
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT, RecordingId
from archive.lifecycle.tombstone import Remains
from bench.filled_catalog import FAST
from eval.loading.adoptions import adoptions_of, recording_of
from eval.loading.agents_table import agents_csv, tables_of
from eval.loading.notes import note_of
from eval.memory.dates import ASKED
from eval.world.calendar import US, ZONE, midnight_us
from eval.world.world import Fate, World

Step = Callable[[int, int], None]

ASKED_US: Final = midnight_us(ASKED)
_ACCESS: Final = Access(
    tenant=DEFAULT_TENANT, actor="eval", at_us=ASKED_US, within=WHOLE_TENANT, purpose=""
)
_HOUR_US: Final = 3_600 * US
# All that was destroyed went in one run.
_PLAN: Final = 1


def load(file: Path, world: World, step: Step) -> None:
    """Make the catalog `file`, which is not there yet; `step` is told how many calls are in it."""
    with made(file) as engine:
        begin(engine, world)
        keeper = Keeper(engine, world)
        for call in range(len(world)):
            keeper.write(call)
            step(call + 1, len(world))
        end(engine, world)


@contextmanager
def made(file: Path) -> Iterator[Engine]:
    """An empty catalog, written without heed to power cuts until all of it is there."""
    url = catalog_url(file)
    upgrade(url)
    engine = open_engine(url)
    event.listen(engine, "connect", _hurry)
    yield engine
    engine.dispose()
    with closing(connect(file)) as database:
        database.execute("PRAGMA journal_mode=WAL")


def _hurry(connection: Any, _record: object) -> None:
    for pragma in FAST:
        connection.execute(f"PRAGMA {pragma}")


def begin(engine: Engine, world: World) -> None:
    """The agents first, as a site has them; of ten million calls more than one import takes."""
    csv = agents_csv(world.agents, world.days)
    periods = (read_agents(each, ZoneInfo(ZONE)) for each in tables_of(csv))
    take_over_agents(engine, csv, tuple(chain.from_iterable(periods)), _ACCESS)


class Keeper:
    """Writes calls as the keeper adopts them, and what an agent notes of each."""

    def __init__(self, engine: Engine, world: World) -> None:
        self._engine, self._world = engine, world
        self._writer = CatalogWriter(engine, lambda: ASKED_US)

    def write(self, call: int) -> None:
        """One, in its turn; who spoke last writes the note."""
        parts = list(adoptions_of(self._world, [call]))
        if not parts:
            return
        self._writer.commit(parts)
        if self._world.fate[call] == Fate.RECORDED:
            own = parts[-1].part_name.recording
            granted = grant(self._engine, CorrectGrant, Ask(access=_ACCESS, target=own))
            with writing(self._engine) as connection:
                said = NoteWritten(text=note_of(self._world, call))
                correct(connection, own, said, "", granted)


def end(engine: Engine, world: World) -> None:
    """Of what was destroyed there is a tombstone, and a certificate of all."""
    destroyed = np.flatnonzero(world.fate == Fate.DESTROYED).tolist()
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        for call in destroyed:
            _bury(connection, tenant, world.begins_us(call), call)
        digest = hashlib.sha256(b"run").digest()
        certified = NewCertificate(
            run=digest[:16],
            number=_PLAN,
            sha256=digest,
            signed_us=ASKED_US,
            recordings=len(destroyed),
        )
        append_certificate(connection, certified, _entry("certified", target_of(_PLAN)))


def _bury(connection: Connection, tenant: int, begin_us: int, call: int) -> None:
    """What is left: that there was one, its hour, and by which run it went."""
    own: RecordingId = recording_of(call, 0, begin_us)
    place = append(connection, _entry("destroyed", str(own)))
    remains = Remains(
        hour_us=begin_us // _HOUR_US * _HOUR_US, revision=1, rules=("default",), plan=_PLAN
    )
    placed = Tombstone(recording=own, destroyed_us=ASKED_US, journal=place, remains=remains)
    place_tombstone(connection, tenant, placed)


def _entry(action: Action, target: str) -> Entry:
    return Entry(
        tenant=DEFAULT_TENANT, at_us=ASKED_US, actor=_ACCESS.actor, action=action, target=target
    )
