"""How much is due and overdue, without going through the archive."""

from pathlib import Path

from sqlalchemy import event

from api.destruction.figures import RetentionFigures, figures_of
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.due_counts import write_count
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.api.destruction.scene import COOLED_US, NOW_US, Installation, installed
from tests.support.surveys import surveyed


def figures(it: Installation) -> RetentionFigures:
    """As of now."""
    with reading(it.it.engine) as connection:
        return figures_of(connection, DEFAULT_TENANT, it.it.now_us)


async def test_each_is_counted_where_it_is_until_it_is_gone(tmp_path: Path) -> None:
    """In no plan by the last count, in a plan as of now."""
    async with installed(tmp_path, 2) as it:
        seen = [figures(it).overdue]
        with writing(it.it.engine) as connection:
            row = tenant_row(connection, DEFAULT_TENANT)
            write_count(connection, row, surveyed(connection, DEFAULT_TENANT, NOW_US).count())
        seen.append(figures(it).overdue)
        made = await it.plans.make(it.owner)
        seen.append(figures(it).overdue)
        await it.plans.approve(it.legal, made.stored.number)
        await it.plans.apply(it.owner, made.stored.number)
        seen.append(figures(it).overdue)
        it.pass_us(COOLED_US)
        seen.append(figures(it).overdue)
        it.runner().round()
        last = figures(it)

    assert seen == [
        {}, {"not_planned": 2}, {"not_approved": 2}, {"cooling_off": 2}, {"waits": 2},
    ]  # fmt: skip
    assert (last.overdue, last.due, last.age_us) == ({}, 0, COOLED_US)


async def test_a_look_reads_no_recording_of_the_index(tmp_path: Path) -> None:
    """A scrape of a large archive costs what one of an empty archive does."""
    asked: list[str] = []
    async with installed(tmp_path, 1) as it:
        await it.plans.make(it.owner)
        event.listen(
            it.it.engine, "before_cursor_execute", lambda *told: asked.append(str(told[2]))
        )
        found = figures(it)

    assert found.due == 1
    assert asked
    assert not [each for each in asked if "FROM recording" in each or "JOIN recording" in each]


def test_whatever_is_overdue_is_due() -> None:
    """Also what fell out of a plan, and waits for the next."""
    found = RetentionFigures(overdue={"metadata_lives_longer": 3, "not_planned": 1})

    assert found.due == 4
