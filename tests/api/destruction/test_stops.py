"""What ends with a plan that somebody stops, and who hears of it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from api.destruction.plans import KnownPlan
from api.destruction.stops import SETTLED_US, stop_plan
from api.permissions.errors import ApprovalNeeded, NotAllowed, PlanOver
from api.permissions.roles import Role
from archive.access.approvals import ApprovalRefused
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.plans import plan_numbered, untold_stops
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT, PlanId, RecordingId
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording, Why
from archive.keys.guard.plans import PlanTerms
from retention.policies.policy import Limits
from tests.api.destruction.scene import AFTER_A_YEAR, COOLED_US, Installation, installed
from tests.archive.catalog.examples import author
from tests.archive.destruction.keys import ApiKeyClient, RunnerClient
from tests.support.destruction.plans import CutClient, whys
from tests.support.destruction.survey_rounds import rounds_of, walk

FEW = Limits(share_per_day=Fraction(1), bulk=2)
MANY = 3


def gone(it: Installation) -> int:
    """Of how many recordings the keystore has no key any more; nothing else is asked."""
    return sum(isinstance(each, DestroyedRecording) for each in _asked(it))


def _asked(it: Installation) -> tuple[DestroyedRecording | KeptRecording, ...]:
    return RunnerClient(it.keeper.scene).destroy(PlanId(bytes(16)), 0, it.recordings)


def rounds(it: Installation, count: int = 3) -> None:
    """What the runner does when it is let."""
    runner = it.runner()
    for _ in range(count):
        runner.round()


async def approved(it: Installation) -> KnownPlan:
    """A plan of all that is due that two persons want and nobody has applied."""
    made = await it.plans.make(it.owner)
    await it.plans.approve(it.legal, made.stored.number)
    return made


async def applied(it: Installation) -> KnownPlan:
    """One that cools off."""
    made = await approved(it)
    return await it.plans.apply(it.owner, made.stored.number)


async def running(it: Installation) -> KnownPlan:
    """One that has begun; what is in it is held up by the day's share."""
    done = await applied(it)
    it.pass_us(COOLED_US)
    it.runner().round()
    return done


async def proposed(it: Installation) -> KnownPlan:
    """One that nobody has approved."""
    return await it.plans.make(it.owner)


async def test_a_stopped_plan_does_not_arm_the_next_one(tmp_path: Path) -> None:
    """Who stops a plan because it is wrong must not let everything go: it takes two words anew."""
    async with installed(tmp_path, 4) as it:
        first = await applied(it)
        it.pass_us(COOLED_US - 1)
        await it.plans.stop(it.owner, first.stored.number)
        second = await it.plans.make(it.owner)
        it.pass_us(COOLED_US)
        rounds(it)
        seen = [gone(it)]
        await it.plans.approve(it.legal, second.stored.number)
        await it.plans.apply(it.owner, second.stored.number)
        it.pass_us(COOLED_US - 1)
        rounds(it)
        seen.append(gone(it))
        it.pass_us(1)
        rounds(it)
        seen.append(gone(it))

    assert second.stored.approval.approved_us is None
    assert seen == [0, 0, 4]


async def test_an_approval_does_not_stand_while_its_plan_cools_off(tmp_path: Path) -> None:
    """Else a second plan of the same rules is through before the first has begun."""
    async with installed(tmp_path, 1) as it:
        await applied(it)
        it.archive(1)
        beside = await it.plans.make(it.owner)
        it.pass_us(COOLED_US)
        it.archive(1)
        due = await it.plans.make(it.owner)
        rounds(it)
        it.archive(1)
        begun = await it.plans.make(it.owner)

    assert [each.stored.rests_on_standing for each in (beside, due, begun)] == [False, False, True]


async def test_stopping_ends_what_earlier_plans_let_stand_for_the_same_rules(
    tmp_path: Path,
) -> None:
    """An approval of last year is no word for what was stopped today."""
    async with installed(tmp_path, 1) as it:
        it.take_over(AFTER_A_YEAR, limits=FEW)
        await it.applied()
        rounds(it)
        it.archive(MANY)
        stopped = await it.plans.stop(it.legal, (await proposed(it)).stored.number)
        next_one = await it.plans.make(it.owner)
        (told,) = it.it.journal("plan_stopped")

    assert stopped.stored.course.ended_by == "legal"
    assert not next_one.stored.rests_on_standing
    assert (told.actor, told.detail) == ("legal", {"rules": 1})


@pytest.mark.parametrize("stage", [proposed, approved, applied, running])
async def test_who_may_approve_may_stop_a_plan_at_every_stage(
    tmp_path: Path, stage: Callable[[Installation], Awaitable[KnownPlan]]
) -> None:
    """It is that person's word that something goes; from then on nothing more does."""
    async with installed(tmp_path, 4) as it:
        it.take_over(AFTER_A_YEAR, limits=Limits(share_per_day=Fraction(1, 4)))
        approver = it.it.person("approver", Role.APPROVER)
        number = (await stage(it)).stored.number
        before = gone(it)
        stopped = await it.plans.stop(approver, number)
        it.pass_us(10 * COOLED_US)
        rounds(it)
        with pytest.raises(PlanOver):
            await it.plans.apply(it.owner, number)
        with pytest.raises(PlanOver):
            await it.plans.approve(it.legal, number)

    assert (gone(it), stopped.state, stopped.stored.course.ended_by) == (
        before, "stopped", "approver",
    )  # fmt: skip
    assert untold(it) == ()


def untold(it: Installation) -> tuple[int, ...]:
    """The stopped plans of which the key daemon has not heard, after an hour."""
    walk(rounds_of(it, CollectorRegistry()))
    with reading(it.it.engine) as connection:
        return tuple(each.number for each in untold_stops(connection, DEFAULT_TENANT))


@pytest.mark.parametrize("stage", [approved, applied, running])
async def test_an_approval_is_taken_back_at_every_stage(
    tmp_path: Path, stage: Callable[[Installation], Awaitable[KnownPlan]]
) -> None:
    """Before it is applied it waits for a word again, afterwards it is stopped."""
    async with installed(tmp_path, 4) as it:
        it.take_over(AFTER_A_YEAR, limits=Limits(share_per_day=Fraction(1, 4)))
        number = (await stage(it)).stored.number
        before = gone(it)
        taken = await it.plans.withdraw(it.legal, number)
        with pytest.raises((ApprovalNeeded, PlanOver)):
            await it.plans.apply(it.owner, number)
        it.pass_us(COOLED_US)
        rounds(it)

    assert gone(it) == before
    assert (taken.state == "stopped") is (stage is not approved)


async def test_what_nobody_has_approved_cannot_be_taken_back_but_stopped(tmp_path: Path) -> None:
    """Who may not approve can do neither of another person's plan."""
    async with installed(tmp_path, 1) as it:
        auditor = it.it.person("auditor", Role.AUDITOR)
        number = (await proposed(it)).stored.number
        with pytest.raises(ApprovalRefused, match="not_approved"):
            await it.plans.withdraw(it.legal, number)
        for act in (it.plans.stop, it.plans.withdraw):
            with pytest.raises(NotAllowed):
                await act(auditor, number)
        with pytest.raises(NotAllowed):
            await it.plans.end_standing(auditor)


async def test_nobody_approves_a_stopped_plan_by_its_proposal(tmp_path: Path) -> None:
    """It is not in the list of what waits for a second person any more."""
    async with installed(tmp_path, 1) as it:
        made = await proposed(it)
        await it.plans.stop(it.legal, made.stored.number)
        waiting = await it.plans.approvals.listed(it.legal)
        with pytest.raises(ApprovalRefused, match="over"):
            await it.plans.approvals.give(it.legal, made.stored.approval.proposal or 0)

    assert waiting == ()


async def test_what_rests_on_a_standing_approval_is_stopped_with_it(tmp_path: Path) -> None:
    """A plan by another's word of the same rules; what two persons approved itself goes on."""
    async with installed(tmp_path, 1) as it:
        it.take_over(AFTER_A_YEAR, limits=FEW)
        await it.applied()
        rounds(it)
        it.archive(1)
        resting = await it.plans.make(it.owner)
        it.archive(MANY)
        own = await applied(it)
        it.archive(MANY)
        stopped = await it.plans.stop(it.legal, (await proposed(it)).stored.number)
        rounds(it)
        states = [
            (await it.plans.show(it.owner, each.stored.number)).state for each in (resting, own)
        ]
        it.pass_us(COOLED_US)
        rounds(it, 4)
        it.archive(1)
        last = await it.plans.make(it.owner)

    assert resting.stored.rests_on_standing
    assert states == ["stopped", "cooling_off"]
    assert stopped.beside == (own.stored.number,)
    assert gone(it) == 1 + MANY
    assert not last.stored.rests_on_standing


async def test_ending_all_that_stands_stops_the_plans_that_rest_on_it(tmp_path: Path) -> None:
    """Also where the window keeps one from beginning."""
    async with installed(tmp_path, 1) as it:
        await it.applied()
        rounds(it)
        it.archive(2)
        resting = await it.plans.make(it.owner)
        ended = await it.plans.end_standing(it.legal)
        rounds(it)
        after = await it.plans.show(it.owner, resting.stored.number)
        said = whys(it, resting.stored.content.id)

    assert (ended, after.state, after.stored.course.ended_by) == (1, "stopped", "legal")
    assert Why.NOT_PLANNED in said
    assert gone(it) == 1


async def test_a_stop_holds_though_the_key_daemon_is_away(tmp_path: Path) -> None:
    """It is told when it is back, by whatever part of the API is up then."""
    async with installed(tmp_path, 2) as it:
        plan = (await it.applied()).stored
        cut = replace(it.plans, key_client=CutClient(it.keeper.scene, 0))
        stopped = await cut.stop(it.legal, plan.number)
        rounds(it)
        seen = [gone(it)]
        walk(rounds_of(it, CollectorRegistry()))
        told = await it.plans.show(it.legal, plan.number)
        said = whys(it, plan.content.id)

    assert (stopped.state, stopped.stored.course.keys_ended_us) == ("stopped", None)
    assert told.stored.course.keys_ended_us == it.it.now_us
    assert (seen, said) == ([0], {Why.NOT_PLANNED})


class StoppedOnTheWay(ApiKeyClient):
    """A line to the key daemon during one call of which somebody stops the plan."""

    __slots__ = ("at", "it")

    def __init__(self, it: Installation, at: str) -> None:
        super().__init__(it.keeper.scene)
        self.it, self.at = it, at

    def open_plan(self, plan: PlanId, terms: PlanTerms) -> None:
        super().open_plan(plan, terms)
        self._stop("open")

    def seal_plan(self, plan: PlanId) -> None:
        super().seal_plan(plan)
        self._stop("seal")

    def _stop(self, at: str) -> None:
        if at == self.at:
            with writing(self.it.it.engine) as connection:
                stop_plan(connection, author(), plan_numbered(connection, DEFAULT_TENANT, 1))


@pytest.mark.parametrize("at", ["open", "seal"])
async def test_a_plan_that_is_stopped_while_it_is_handed_over_destroys_nothing(
    tmp_path: Path, at: str
) -> None:
    """Whoever comes first: the key daemon ends up with a plan that has ended."""
    async with installed(tmp_path, 2) as it:
        plan = (await approved(it)).stored
        crossing = replace(it.plans, key_client=StoppedOnTheWay(it, at))
        with pytest.raises(PlanOver):
            await crossing.apply(it.owner, plan.number)
        it.pass_us(COOLED_US)
        said = whys(it, plan.content.id)

    assert said == {Why.NOT_PLANNED}


async def test_a_stop_before_the_key_daemon_has_heard_of_the_plan_is_told_for_an_hour(
    tmp_path: Path,
) -> None:
    """It may be on its way there; later it is not asked for any more."""
    async with installed(tmp_path, 1) as it:
        plan = (await approved(it)).stored
        with pytest.raises(KeyUnavailable):
            await replace(it.plans, key_client=CutClient(it.keeper.scene, 0)).apply(
                it.owner, plan.number
            )
        await it.plans.stop(it.owner, plan.number)
        seen = [untold(it)]
        it.pass_us(SETTLED_US)
        seen.append(untold(it))

    assert seen == [(plan.number,), ()]


class StopsBeforeTheKeys(RunnerClient):
    """The runner's line: somebody stops the plan when it has judged a batch."""

    __slots__ = ("it",)

    def __init__(self, it: Installation) -> None:
        super().__init__(it.keeper.scene)
        self.it = it

    def destroy(
        self, plan: PlanId, generation: int, recordings: list[RecordingId]
    ) -> tuple[DestroyedRecording | KeptRecording, ...]:
        with writing(self.it.it.engine) as connection:
            stop_plan(connection, author(), plan_numbered(connection, DEFAULT_TENANT, 1))
        self.it.key_client.end_plan(plan)
        return super().destroy(plan, generation, recordings)


async def test_a_stop_between_the_judging_and_the_keys_is_in_time(tmp_path: Path) -> None:
    """What was judged and not destroyed is kept, and served again."""
    async with installed(tmp_path, 2) as it:
        await it.applied()
        it.runner(it.sweep(keys=StopsBeforeTheKeys(it))).round()
        lines = {(each.stage, each.cause) for each in it.lines(1)}

    assert (gone(it), lines) == (0, {("dropped", "stopped")})
