import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import Engine, select

from archive.access.query import AgentClue, DirectionClue, PhoneClue
from archive.call.numbers import read_clue
from archive.catalog.database.engine import catalog_url, open_engine, reading
from archive.catalog.tables.catalog import (
    catalog,
    certificate,
    correction,
    recording,
    refused_call,
    tombstone,
)
from eval.loading.adoptions import recording_of
from eval.loading.agents_table import agents_csv, persona_name, tables_of
from eval.loading.bulk import BARE, NONE_DESTROYED, fill
from eval.loading.catalog import load
from eval.loading.patterns import NotLike, Written, pattern_of
from eval.world.calendar import DAY_S, US, ZONE, first_day
from eval.world.world import TOPICS, Fate, World, make_world
from tests.support.catalog.search import found, window


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(300, seed=4)


@pytest.fixture(scope="module")
def engine(world: World, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    file: Path = tmp_path_factory.mktemp("world") / "catalog.db"
    told: list[int] = []
    fill(file, world, lambda done, _: told.append(done))
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


def part_of(world: World, calls: Iterable[int]) -> World:
    """A world with these calls alone."""
    those = sorted(calls)
    columns = {each.name: getattr(world, each.name) for each in fields(world)}
    taken: Any = {
        name: of[those] if isinstance(of, np.ndarray) else of for name, of in columns.items()
    }
    return World(**taken)


def every_shape(count: int) -> World:
    """So many calls, of each shape that there is among many more one at the least."""
    world = make_world(20_000, seed=8)
    recorded = world.fate == Fate.RECORDED
    told = (world.outbound, world.number == 0, world.held, world.tag < 0, world.order < 0)
    shapes = np.stack([~recorded, *told, world.surname < 0, world.persona2 < 0], axis=1)
    _, first = np.unique(shapes, axis=0, return_index=True)
    late = np.flatnonzero((world.at_s % DAY_S + world.length_s > DAY_S) & (world.persona2 >= 0))
    chosen = {*first.tolist(), *late.tolist()}
    assert len(chosen) < count
    others = (each for each in range(len(world)) if each not in chosen)
    return part_of(world, [*chosen, *islice(others, count - len(chosen))])


def rows_in(file: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(file)) as database:
        made = database.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()
        database.execute("UPDATE recording_change SET drawn = 0")  # at random in each
        return {"sqlite_schema": made} | {
            name: database.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()  # noqa: S608
            for name in catalog.tables
        }


@pytest.mark.parametrize("calls", [150, pytest.param(1_000, marks=pytest.mark.slow)])
def test_every_row_is_as_the_keeper_writes_it(calls: int, tmp_path: Path) -> None:
    """Keys and all; only the catalog itself is another."""
    world = every_shape(calls) if calls == 1_000 else make_world(calls, seed=5)
    by_keeper, in_bulk = tmp_path / "keeper.db", tmp_path / "bulk.db"
    load(by_keeper, world, lambda _done, _of: None)
    fill(in_bulk, world, lambda _done, _of: None)

    theirs, ours = rows_in(by_keeper), rows_in(in_bulk)
    assert len(theirs["recording"]) > 0.9 * calls
    differing = {name for name, rows in theirs.items() if ours[name] != rows}
    assert differing == {"index_identity"}


def test_without_events_and_journal_all_else_is_there(
    world: World, engine: Engine, tmp_path: Path
) -> None:
    """As ten million calls are loaded."""
    bare = tmp_path / "bare.db"
    fill(bare, world, lambda _done, _of: None, without=BARE)

    whole = rows_in(Path(str(engine.url.database)))
    rows = rows_in(bare)
    assert rows["packed_events"] == []
    assert len(rows["journal"]) < 0.1 * len(whole["journal"])
    assert rows["correction"] == whole["correction"]
    assert rows["leg"] == whole["leg"]
    assert rows["recording"] == whole["recording"]


def test_nothing_is_destroyed_where_a_recorder_records_beside_it(
    world: World, engine: Engine, tmp_path: Path
) -> None:
    """Its keys know of no destruction, and so they adopt."""
    living = tmp_path / "living.db"
    fill(living, world, lambda _done, _of: None, without=NONE_DESTROYED)

    whole = rows_in(Path(str(engine.url.database)))
    rows = rows_in(living)
    assert whole["tombstone"]
    assert whole["certificate"]
    assert [rows[name] for name in ("tombstone", "tombstone_count", "certificate")] == [[], [], []]
    assert rows["recording"] == whole["recording"]


def test_a_table_of_agents_that_is_too_long_for_one_import_is_read_in_parts(world: World) -> None:
    """As that of ten million calls is: no line is lost or read twice."""
    csv = agents_csv(world.agents, world.days)
    head, *lines = csv.splitlines()
    parts = [each.splitlines() for each in tables_of(csv, most=7)]

    assert len(lines) > 14
    assert [len(each) for each in parts[:2]] == [8, 8]
    assert {each[0] for each in parts} == {head}
    assert [line for each in parts for line in each[1:]] == lines


def test_a_note_says_what_a_call_was_about(world: World, engine: Engine) -> None:
    """Of each that was recorded."""
    with reading(engine) as connection:
        notes = connection.scalars(select(correction.c.change)).all()
    topics = Counter(TOPICS[each] for each in world.topic[world.fate == Fate.RECORDED].tolist())
    for topic, count in topics.items():
        assert sum(topic in note.decode() for note in notes) >= count
    assert len(notes) == topics.total()


def test_what_was_destroyed_has_a_certificate(engine: Engine) -> None:
    """Its number stands in each tombstone."""
    with reading(engine) as connection:
        plans = set(connection.scalars(select(tombstone.c.plan)))
        numbers = connection.scalars(select(certificate.c.number)).all()
    assert plans == set(numbers) == {1}


def test_a_call_that_was_held_has_the_time_on_hold(world: World, engine: Engine) -> None:
    """A clue of a hold can be asked."""
    with reading(engine) as connection:
        held = connection.scalars(select(recording.c.started_us).where(recording.c.held_ms > 0))
        held_us = set(held)
    assert held_us == set(world.begin_us[world.held & (world.fate == Fate.RECORDED)].tolist())


def test_rows_that_differ_by_nothing_known_are_refused() -> None:
    """A new column that nobody fills is found before anything is loaded."""
    rows = ({"conversation": [(1, 1, own, None)]} for own in (b"\xff", b"\xfe"))
    one, other = (Written(rows=each, own=(7,), classes=()) for each in rows)
    with pytest.raises(NotLike, match=r"conversation\.id"):
        pattern_of(one, other)
