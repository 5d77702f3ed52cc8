"""What is due is planned by itself at its hour, and acts where an approval stands for it."""

from dataclasses import replace
from datetime import time
from fractions import Fraction
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from api.destruction.night_plan import unspoken_plan
from api.destruction.plans import KnownPlan
from api.permissions.errors import ApprovalNeeded
from archive.catalog.database.engine import reading
from archive.ids import DEFAULT_TENANT
from retention.policies.policy import Limits
from tests.api.destruction.scene import AFTER_A_YEAR, COOLED_US, DAY_US, Installation, installed
from tests.support.destruction.overdue import reasons
from tests.support.destruction.plans import CutClient
from tests.support.destruction.survey_rounds import rounds_of, walk

AT_NIGHT = Limits(share_per_day=Fraction(1), plan_at=time(1, 30), bulk=2)


async def night(it: Installation) -> None:
    """A day later, by a process that was started anew."""
    it.pass_us(DAY_US)
    walk(rounds_of(it, CollectorRegistry()))


async def plans(it: Installation) -> list[tuple[str, int, str]]:
    """Author, recordings and end of each, oldest first."""
    found: tuple[KnownPlan, ...] = await it.plans.listed(it.owner)
    return [
        (each.stored.author, each.stored.content.recordings, each.stored.course.ended)
        for each in reversed(found)
    ]


async def test_without_a_word_it_waits_and_the_next_one_takes_its_place(tmp_path: Path) -> None:
    """Overdue says so; nobody has to approve one plan for each night."""
    async with installed(tmp_path) as it:
        it.take_over(AFTER_A_YEAR, limits=AT_NIGHT)
        it.archive(1)
        walk(rounds_of(it, CollectorRegistry()))
        seen = [await plans(it)]
        for more in (0, 0, 2):
            it.archive(more)
            await night(it)
            seen.append(await plans(it))
        why = await reasons(it)

    one = [("retention", 1, "")]
    assert seen == [[], one, one, [("retention", 1, "stopped"), ("retention", 3, "")]]
    assert why == [("not_approved", 2)] * 3


async def test_once_two_persons_have_approved_its_rules_it_acts_by_itself(tmp_path: Path) -> None:
    """Few recordings by the same rules; more than `bulk` wait for a word again."""
    async with installed(tmp_path) as it:
        it.take_over(AFTER_A_YEAR, limits=AT_NIGHT)
        it.archive(1)
        walk(rounds_of(it, CollectorRegistry()))
        await night(it)
        with pytest.raises(ApprovalNeeded):
            await it.plans.apply(it.owner, 1)
        await it.plans.approve(it.legal, 1)
        await it.plans.apply(it.owner, 1)
        it.pass_us(COOLED_US)
        runner = it.runner()
        runner.round()
        runner.round()
        for more in (2, 3):
            it.archive(more)
            await night(it)
        runner = it.runner()
        runner.round()
        gone = [each.stage for each in it.lines(2)]
        why = await reasons(it)

    assert gone == ["gone"] * 2
    assert why == [("not_approved", 3)] * 3


async def test_a_plan_that_the_key_daemon_did_not_get_is_handed_over_later(
    tmp_path: Path,
) -> None:
    """It was away at that hour."""
    async with installed(tmp_path, 1) as it:
        walk(rounds_of(it, CollectorRegistry()))
        await it.applied()
        it.runner().round()
        it.take_over(AFTER_A_YEAR, limits=AT_NIGHT)
        it.archive(1)
        made = await it.plans.make(it.owner)
        await it.plans.approve(it.legal, made.stored.number)
        await it.plans.apply(it.owner, made.stored.number)
        it.pass_us(COOLED_US)
        runner = it.runner()
        runner.round()
        runner.round()
        it.archive(1)
        it.pass_us(DAY_US)
        rounds = rounds_of(it, CollectorRegistry())
        rounds.key_client = CutClient(it.keeper.scene, 1)
        walk(rounds)
        before = (await it.plans.show(it.owner, 3)).stored
        rounds.key_client = it.key_client
        walk(rounds)
        after = (await it.plans.show(it.owner, 3)).stored

    assert (before.author, before.approval.proposal, before.course.handed_us) == (
        "retention", None, None,
    )  # fmt: skip
    assert after.course.handed_us is not None


async def test_a_plan_of_which_somebody_has_said_a_word_is_left_as_it_is(tmp_path: Path) -> None:
    """What is approved is exactly what was proposed; the next one has the rest."""
    async with installed(tmp_path) as it:
        it.take_over(AFTER_A_YEAR, limits=replace(AT_NIGHT, bulk=1))
        it.archive(2)
        walk(rounds_of(it, CollectorRegistry()))
        await night(it)
        with pytest.raises(ApprovalNeeded):
            await it.plans.apply(it.owner, 1)
        it.archive(1)
        await night(it)
        with reading(it.it.engine) as connection:
            last = unspoken_plan(connection, DEFAULT_TENANT)

    assert last is not None
    assert last.number == 2


async def test_the_nightly_plan_does_not_act_by_what_somebody_has_stopped(tmp_path: Path) -> None:
    """Nor by what still cools off: it waits for a word, as every plan does."""
    async with installed(tmp_path) as it:
        it.take_over(AFTER_A_YEAR, limits=AT_NIGHT)
        it.archive(1)
        walk(rounds_of(it, CollectorRegistry()))
        first = await it.plans.make(it.owner)
        await it.plans.approve(it.legal, first.stored.number)
        await it.plans.apply(it.owner, first.stored.number)
        it.archive(1)
        await night(it)
        cooling = await plans(it)
        await it.plans.stop(it.legal, first.stored.number)
        await night(it)
        it.pass_us(COOLED_US)
        runner = it.runner()
        runner.round()
        why = await reasons(it)

    assert cooling == [("owner", 1, ""), ("retention", 1, "")]
    assert why == [("not_approved", 3)] * 2
