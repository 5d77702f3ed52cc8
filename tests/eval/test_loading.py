from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import Engine, select

from archive.access.query import AgentClue, DirectionClue, PhoneClue
from archive.call.numbers import read_clue
from archive.catalog.database.engine import catalog_url, open_engine, reading
from archive.catalog.tables.catalog import recording, refused_call, tombstone
from eval.loading.adoptions import recording_of
from eval.loading.agents_table import persona_name
from eval.loading.catalog import load
from eval.world.calendar import US, ZONE, first_day
from eval.world.world import Fate, World, make_world
from tests.support.catalog.search import found, window


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(300, seed=4)


@pytest.fixture(scope="module")
def engine(world: World, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    file: Path = tmp_path_factory.mktemp("world") / "catalog.db"
    told: list[int] = []
    load(file, world, lambda done, _: told.append(done))
    assert told[-1] == len(world)
    return open_engine(catalog_url(file))


def test_the_catalog_has_a_recording_a_leg_a_ledger_row_and_a_tombstone(
    world: World, engine: Engine
) -> None:
    """Each conversation as what is kept of it."""
    recorded = world.fate == Fate.RECORDED
    with reading(engine) as connection:
        begins = sorted(connection.scalars(select(recording.c.started_us)))
        refused = connection.scalars(select(refused_call.c.started_us)).all()
        hours = connection.scalars(select(tombstone.c.hour_us)).all()

    assert len(begins) == recorded.sum() + (recorded & (world.persona2 >= 0)).sum()
    assert set(world.begin_us[recorded].tolist()) <= set(begins)
    assert sorted(refused) == world.begin_us[world.fate == Fate.NOT_RECORDED].tolist()
    gone = world.begin_us[world.fate == Fate.DESTROYED]
    assert sorted(hours) == (gone // (3_600 * US) * 3_600 * US).tolist()


def test_a_search_finds_each_call_by_number_and_way_and_by_the_agent_of_that_day(
    world: World, engine: Engine
) -> None:
    """Under the surname of then, at the desk of then."""
    some = np.flatnonzero((world.fate == Fate.RECORDED) & (world.number > 0))[::12]
    for call in some.tolist():
        own = str(recording_of(call, 0, int(world.begin_us[call])))
        midnight = datetime.combine(
            first_day(world.days), datetime.min.time(), ZoneInfo(ZONE)
        ) + timedelta(days=int(world.day[call]))
        day = window(f"{midnight:%Y-%m-%dT%H:%M}", f"{midnight + timedelta(days=1):%Y-%m-%dT%H:%M}")
        surname = persona_name(world.agents, int(world.persona[call]))[0].split()[0]

        number = read_clue(f"+{world.number[call]}", "JP")
        way = DirectionClue("outbound" if world.outbound[call] else "inbound")
        assert own in found(engine, PhoneClue(number), way, within=day)
        assert own in found(engine, AgentClue(surname), within=day)
