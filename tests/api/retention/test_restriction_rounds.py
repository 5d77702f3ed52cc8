"""Rounds that judge what is restricted."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from api.retention.restriction_rounds import LimitRounds
from archive.access.query import SearchQuery
from archive.access.reach import EVERYWHERE, Within
from archive.access.use import Extent, Use
from archive.catalog.access.grants import Ask, SearchGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.retention import retained
from archive.catalog.retention.limit_rounds import last_round
from archive.catalog.search.search import search
from archive.catalog.tables.catalog import use_limit
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import NOW_US, access, adopt, adoption, new_catalog
from tests.support.catalog.query import october
from tests.support.retention.limits import DAY_US, LAW, SHORT, revise


class Clock:
    """One that is set."""

    now_us = NOW_US

    def __call__(self) -> int:
        return self.now_us


def found(engine: Engine, purpose: str) -> int:
    """How many recordings a search for everything has for that purpose."""
    use = Use(purpose=purpose, extent=Extent.KNOWLEDGE, at_us=NOW_US)
    asks = replace(access(), within=Within(reach=EVERYWHERE, use=use))
    granted = grant(engine, SearchGrant, Ask(access=asks))
    window = october("2026-10-01T00:00", "2026-11-01T00:00")
    with reading(engine) as connection:
        return len(search(connection, SearchQuery(window=window), granted).found)


def steps(rounds: LimitRounds) -> int:
    """How many batches were judged until nothing was left."""
    count = 0
    while rounds.step():
        count += 1
    return count


def test_a_search_finds_no_more_what_a_new_revision_restricts_once_a_round_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes in steps, each of which is kept; what is new is judged by the next look."""
    monkeypatch.setattr(retained, "_AT_ONCE", 2)
    engine = new_catalog(tmp_path)
    adopt(engine, *(adoption(number) for number in (1, 2, 3)))
    revise(engine, LAW, SHORT)
    rounds = LimitRounds(engine, Clock())
    assert rounds.step()
    assert found(engine, "quality") == 1
    assert steps(LimitRounds(engine, Clock())) == 1
    counts = [found(engine, purpose) for purpose in ("quality", "legal_duty")]
    adopt(engine, adoption(4))
    with reading(engine) as connection:
        done = last_round(connection, tenant_row(connection, DEFAULT_TENANT))

    assert (counts, done and (done.done, done.total, done.ended_us)) == ([0, 3], (3, 3, NOW_US))
    assert steps(rounds) == 1
    assert found(engine, "quality") == 0


def test_a_round_begins_anew_with_other_revisions_and_after_a_day(tmp_path: Path) -> None:
    """What a join or a rebuild has changed is judged in a day; nothing is judged for nothing."""
    engine, clock = new_catalog(tmp_path), Clock()
    adopt(engine, adoption(1))
    rounds = LimitRounds(engine, clock)
    counted = [steps(rounds)]
    revise(engine, LAW, SHORT, in_force_us=NOW_US + DAY_US // 2)
    counted += [steps(rounds), steps(rounds)]
    clock.now_us += DAY_US // 2
    counted.append(steps(rounds))
    clock.now_us += DAY_US
    counted.append(steps(rounds))

    assert counted == [0, 1, 0, 1, 1]


def test_what_was_restricted_stays_so_until_it_is_judged_again(tmp_path: Path) -> None:
    """A revision that lifts is not believed before somebody has looked."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    revise(engine, LAW, SHORT)
    rounds = LimitRounds(engine, Clock())
    steps(rounds)
    revise(engine, LAW)
    before = found(engine, "quality")
    steps(rounds)
    with reading(engine) as connection:
        left = connection.execute(select(use_limit)).all()

    assert (before, found(engine, "quality"), left) == (0, 1, [])


async def test_rounds_go_on_until_the_part_stops(tmp_path: Path) -> None:
    """What is under way is finished first."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    revise(engine, LAW, SHORT)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def stopping() -> int:
        loop.call_soon_threadsafe(stop.set)
        return NOW_US

    await LimitRounds(engine, stopping).run(stop)

    assert found(engine, "quality") == 0
