"""A simulation over a real catalog, recording by recording beside what is explained."""

from pathlib import Path

import pytest

from api.access import Door
from api.actor import Actor
from api.people.roles import Role
from api.retention.simulation import Simulation
from api.retention.simulations import Simulations
from archive.catalog.engine import catalog_url, open_async_engine
from retention.policy_text import policy_text
from tests.api.actors import person
from tests.api.retention.test_explanations import archive
from tests.archive.catalog.examples import NOW_US
from tests.retention.examples import policy, rule

OWNER = Actor(account=person(Role.RETENTION_OWNER))
TEXT = policy_text(policy(rule("all", after="P2Y"), rule("support", queue="support", after="P1D")))


@pytest.mark.parametrize("at_once", [1, 500])
async def test_every_recording_is_counted_once_however_many_are_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Seven recordings of six calls; one is up, and nothing of it is known."""
    monkeypatch.setattr("archive.catalog.retained._AT_ONCE", at_once)
    archive(tmp_path).dispose()
    engine = open_async_engine(catalog_url(tmp_path / "catalog.db"))
    running = await Simulations(Door(engine=engine, clock_us=lambda: NOW_US)).simulate(OWNER, TEXT)
    sums = Simulation()
    steps = []
    async for sums in running.sums():
        steps.append(sums.whole.recordings)
    await engine.dispose()

    assert (running.total, sums.whole.recordings, steps[-1]) == (7, 7, 7)
    assert steps == sorted(steps)
    assert len(steps) >= (6 if at_once == 1 else 1)
    assert {key: own.recordings for key, own in sums.stands.items()} == {
        "due": 1, "dated": 5, "protected": 0, "unknown": 1, "no_end": 0,
    }  # fmt: skip
