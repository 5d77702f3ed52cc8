"""A simulation that judges what is alike once: beside one that judges each recording."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from sqlalchemy import Engine

from api.operation.job_runner import Steps, Stop, Stopped
from api.simulations.archive_simulation import simulate_archive
from api.simulations.facts_calendar import NO_END
from api.simulations.simulation import Simulation, Supposition
from archive.catalog.database.engine import reading, writing
from archive.catalog.index.facts_rows import leave_facts
from archive.catalog.register.kept_facts import keep_facts
from archive.catalog.retention.retained import all_retained
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from archive.jobs import Progress
from archive.moments import EPOCH
from retention.policies.policy import RetentionPolicy
from retention.policies.revision import Revision
from retention.policies.shipped_policy import SHIPPED
from retention.rules.rule import Asset
from retention.runner.judgement.protections import standing_of
from tests.archive.catalog.examples import NOW_US, adopt, adoption, new_catalog, recording_id
from tests.retention.examples import policy, rule, terms
from tests.support.catalog.kept_facts import FIRST as FACTS
from tests.support.hold_scenes import held
from tests.support.retention.archive_simulation import REVISIONS, SUPPOSED, calls as calls, moments


def one_by_one(engine: Engine, what: Supposition) -> Simulation:
    """The sums of judging each recording, in the way in which it is explained."""
    sums = Simulation()
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        for batch in all_retained(connection, tenant):
            standing = standing_of(connection, tenant, [each.recording for each in batch])
            sums.add_all(what.with_facts.of(batch, standing))
    return sums


def grouped(engine: Engine, what: Supposition, steps: Steps | None = None) -> Simulation:
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        return simulate_archive(connection, tenant, what, steps or Steps())


@pytest.mark.parametrize("examples", [20, pytest.param(60, marks=pytest.mark.slow)])
def test_what_is_judged_together_is_what_is_judged_one_by_one(calls: Engine, examples: int) -> None:
    """Whatever the policies, their zones, whole conversations, numbers, holds and the clock."""

    @settings(deadline=None, max_examples=examples)
    @given(SUPPOSED, REVISIONS, moments())
    def is_judged_alike(
        own: RetentionPolicy, revisions: tuple[Revision, ...], now: datetime
    ) -> None:
        what = Supposition(policy=own, revisions=revisions, now=now)

        assert grouped(calls, what).content() == one_by_one(calls, what).content()

    is_judged_alike()


def test_more_sets_of_numbers_than_bits_are_judged_one_by_one(
    calls: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slower, and no less right."""
    monkeypatch.setattr("api.simulations.archive_groups.MAX_SETS", 0)
    what = Supposition(
        policy=policy(rule("n", queue="support", after="P1D")), revisions=(SHIPPED,),
        now=EPOCH + timedelta(microseconds=NOW_US),
    )  # fmt: skip
    few = grouped(calls, what)

    assert few.content() == one_by_one(calls, what).content()
    assert few.whole.recordings == 25


def test_it_says_how_far_it_is_and_stops_when_it_is_told_to(calls: Engine) -> None:
    """After each group."""
    what = Supposition(
        policy=policy(rule("all", after="P1D")), revisions=(SHIPPED,),
        now=EPOCH + timedelta(microseconds=NOW_US),
    )  # fmt: skip
    steps = Steps()
    grouped(calls, what, steps)

    assert steps.progress == Progress(25, 25)
    with pytest.raises(Stopped):
        grouped(calls, what, Steps(stop=Stop.CANCELLED))


def test_facts_whose_audio_is_gone_end_in_the_calendar_and_are_no_recordings(
    tmp_path: Path,
) -> None:
    """Held ones are judged one by one, the others by their kind; neither has audio to go."""
    engine = new_catalog(tmp_path)
    adopt(engine, *(adoption(number) for number in range(1, 5)))
    with writing(engine) as connection:
        for own in map(recording_id, (1, 2, 3)):
            keep_facts(connection, 1, [replace(FACTS, name=replace(FACTS.name, recording=own))])
            leave_facts(connection, 1, own)
    held(engine, recording_id(3))
    both = {Asset.AUDIO: terms("", "P1M"), Asset.METADATA: terms("", "P3Y")}
    today = Revision(
        number=1, policy=policy(replace(rule("today"), terms=both)), in_force_at=EPOCH,
        is_retroactive=True,
    )  # fmt: skip
    what = Supposition(
        policy=policy(replace(rule("shorter"), terms=both | {Asset.METADATA: terms("", "P2Y")})),
        revisions=(SHIPPED, today), now=EPOCH + timedelta(microseconds=NOW_US),
    )  # fmt: skip
    sums = grouped(engine, what)
    engine.dispose()

    assert sums.whole.recordings == 1
    assert {month: own.recordings for month, own in sums.months.items()} == {"2026-11": 1}
    assert (sums.facts.today, sums.facts.then) == (
        {"2029-10": 3, NO_END: 1},
        {"2028-10": 3, NO_END: 1},
    )


def test_an_archive_of_nothing_has_no_sums(tmp_path: Path) -> None:
    """And none is made up."""
    engine = new_catalog(tmp_path)
    what = Supposition(policy=policy(rule("all")), revisions=(SHIPPED,), now=EPOCH)

    assert grouped(engine, what).content() == Simulation().content()
    engine.dispose()
