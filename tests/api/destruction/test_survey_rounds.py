"""Rounds that judge the whole archive once a day."""

import asyncio
from datetime import time
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from api.destruction import survey, survey_rounds
from api.destruction.survey_rounds import DAY_US
from archive.catalog.retention import retained
from archive.ids import TenantId
from retention.policies.policy import Limits
from retention.runner.judgement.recording_verdicts import verdicts_behind
from tests.api.destruction.scene import Installation, installed
from tests.retention.examples import rule
from tests.support.destruction.survey_rounds import rounds_of, walk


async def test_the_archive_is_judged_once_a_day_and_shown_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In steps, also by another process after a restart; what comes later is seen a day late."""
    monkeypatch.setattr(retained, "_AT_ONCE", 2)
    registry = CollectorRegistry()
    async with installed(tmp_path, 3) as it:
        rounds = rounds_of(it, registry)
        seen = [walk(rounds), registry.get_sample_value("rokuon_due_recordings")]
        it.archive(1)
        it.pass_us(DAY_US - 1)
        seen += [walk(rounds_of(it, CollectorRegistry())), walk(rounds)]
        it.pass_us(1)
        seen += [walk(rounds), registry.get_sample_value("rokuon_due_recordings")]

    assert seen == [2, 3, 0, 0, 2, 4]


async def test_tombstones_are_counted_as_they_come(tmp_path: Path) -> None:
    """Each once."""
    registry = CollectorRegistry()
    seen = []
    async with installed(tmp_path, 1) as it:
        rounds = rounds_of(it, registry)
        await it.applied()
        for more in (0, 1, 0):
            it.archive(more)
            if more:
                await it.plans.make(it.owner)
            it.runner().round()
            it.runner().round()
            walk(rounds)
            seen.append(registry.get_sample_value("rokuon_destroyed_recordings"))

    assert seen == [1, 2, 2]


async def test_a_walk_goes_on_where_the_catalog_did_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an archive of millions nothing is judged twice because of one error."""
    behind: list[int] = []

    def asked(connection: Connection, tenant: TenantId, now_us: int, after: int) -> object:
        behind.append(after)
        if len(behind) == 2:  # the second batch
            raise OperationalError("SELECT 1", {}, OSError("gone"))
        return verdicts_behind(connection, tenant, now_us, after)

    monkeypatch.setattr(retained, "_AT_ONCE", 1)
    monkeypatch.setattr(survey, "verdicts_behind", asked)
    monkeypatch.setattr(survey_rounds, "LOOK_S", 0)
    registry = CollectorRegistry()
    async with installed(tmp_path, 3) as it:
        await gone_round(it, registry, due=3)

    assert (len(behind), behind[0], behind[1]) == (5, 0, behind[2])
    assert behind == sorted(behind)


async def gone_round(it: Installation, registry: CollectorRegistry, due: int) -> None:
    """As the part does it, until so many are shown as due."""
    stop = asyncio.Event()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(rounds_of(it, registry).run(stop))
        while registry.get_sample_value("rokuon_due_recordings") != due:  # noqa: ASYNC110  # a gauge tells nobody
            await asyncio.sleep(0)
        stop.set()


async def test_the_part_goes_round_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """It stops between two steps."""
    registry = CollectorRegistry()
    async with installed(tmp_path, 1) as it:
        await gone_round(it, registry, due=1)

    assert registry.get_sample_value("rokuon_retention_counted_timestamp_seconds") != 0


async def test_by_a_clock_that_nobody_vouches_for_nothing_is_planned_by_itself(
    tmp_path: Path,
) -> None:
    """A plan of ten years ahead would stand in the way of those of today."""
    async with installed(tmp_path) as it:
        it.take_over(rule("year", after="P1Y"), limits=Limits(plan_at=time(1, 30)))
        it.archive(1)
        rounds = rounds_of(it, CollectorRegistry())
        walk(rounds)
        it.pass_us(2 * DAY_US)
        sure = [False]
        rounds.is_clock_sure = lambda: sure[0]
        walk(rounds)
        doubted = len(await it.plans.listed(it.owner))
        sure[0] = True
        walk(rounds)
        planned = len(await it.plans.listed(it.owner))

    assert (doubted, planned) == (0, 1)
