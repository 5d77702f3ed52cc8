"""How a plan comes about: made, approved by another person, handed to the key daemon, stopped."""

import asyncio
import threading
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from api.destruction import plans as plans_module
from api.destruction.drafts import PlanDraft, append_draft, due_now
from api.destruction.plan_course import waiting_of
from api.destruction.plans import KnownPlan
from api.permissions.errors import (
    AnotherPersonNeeded,
    ApprovalNeeded,
    NothingDue,
    PersonNeeded,
    PlanOver,
)
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.approvals import digest_of as digest_of_act
from archive.catalog.accounts.single_person import declare_one_person
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.authors import Author
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT
from archive.keys.guard.destruction import KeptRecording, Why
from retention.policies.policy import Limits
from tests.api.destruction.scene import COOLED_US, DAY_US, Installation, installed
from tests.api.register import service
from tests.archive.catalog.examples import author
from tests.archive.destruction.keys import RunnerClient
from tests.retention.examples import rule
from tests.support.destruction.plans import CutClient, whys
from tests.support.summaries import proposed_in_words

FEW = Limits(share_per_day=Fraction(1), bulk=2)


async def test_nothing_is_destroyed_on_one_persons_word_nor_before_it_cooled_off(
    tmp_path: Path,
) -> None:
    """The key daemon says so itself, whatever a runner asks."""
    async with installed(tmp_path, 1) as it:
        made = await it.plans.make(it.owner)
        number, own = made.stored.number, made.stored.content.id
        said = [whys(it, own)]
        with pytest.raises(AnotherPersonNeeded):
            await it.plans.approve(it.owner, number)
        with pytest.raises(ApprovalNeeded):
            await it.plans.apply(it.owner, number)
        await it.plans.approve(it.legal, number)
        said.append(whys(it, own))
        done = await it.plans.apply(it.owner, number)
        said.append(whys(it, own))
        it.pass_us(COOLED_US - 1)
        said.append(whys(it, own))
        it.pass_us(1)
        said.append(whys(it, own))

    assert said == [
        {Why.NOT_PLANNED}, {Why.NOT_PLANNED}, {Why.COOLING_OFF}, {Why.COOLING_OFF}, {"destroyed"},
    ]  # fmt: skip
    assert not done.stored.approval.one_person


async def test_who_may_read_plans_does_not_make_them(tmp_path: Path) -> None:
    """An auditor compares; a service plans what stands, and proposes nothing."""
    async with installed(tmp_path, 1) as it:
        machine = service(Verb.DESTRUCTION_MANAGE, Verb.DESTRUCTION_READ, Verb.PROPOSE)
        with pytest.raises(PersonNeeded):
            await it.plans.make(machine)

        assert await it.plans.listed(machine) == ()


async def test_what_is_in_a_plan_is_not_in_another(tmp_path: Path) -> None:
    """Nobody approves the same twice."""
    async with installed(tmp_path, 2) as it:
        first = await it.plans.make(it.owner)
        with pytest.raises(NothingDue):
            await it.plans.make(it.owner)
        await it.plans.stop(it.owner, first.stored.number)
        again = await it.plans.make(it.owner)

    assert [each.stored.content.recordings for each in (first, again)] == [2, 2]


def both_at_once(patch: pytest.MonkeyPatch) -> None:
    """Whoever plans has judged the archive before either of them writes its plan down."""
    both = threading.Barrier(2)

    def judged(connection: Connection, author: Author) -> PlanDraft:
        made = due_now(connection, author)
        both.wait(30)
        return made

    patch.setattr(plans_module, "due_now", judged)


def planned_twice(it: Installation) -> list[bytes]:
    """What stands in more than one plan, by the database alone."""
    with reading(it.it.engine) as connection:
        found = connection.execute(
            text(
                "SELECT recording FROM planned_recording WHERE stage = 'planned'"
                " GROUP BY recording HAVING count(*) > 1"
            )
        )
        return [each.recording for each in found]


async def test_two_who_plan_in_the_same_instant_do_not_plan_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two persons are asked for each recording twice, and a stop of one plan stops nothing.

    Each is in a thread and a connection of its own, as two requests are.
    """
    async with installed(tmp_path, 2) as it:
        other = it.it.person("other", Role.RETENTION_OWNER)
        both_at_once(monkeypatch)
        makers = (it.plans.make(it.owner), it.plans.make(other))
        made = await asyncio.gather(*makers, return_exceptions=True)
        asked = await it.plans.approvals.listed(it.legal)
        twice = planned_twice(it)

    assert twice == []
    assert sorted(type(each).__name__ for each in made) == ["KnownPlan", "NothingDue"]
    assert len(asked) == 1, "nobody is asked for a plan that is not there"


async def test_what_was_planned_while_somebody_judged_is_left_out_of_his_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if he had asked a moment later: plan, text and proposal are of the rest."""
    async with installed(tmp_path, 2) as it:
        other = await it.plans.door.access_to_all(it.owner, Verb.DESTRUCTION_MANAGE)
        earlier = Author(access=other, user=it.owner.account.user)
        with reading(it.it.engine) as connection:
            first = due_now(connection, earlier)
        it.archive(1)

        def judged(connection: Connection, author: Author) -> PlanDraft:
            made = due_now(connection, author)
            with writing(it.it.catalog.engine) as beside:
                append_draft(beside, earlier, first)
            return made

        monkeypatch.setattr(plans_module, "due_now", judged)
        made = await it.plans.make(it.owner)
        await it.plans.approve(it.legal, made.stored.number)
        await it.plans.apply(it.owner, made.stored.number)
        it.pass_us(COOLED_US)
        said = RunnerClient(it.keeper.scene).destroy(made.stored.content.id, 0, it.recordings)
        lines = it.lines(made.stored.number)

    assert [each.recording for each in lines] == it.recordings[2:]
    assert [isinstance(each, KeptRecording) for each in said] == [True, True, False]


async def test_an_approval_stands_for_few_recordings_by_the_same_rules(tmp_path: Path) -> None:
    """The next ones need nobody's word and do not cool off; more than `bulk` do."""
    async with installed(tmp_path) as it:
        it.take_over(rule("year", after="P1Y"), limits=FEW)
        it.archive(1)
        await it.applied()
        it.runner().round()
        it.archive(2)
        second = await it.plans.make(it.owner)
        said = whys(it, second.stored.content.id)
        it.archive(3)
        third = await it.plans.make(it.owner)

    assert second.stored.approval.proposal is None
    assert second.stored.approval.due_us == it.it.now_us
    assert "destroyed" in said
    assert third.stored.approval.approved_us is None


async def test_a_standing_approval_ends_when_a_person_says_so_and_with_its_revision(
    tmp_path: Path,
) -> None:
    """A rule of the same name in another revision is another rule."""
    async with installed(tmp_path, 1) as it:
        await it.applied()
        it.runner().round()
        it.take_over(rule("year", after="P1Y"))
        it.archive(1)
        other = await it.plans.make(it.owner)
        await it.plans.approve(it.legal, other.stored.number)
        await it.plans.apply(it.owner, other.stored.number)
        ended = await it.plans.end_standing(it.owner)
        it.archive(1)
        last = await it.plans.make(it.owner)

    assert other.stored.approval.approved_us is None
    assert (ended, last.stored.approval.approved_us) == (2, None)


async def test_one_persons_word_is_enough_where_it_is_declared_so_and_says_so(
    tmp_path: Path,
) -> None:
    """For ever, in the plan and in the journal."""
    async with installed(tmp_path, 1) as it:
        with writing(it.it.engine) as connection:
            declare_one_person(connection, author(), None)
        made = await it.plans.make(it.owner)
        done = await it.plans.apply(it.owner, made.stored.number)
        (told,) = it.it.journal("plan_approved")

    assert done.stored.approval.one_person
    assert told.detail["one_person"] == 1


@pytest.mark.parametrize("left", range(4))
async def test_a_handing_over_that_was_cut_off_goes_on_when_it_is_applied_again(
    tmp_path: Path, left: int
) -> None:
    """Before each of its calls: nothing is doubled, nothing is left out."""
    async with installed(tmp_path, 2) as it:
        made = await it.plans.make(it.owner)
        number = made.stored.number
        await it.plans.approve(it.legal, number)
        cut = replace(it.plans, key_client=CutClient(it.keeper.scene, left))
        done: KnownPlan | None = None
        try:
            await cut.apply(it.owner, number)
        except KeyUnavailable:
            done = await it.plans.apply(it.owner, number)
        it.pass_us(COOLED_US)
        said = whys(it, made.stored.content.id)

    assert (done is None) is (left == 3)
    assert said == {"destroyed"}


async def test_a_stopped_plan_destroys_nothing_more(tmp_path: Path) -> None:
    """Neither the runner nor the key daemon; what is in it may be planned again."""
    async with installed(tmp_path, 2) as it:
        plan = await it.applied()
        await it.plans.stop(it.owner, plan.stored.number)
        it.runner().round()
        said = whys(it, plan.stored.content.id)
        with pytest.raises(PlanOver):
            await it.plans.apply(it.owner, plan.stored.number)
        lines = it.lines(plan.stored.number)

    assert said == {Why.NOT_PLANNED}
    assert {(each.stage, each.cause) for each in lines} == {("dropped", "stopped")}


async def test_what_is_approved_is_exactly_the_digest_of_the_plan(tmp_path: Path) -> None:
    """Another person compares it with what `rokuon retention plan` shows."""
    async with installed(tmp_path, 1) as it:
        made = await it.plans.make(it.owner)
        known = await it.plans.approvals.show(it.legal, made.stored.approval.proposal or 0)
        sha256 = made.stored.content.sha256.hex()

    assert sha256 in proposed_in_words(known)
    assert "by rule year of revision 1" in proposed_in_words(known)
    assert known.proposal.digest == digest_of_act(known.proposal.kind, {"sha256": sha256})


async def test_another_owners_refused_apply_does_not_take_the_proposals_place(
    tmp_path: Path,
) -> None:
    """Who approves is led to what its maker proposed, and that is what is carried out."""
    async with installed(tmp_path, 1) as it:
        other = it.it.person("other", Role.RETENTION_OWNER)
        made = await it.plans.make(it.owner)
        with pytest.raises(ApprovalNeeded) as refused:
            await it.plans.apply(other, made.stored.number)
        after = await it.plans.show(it.owner, made.stored.number)
        await it.plans.approve(it.legal, made.stored.number)
        done = await it.plans.apply(it.owner, made.stored.number)
        waiting = await it.plans.approvals.listed(it.legal)
        carried = it.it.journal("carried_out")

    first = made.stored.approval.proposal
    assert refused.value.number != first
    assert (after.stored.approval.proposal, done.stored.approval.proposal) == (first, first)
    assert [each.target for each in carried] == [f"proposal:{first}"]
    assert waiting == (), "nobody is asked for what is done already"


async def test_a_plan_names_the_proposal_that_was_carried_out(tmp_path: Path) -> None:
    """Also where it is another one than was made with it; overdue says that it only waits."""
    async with installed(tmp_path, 1) as it:
        other = it.it.person("other", Role.RETENTION_OWNER)
        made = await it.plans.make(it.owner)
        with pytest.raises(ApprovalNeeded) as refused:
            await it.plans.apply(other, made.stored.number)
        await it.plans.approvals.give(it.legal, refused.value.number)
        with reading(it.it.engine) as connection:
            waits = waiting_of(connection, DEFAULT_TENANT, made.stored, it.it.now_us)
        done = await it.plans.apply(other, made.stored.number)

    assert waits == "not_applied"
    assert done.stored.approval.proposal == refused.value.number
    assert not done.stored.approval.one_person


async def test_a_proposal_that_is_too_old_is_replaced_by_whoever_applies(tmp_path: Path) -> None:
    """Nobody could approve it any more."""
    async with installed(tmp_path, 1) as it:
        other = it.it.person("other", Role.RETENTION_OWNER)
        made = await it.plans.make(it.owner)
        it.pass_us(8 * DAY_US)
        with pytest.raises(ApprovalNeeded) as refused:
            await it.plans.apply(other, made.stored.number)
        after = await it.plans.show(it.owner, made.stored.number)

    assert after.stored.approval.proposal == refused.value.number
