"""Who may look at jobs, and who may cancel one."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.access.authorization import Door
from api.operation.jobs import Jobs
from api.permissions.actor import Actor
from api.permissions.errors import NotAllowed
from api.permissions.roles import Role
from archive.catalog.database.engine import AsyncEngine, catalog_url, open_async_engine, write
from archive.catalog.journal.authors import Author
from archive.catalog.register.jobs import order_job
from archive.job_queue import JobKind, Order, UnknownJob
from archive.jobs import JobOver, State
from tests.api.actors import person
from tests.archive.catalog.examples import NOW_US, author, new_catalog

OWNER = Actor(account=person(Role.RETENTION_OWNER))
AUDITOR = Actor(account=person(Role.AUDITOR))
REVIEWER = Actor(account=person(Role.REVIEWER), stated="quality")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """A catalog with one job that waits."""
    new_catalog(tmp_path).dispose()
    catalog = open_async_engine(catalog_url(tmp_path / "catalog.db"))
    order = Order(kind=JobKind.SIMULATION)
    await write(catalog, lambda c: order_job(c, _called("somebody else"), order))
    yield catalog
    await catalog.dispose()


def _called(name: str) -> Author:
    """Who starts jobs, by that name."""
    return replace(author(), access=replace(author().access, actor=name))


async def test_who_may_see_jobs_sees_all_and_one(engine: AsyncEngine) -> None:
    """An auditor too, who may cancel none."""
    jobs = Jobs(Door(engine=engine, clock_us=lambda: NOW_US))
    (listed,) = await jobs.listed(AUDITOR)
    shown = await jobs.show(AUDITOR, listed.number)

    assert (listed.job.state, shown.number) == (State.QUEUED, listed.number)
    with pytest.raises(NotAllowed):
        await jobs.cancel(AUDITOR, listed.number)
    with pytest.raises(UnknownJob):
        await jobs.show(AUDITOR, 4711)


async def test_who_may_cancel_does_so_once(engine: AsyncEngine) -> None:
    """What has ended has ended."""
    jobs = Jobs(Door(engine=engine, clock_us=lambda: NOW_US))
    done = await jobs.cancel(OWNER, 1)

    assert done.job.state is State.CANCELLED
    with pytest.raises(JobOver):
        await jobs.cancel(OWNER, 1)


async def test_who_hears_calls_sees_no_job(engine: AsyncEngine) -> None:
    """It is none of its duties."""
    jobs = Jobs(Door(engine=engine, clock_us=lambda: NOW_US))
    for asked in (jobs.listed(REVIEWER), jobs.show(REVIEWER, 1), jobs.cancel(REVIEWER, 1)):
        with pytest.raises(NotAllowed):
            await asked


async def test_who_started_a_job_may_cancel_it_and_no_other_one(engine: AsyncEngine) -> None:
    """Ctrl-C of an approver at a simulation was refused; the job went on for nobody."""
    jobs = Jobs(Door(engine=engine, clock_us=lambda: NOW_US))
    approver = Actor(account=replace(person(Role.APPROVER), name="a"))
    order = Order(kind=JobKind.SIMULATION)
    number = await write(engine, lambda c: order_job(c, _called("a"), order))
    done = await jobs.cancel(approver, number)

    assert done.job.state is State.CANCELLED
    for other in (1, 4711):
        with pytest.raises(NotAllowed):
            await jobs.cancel(approver, other)
