"""Who may propose and approve, and what is done when two persons want it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from api.access.approvals import Approvals
from api.permissions.actor import Actor
from api.permissions.errors import AnotherPersonNeeded, NotAllowed, PersonNeeded
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.approvals import LIFE_US, ApprovalRefused, Kind
from archive.access.reach import ReachRule
from archive.catalog.access.approvals import UnknownProposal
from archive.catalog.database.engine import writing
from tests.api.register import ROOT, register, service
from tests.archive.catalog.examples import recording_id
from tests.support.catalog.reach import put_three

ACTS: dict[str, Callable[[Approvals, Actor], Awaitable[object]]] = {
    "propose": lambda it, actor: it.propose_one_person(actor),
    "list": lambda it, actor: it.listed(actor),
    "show": lambda it, actor: it.show(actor, 1),
    "give": lambda it, actor: it.give(actor, 1),
    "withdraw": lambda it, actor: it.withdraw(actor, 1),
    "end": lambda it, actor: it.end_one_person(actor),
    "ask": lambda it, actor: it.is_one_person_enough(actor),
}


async def test_two_persons_make_the_installation_one_person_s_and_one_ends_it(
    tmp_path: Path,
) -> None:
    """From then on one word is enough, and what it carried out says so for ever."""
    async with register(tmp_path) as it:
        approvals = Approvals(it.door)
        admin, legal = it.person("admin", Role.ADMINISTRATOR), it.person("legal", Role.LEGAL)
        proposed = await approvals.propose_one_person(admin)
        with pytest.raises(AnotherPersonNeeded):
            await approvals.give(admin, proposed.number)
        listed = await approvals.listed(legal)
        assert not await approvals.is_one_person_enough(admin)
        given = await approvals.give(legal, proposed.number)
        assert await approvals.is_one_person_enough(admin)
        again = await approvals.propose_one_person(admin)
        alone = await approvals.give(admin, again.number)
        await approvals.end_one_person(admin)
        third = await approvals.propose_one_person(admin)
        with pytest.raises(AnotherPersonNeeded):
            await approvals.give(admin, third.number)
        kept = await approvals.show(admin, again.number)
        told = it.journal("refused", "approved", "carried_out", "one_person_declared")

    assert [each.number for each in listed] == [proposed.number]
    assert (given.state, kept.state) == ("carried_out", "carried_out")
    assert given.proposal.carried is not None
    assert not given.proposal.carried.one_person
    assert kept.proposal == alone.proposal
    assert kept.proposal.carried is not None
    assert kept.proposal.carried.one_person
    assert [entry.action for entry in told] == [
        "refused", "approved", "carried_out", "one_person_declared", "approved", "carried_out",
        "refused",
    ]  # fmt: skip
    assert told[0].detail == {"act": "approval:give", "why": "another_person_needed"}


@pytest.mark.parametrize("act", ["propose", "give", "withdraw"])
async def test_only_who_acts_as_itself_counts(tmp_path: Path, act: str) -> None:
    """Neither root as somebody, nor a service that has the verbs from before."""
    async with register(tmp_path) as it:
        it.person("root", Role.ADMINISTRATOR)
        root = it.now("root", uid=0)
        crm = service(Verb.PEOPLE_MANAGE, Verb.PROPOSE, Verb.APPROVE, user=1)
        for nobody in (crm, root):
            with pytest.raises(PersonNeeded):
                await ACTS[act](Approvals(it.door), nobody)
        refused = it.journal("refused")

    assert [entry.actor for entry in refused] == ["service:crm", "os:root as root"]
    assert {entry.detail["why"] for entry in refused} == {"person_needed"}


@pytest.mark.parametrize("act", ACTS)
async def test_whom_nobody_gave_the_verb_may_not(tmp_path: Path, act: str) -> None:
    """A reviewer neither proposes nor approves; nor does root."""
    async with register(tmp_path) as it:
        reviewer = it.person("reviewer", Role.REVIEWER)
        for actor in (reviewer, ROOT) if act != "end" else (reviewer,):
            with pytest.raises(NotAllowed):
                await ACTS[act](Approvals(it.door), actor)


async def test_a_proposal_is_withdrawn_ends_and_is_not_found(tmp_path: Path) -> None:
    """Each by its name; the end is in the journal once somebody looks."""
    async with register(tmp_path) as it:
        admin, legal = it.person("admin", Role.ADMINISTRATOR), it.person("legal", Role.LEGAL)
        first = (await Approvals(it.door).propose_one_person(admin)).number
        second = (await Approvals(it.door).propose_one_person(admin)).number
        with pytest.raises(ApprovalRefused, match="not_yours"):
            await Approvals(it.door).withdraw(legal, first)
        withdrawn = await Approvals(it.door).withdraw(admin, first)
        with pytest.raises(UnknownProposal):
            await Approvals(it.door).give(legal, 99)
        it.now_us += LIFE_US
        with pytest.raises(ApprovalRefused, match="over"):
            await Approvals(it.door).give(legal, second)
        assert await Approvals(it.door).listed(legal) == ()
        assert (await Approvals(it.door).show(legal, second)).state == "expired"
        (ended,) = it.journal("proposal_expired")

    assert withdrawn.state == "withdrawn"
    assert ended.target == f"proposal:{second}"


def within(actor: Actor, reach: ReachRule) -> Actor:
    """The same with every role it has in that reach alone."""
    gifts = tuple(replace(each, reach=reach) for each in actor.account.authority.gifts)
    authority = replace(actor.account.authority, gifts=gifts)
    return replace(actor, account=replace(actor.account, authority=authority))


async def test_a_proposal_of_recordings_is_known_where_all_of_them_lie_within_the_reach(
    tmp_path: Path,
) -> None:
    """Nobody else approves, withdraws or sees it; what is of no recording is of all."""
    async with register(tmp_path) as it:
        put_three(it.engine)
        approvals = Approvals(it.door)
        proposer = it.person("legal", Role.LEGAL)
        other = it.person("approver", Role.APPROVER)
        support = ReachRule(queues=frozenset({"support"}))
        acme = ReachRule(controllers=frozenset({"acme"}))
        sales = ReachRule(queues=frozenset({"sales"}))
        kind, one, both = (
            Kind.TAKE_MEASURE,
            [recording_id(1)],
            [recording_id(1), recording_id(2)],
        )
        numbers = [
            (await approvals.propose(proposer, kind, bytes([n]) * 32, "x", about)).number
            for n, about in enumerate((one, both, []))
        ]
        seen = {
            name: [each.number for each in await approvals.listed(actor)]
            for name, actor in {
                "support": within(other, support),
                "sales": within(other, sales),
                "acme": within(other, acme),
                "everywhere": other,
                "proposer": within(proposer, sales),
            }.items()
        }
        for act in ("show", "give", "withdraw"):
            with pytest.raises(UnknownProposal):
                await ACTS[act](approvals, within(other, sales))
        given = await approvals.give(within(other, support), numbers[0])

    first, second, _ = numbers
    assert seen == {
        "support": [first],
        "sales": [],
        "acme": [first, second],
        "everywhere": numbers,
        "proposer": numbers,
    }
    assert [each.by for each in given.proposal.approvals] == [other.account.person]


ALTERED = {
    "the one beyond is taken out": "DELETE FROM proposal_recording WHERE row = 2",
    "it is another recording": "UPDATE proposal_recording SET recording = :near WHERE row = 2",
    "all are others": "UPDATE proposal_recording SET recording = :near",
    "those of the whole tenant are of one": (
        "INSERT INTO proposal_recording (tenant, proposal, recording) VALUES (1, 2, :near)"
    ),
    "they are another proposal's": "UPDATE proposal_recording SET proposal = 2 WHERE row = 1",
}


@pytest.mark.parametrize("change", ALTERED.values(), ids=ALTERED)
async def test_which_recordings_a_proposal_is_of_is_as_it_was_proposed(
    tmp_path: Path, change: str
) -> None:
    """Who writes into the catalog leads an approver to nothing beyond that one's reach."""
    async with register(tmp_path) as it:
        put_three(it.engine)
        approvals = Approvals(it.door)
        proposer, other = it.person("legal", Role.LEGAL), it.person("approver", Role.APPROVER)
        near = within(other, ReachRule(queues=frozenset({"support"})))
        for about in ([recording_id(1), recording_id(2)], []):
            await approvals.propose(proposer, Kind.TAKE_MEASURE, bytes(32), "x", about)
        with writing(it.engine) as connection:
            connection.execute(text(change), {"near": recording_id(1).raw})
        seen = [each.number for each in await approvals.listed(near)]
        for number in (1, 2):
            with pytest.raises(UnknownProposal):
                await approvals.give(near, number)
        told = it.seals.altered
        everywhere = [each.number for each in await approvals.listed(other)]

    assert seen == []
    assert {table for table, _ in told} == {"proposal_recording"}
    assert everywhere == [1, 2], "what is done is of the digest, which is as it was"
