"""A walk over all recordings: what is due, what is in no plan, what has no end."""

from pathlib import Path

import pytest

from api.destruction import survey as surveys
from api.destruction.survey import Survey, longest_due
from archive.catalog.database.engine import reading
from archive.catalog.retention import retained
from archive.ids import DEFAULT_TENANT
from tests.api.destruction.scene import NOW_US, START_US, Installation, installed
from tests.support.surveys import surveyed


def walked(it: Installation, now_us: int = NOW_US) -> Survey:
    """The whole walk."""
    with reading(it.it.engine) as connection:
        return surveyed(connection, DEFAULT_TENANT, now_us)


async def test_a_walk_in_steps_finds_what_is_due_and_is_in_no_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is planned is counted with its plan; what fell out says why."""
    monkeypatch.setattr(retained, "_AT_ONCE", 2)
    async with installed(tmp_path, 3) as it:
        before = walked(it)
        made = await it.plans.make(it.owner)
        planned = walked(it)
        await it.plans.stop(it.owner, made.stored.number)
        stopped = walked(it).count()

    assert [each.recording for each in before.due] == it.recordings
    assert (before.count().reasons, before.count(before.due).reasons) == ({"not_planned": 3}, {})
    assert (planned.due, planned.count().reasons, planned.count().recordings) == ([], {}, 3)
    assert stopped.reasons == {"stopped": 3}


async def test_what_no_rule_ends_is_counted_with_the_oldest(tmp_path: Path) -> None:
    """Nobody thinks of it otherwise."""
    async with installed(tmp_path) as it:
        it.take_over()
        it.archive(2)
        count = walked(it).count()

    assert (count.no_end, count.oldest_no_end_us, count.reasons) == (2, START_US, {})


async def test_of_very_many_it_keeps_what_has_been_due_the_longest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as a plan has; the others are counted all the same."""
    monkeypatch.setattr(surveys, "MAX_PLANNED", 1)
    async with installed(tmp_path, 3) as it:
        found = walked(it)

    assert [each.recording for each in longest_due(found.due)] == it.recordings[:1]
    assert len(found.due) == 1
    assert found.count().reasons == {"not_planned": 3}
