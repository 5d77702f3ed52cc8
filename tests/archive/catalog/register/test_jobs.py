"""The queue of jobs in the register; of two real processes one is killed."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from archive.catalog.database.engine import reading, writing
from archive.catalog.register.jobs import CatalogQueue, cancel_job, job_numbered, jobs_of, order_job
from archive.catalog.tables.catalog import job
from archive.ids import DEFAULT_TENANT, TenantId
from archive.job_queue import (
    KEPT,
    MAX_WAITING,
    Claim,
    JobKind,
    KnownJob,
    Order,
    QueueAway,
    TooManyJobs,
    UnknownJob,
)
from archive.jobs import LEASE_US, JobOver, LeaseLost, Progress, State
from tests.archive.catalog.examples import NOW_US, OTHER_TENANT, author, new_catalog
from tests.told import all_told

KIND = JobKind.SIMULATION


@dataclass
class Yard:
    """A catalog, and a queue over it whose clock stands until it is moved."""

    engine: Engine
    now_us: int = NOW_US
    queue: CatalogQueue = field(init=False)

    def __post_init__(self) -> None:
        self.queue = CatalogQueue(self.engine, lambda: self.now_us)

    def order(self, tenant: TenantId = DEFAULT_TENANT, **arguments: object) -> int:
        with writing(self.engine) as connection:
            order = Order(kind=KIND, arguments=arguments)
            return order_job(connection, author(tenant, self.now_us), order)

    def cancel(self, number: int) -> KnownJob:
        with writing(self.engine) as connection:
            return cancel_job(connection, author(at_us=self.now_us), number)

    def claim(self) -> Claim:
        claim = self.queue.claim([KIND])
        assert claim is not None
        return claim

    def show(self, number: int, tenant: TenantId = DEFAULT_TENANT) -> KnownJob:
        with reading(self.engine) as connection:
            return job_numbered(connection, tenant, number)


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    return Yard(new_catalog(tmp_path))


def test_who_has_nothing_to_do_waits_for_nobody_who_writes(yard: Yard) -> None:
    """An idle worker asks twice a second; the keeper has the catalog's one lock for its batch."""
    with writing(yard.engine) as connection:
        connection.execute(select(job.c.row).with_for_update())
        assert yard.queue.claim([KIND]) is None


def test_a_job_goes_to_one_worker_who_says_how_far_it_is_and_what_came_of_it(yard: Yard) -> None:
    """And everybody sees it."""
    number = yard.order(text="form = 1")
    claim = yard.claim()
    assert (claim.number, claim.tenant, claim.order.arguments) == (
        number, DEFAULT_TENANT, {"text": "form = 1"},
    )  # fmt: skip
    assert yard.queue.claim([KIND]) is None
    yard.now_us += 1
    assert yard.queue.beat(claim, Progress(1, 4))
    under_way = yard.show(number).job
    yard.queue.succeed(claim, {"found": ["日"]})
    known = yard.show(number)

    assert (under_way.state, under_way.progress) == (State.RUNNING, Progress(1, 4))
    assert under_way.lease is not None
    assert under_way.lease.beaten_us == yard.now_us
    assert (known.job.state, known.job.result) == (State.DONE, {"found": ["日"]})
    assert (known.author, known.ordered_us) == ("yamada", NOW_US)
    assert [each.ended for each in known.job.history] == ["done"]


def test_the_oldest_is_first_and_of_each_tenant_one_runs(yard: Yard) -> None:
    """What another tenant has to do waits for nobody of ours."""
    first, second, others = yard.order(), yard.order(), yard.order(OTHER_TENANT)
    claims = [yard.claim(), yard.claim()]
    assert yard.queue.claim([KIND]) is None
    yard.queue.succeed(claims[0], {})

    assert [each.number for each in claims] == [first, others]
    assert yard.claim().number == second


@pytest.mark.both
def test_what_lost_its_worker_is_another_workers_and_the_first_is_told(yard: Yard) -> None:
    """Its word would be of work that somebody does anew."""
    number = yard.order()
    first = yard.claim()
    yard.now_us += LEASE_US - 1
    assert yard.queue.claim([KIND]) is None
    yard.now_us += 1
    second = yard.claim()

    assert second.number == number
    for word in (
        lambda: yard.queue.beat(first, Progress()),
        lambda: yard.queue.succeed(first, {}),
        lambda: yard.queue.fail(first, "x"),
        lambda: yard.queue.put_back(first),
    ):
        with pytest.raises(LeaseLost):
            word()
    yard.queue.succeed(second, {"by": "second"})
    assert yard.show(number).job.result == {"by": "second"}
    assert [each.ended for each in yard.show(number).job.history] == ["lost", "done"]


def test_what_failed_waits_and_what_was_put_back_does_not(yard: Yard) -> None:
    """The first may be in order again after a while, the second was never wrong."""
    number = yard.order()
    yard.queue.fail(yard.claim(), "OSError")
    assert yard.queue.claim([KIND]) is None
    yard.now_us = yard.show(number).job.due_us
    yard.queue.put_back(yard.claim())

    assert yard.claim().number == number
    assert [(each.ended, each.why) for each in yard.show(number).job.history] == [
        ("failed", "OSError")
    ]


def test_one_that_runs_hears_that_it_is_to_stop_and_one_that_waits_never_runs(yard: Yard) -> None:
    """Both with an entry."""
    running, waiting = yard.order(), yard.order()
    claim = yard.claim()
    yard.cancel(running)
    yard.cancel(waiting)
    assert not yard.queue.beat(claim, Progress(1, 2))
    yard.queue.stop_short(claim)
    with reading(yard.engine) as connection:
        told = [(e.entry.action, e.entry.target) for e in all_told(connection)]

    assert yard.show(running).job.state is yard.show(waiting).job.state is State.CANCELLED
    assert yard.queue.claim([KIND]) is None
    assert told == [
        ("job_started", f"job:{running}"),
        ("job_started", f"job:{waiting}"),
        ("job_cancelled", f"job:{running}"),
        ("job_cancelled", f"job:{waiting}"),
    ]
    with pytest.raises(JobOver):
        yard.cancel(waiting)


def test_another_tenants_job_is_none(yard: Yard) -> None:
    """As one that never was."""
    number = yard.order(OTHER_TENANT)

    for ask in (lambda: yard.show(number), lambda: yard.cancel(number)):
        with pytest.raises(UnknownJob):
            ask()


def test_no_more_wait_than_may(yard: Yard) -> None:
    """A script gone wild fills nothing."""
    for _ in range(MAX_WAITING):
        yard.order()

    with pytest.raises(TooManyJobs):
        yard.order()
    yard.order(OTHER_TENANT)


def test_of_those_that_have_ended_the_newest_are_kept(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no number is given twice."""
    monkeypatch.setattr("archive.catalog.register.jobs.KEPT", 3)
    assert KEPT > 3
    numbers = []
    for _ in range(6):
        numbers.append(yard.order())
        yard.cancel(numbers[-1])
    numbers.append(yard.order())
    with reading(yard.engine) as connection:
        kept = [each.number for each in jobs_of(connection, DEFAULT_TENANT)]

    assert kept == [numbers[6], *reversed(numbers[3:6])]
    assert len(set(numbers)) == 7


def test_a_list_has_neither_what_was_asked_nor_what_came_of_it(yard: Yard) -> None:
    """Who may see jobs need not be who may see that."""
    yard.order(text="secret")
    yard.queue.succeed(yard.claim(), {"secret": 1})
    with reading(yard.engine) as connection:
        (listed,) = jobs_of(connection, DEFAULT_TENANT)

    assert (listed.order.arguments, listed.job.result) == ({}, None)
    assert listed.job.state is State.DONE


def test_a_catalog_that_does_not_answer_is_a_queue_that_is_away(tmp_path: Path) -> None:
    """Its errors are nobody's above the seam."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        connection.exec_driver_sql("DROP TABLE job")

    with pytest.raises(QueueAway):
        CatalogQueue(engine, lambda: 0).claim([KIND])
    engine.dispose()


WORKER = """
import asyncio, sys, time
from archive.catalog.database.engine import open_engine
from archive.catalog.register.jobs import CatalogQueue
from archive.job_queue import JobKind
from api.operation.job_runner import JobRunner

name, url, now_us = sys.argv[1], sys.argv[2], int(sys.argv[3])

def work(claim, step):
    step(1, 2)
    print(name, claim.number, flush=True)
    if name == "killed":
        time.sleep(600)
    return {"by": name}

async def main():
    queue = CatalogQueue(open_engine(url), lambda: now_us)
    runner = JobRunner(queue, {JobKind.SIMULATION: work}, beat_s=0.01)
    print("took" if await runner.work_one(JobKind.SIMULATION, asyncio.Event()) else "nothing",
          flush=True)

asyncio.run(main())
"""


def worker(name: str, engine: Engine, now_us: int) -> "subprocess.Popen[str]":
    """A process of its own that works one job off, by a clock that stands."""
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", WORKER, name, url, str(now_us)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def lines(process: "subprocess.Popen[str]") -> list[str]:
    out, _ = process.communicate(timeout=60)
    return out.split("\n")[:-1]


def test_a_job_whose_worker_was_killed_is_done_by_another_process(tmp_path: Path) -> None:
    """kill -9 says nothing to anybody; before the lease has run out nobody takes it up."""
    yard = Yard(new_catalog(tmp_path))
    number = yard.order()
    killed = worker("killed", yard.engine, NOW_US)
    assert killed.stdout is not None
    assert killed.stdout.readline() == f"killed {number}\n"
    wait_for(lambda: yard.show(number).job.progress == Progress(1, 2))
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    early, late = (
        lines(worker(name, yard.engine, NOW_US + after_us))
        for name, after_us in (("early", LEASE_US - 1), ("late", LEASE_US))
    )
    known = yard.show(number)
    with reading(yard.engine) as connection:
        rows = connection.execute(select(func.count()).select_from(job)).scalar_one()
    yard.engine.dispose()

    assert (early, late) == (["nothing"], [f"late {number}", "took"])
    assert (known.job.state, known.job.result) == (State.DONE, {"by": "late"})
    assert [each.ended for each in known.job.history] == ["lost", "done"]
    assert rows == 1
    assert json.dumps(known.job.result)


def wait_for(is_so: Callable[[], bool]) -> None:
    """Look until it is so; the time limit of tests ends one that never is."""
    while not is_so():
        pass
