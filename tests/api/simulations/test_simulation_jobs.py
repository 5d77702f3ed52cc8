"""A simulation over a real catalog, recording by recording beside what is explained."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.access.authorization import Door
from api.operation.job_runner import JobRunner, Steps, Stop, Stopped
from api.permissions.actor import Actor
from api.permissions.roles import Role
from api.simulations.simulation_jobs import Simulations, simulating
from archive.catalog.register.jobs import CatalogQueue
from archive.ids import DEFAULT_TENANT
from archive.job_queue import Claim, JobKind, Order, UnknownJob
from archive.jobs import Progress
from retention.policies.policy_text import policy_text
from retention.rules.errors import PolicyRefused
from tests.api.actors import person
from tests.archive.catalog.examples import NOW_US, same_catalog
from tests.retention.examples import policy, rule
from tests.support.retention.explanations import archive

OWNER = Actor(account=person(Role.RETENTION_OWNER))
TEXT = policy_text(policy(rule("all", after="P2Y"), rule("support", queue="support", after="P1D")))
CLAIM = Claim(
    number=1,
    tenant=DEFAULT_TENANT,
    order=Order(kind=JobKind.SIMULATION, arguments={"text": TEXT}),
    holder="a",
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Seven recordings of six calls; one is up, and nothing of it is known."""
    engine = archive(tmp_path)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("at_once", [1, 500])
def test_every_recording_is_counted_once_however_many_are_read_at_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """And it says how far it is."""
    monkeypatch.setattr("archive.catalog.retention.retained._AT_ONCE", at_once)
    steps = Steps()
    result = simulating(engine, lambda: NOW_US)(CLAIM, steps)

    assert steps.progress == Progress(7, 7)
    assert result["whole"]["recordings"] == 7
    assert {key: own["recordings"] for key, own in result["stands"].items()} == {
        "due": 1, "dated": 5, "protected": 0, "unknown": 1, "no_end": 0,
    }  # fmt: skip
    assert result["at_us"] == NOW_US


def test_it_stops_when_it_is_told_to(engine: Engine) -> None:
    """Before the next batch."""
    with pytest.raises(Stopped):
        simulating(engine, lambda: NOW_US)(CLAIM, Steps(stop=Stop.CANCELLED))


async def test_it_is_ordered_and_looked_at_by_who_may_read_policies(
    engine: Engine,
) -> None:
    """A wrong text is refused before anything is ordered."""
    catalog = same_catalog(engine)
    runner = JobRunner(CatalogQueue(engine, lambda: NOW_US), {})
    use = Simulations(Door(engine=catalog, clock_us=lambda: NOW_US), runner)
    with pytest.raises(PolicyRefused):
        await use.start(OWNER, "form = 2")
    started = await use.start(OWNER, TEXT)
    shown = await use.show(OWNER, started.number)
    with pytest.raises(UnknownJob):
        await use.show(OWNER, started.number + 1)
    await catalog.dispose()

    assert shown == started
    assert (shown.number, shown.order.arguments) == (1, {"text": TEXT})
