"""Plans of destruction: made, approved by another person, handed to the key daemon, stopped.

Knows nothing of the web, nor of how a plan is carried out.
"""

import asyncio
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from api.access.approvals import Approvals
from api.access.authorization import Door
from api.access.known_proposals import Known, known_proposal
from api.destruction.drafts import due_now, left_of, summary_of
from api.destruction.hand_over import PlanClient, hand_over
from api.destruction.plan_approval import (
    PlanWord,
    append_proposed,
    append_standing,
    name_proposal,
    own_word,
)
from api.destruction.plan_course import KIND, act_of, state_of, waiting_of
from api.destruction.plan_steps import Doer, OwnWord, PlanStep, steps_of
from api.destruction.stops import plans_beside, stop_plan, stop_standing, tell_stops
from api.permissions.actor import Actor
from api.permissions.errors import ApprovalNeeded, PlanOver
from api.permissions.verbs import Verb
from archive.access.approvals import ApprovalRefused
from archive.catalog.access.approvals import revoke
from archive.catalog.database.engine import read, write
from archive.catalog.destruction.planned_recordings import StoredLine, count_stages, lines_of
from archive.catalog.destruction.plans import StoredPlan, note_work, plan_numbered, plans
from archive.catalog.destruction.standing_approvals import StandingApproval, standing_approvals
from archive.catalog.journal.authors import Author
from archive.catalog.tables.tenants import tenant_row
from archive.errors import KeyRefused, KeyUnavailable
from retention.decisions.brakes import Brake
from retention.decisions.run_stages import Ended


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlan:
    """A plan, how many of its recordings are in which stage, by which cause, and where it stands.

    `state` is a code that has words; `beside` are other approved plans by its rules that go on,
    of one that was stopped. `proposal` is what another person was asked to approve, None where
    nobody was; `steps` is what who asks can do with it now.
    """

    stored: StoredPlan
    stages: dict[tuple[str, str], int]
    state: str
    proposal: Known | None = None
    steps: frozenset[PlanStep] = frozenset()
    beside: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asker(Author):
    """Who asks, with all that it may do."""

    verbs: frozenset[Verb]


@dataclass(frozen=True, slots=True)
class DestructionPlans:
    """The acts; each raises `Refused` where the actor may not, `UnknownPlan` for a wrong number."""

    door: Door
    approvals: Approvals
    key_client: PlanClient

    async def make(self, actor: Actor) -> KnownPlan:
        """Plan what is due and in no other plan; propose it, unless an approval stands for it.

        Raises `NothingDue`; `PersonNeeded` where nobody proposes who counts.
        """
        author = await self._author(actor, Verb.DESTRUCTION_MANAGE)
        made = await read(self.door.engine, lambda c: due_now(c, author))

        def stood(connection: Connection) -> int | None:
            return append_standing(connection, author, left_of(connection, author, made))

        standing = await write(self.door.engine, stood)
        if standing is not None:
            return await self._handed(author, standing)
        proposer = await self.approvals.proposer(actor)

        def proposed(connection: Connection) -> int:
            return append_proposed(connection, proposer, left_of(connection, author, made))

        return await self._known(author, await write(self.door.engine, proposed))

    async def approve(self, actor: Actor, number: int) -> KnownPlan:
        """Give another person's word for a plan; raises as `Approvals.give` does, `PlanOver`."""
        author = await self._author(actor, Verb.APPROVE)
        stored = (await self._known(author, number)).stored
        if stored.is_over or stored.approval.proposal is None:
            raise PlanOver("nothing waits for a word")
        await self.approvals.give(actor, stored.approval.proposal)
        return await self._known(author, number)

    async def apply(self, actor: Actor, number: int) -> KnownPlan:
        """Carry out what another person approved: it cools off, then it is destroyed.

        Asked again it goes on where it was cut off, and after a clock that stepped. Raises
        `ApprovalNeeded`, `PlanOver`, `PlanAltered`, `KeyUnavailable`.
        """
        author = await self._author(actor, Verb.DESTRUCTION_MANAGE)
        stored = (await self._known(author, number)).stored
        if stored.is_over:
            raise PlanOver("it is over")
        if stored.approval.approved_us is None:
            await self._carry_out(actor, author, stored)
        if stored.course.waits == Brake.CLOCK:
            at_us = author.access.at_us
            await write(self.door.engine, lambda c: note_work(c, number, at_us))
        return await self._handed(author, number)

    async def stop(self, actor: Actor, number: int) -> KnownPlan:
        """Begin nothing more of a plan; what is under way is finished. Raises `PlanOver`.

        No approval stands for its rules any more, and what rests on one is stopped with it.
        """
        author = await self._author(actor, _stopping(actor))

        def stopped(connection: Connection) -> None:
            stop_plan(connection, author, _open_plan(connection, author, number))

        await write(self.door.engine, stopped)
        return await self._told(author, number)

    async def withdraw(self, actor: Actor, number: int) -> KnownPlan:
        """Take the approval of a plan back, whoever gave it; where it is applied it is stopped.

        Raises `PlanOver`; `ApprovalRefused` where nobody has approved it.
        """
        author = await self._author(actor, Verb.APPROVE)

        def withdrawn(connection: Connection) -> None:
            plan = _open_plan(connection, author, number)
            if plan.approval.approved_us is not None:
                stop_plan(connection, author, plan)
            elif not revoke(connection, author, KIND, act_of(plan.content.sha256)):
                raise ApprovalRefused("not_approved")

        await write(self.door.engine, withdrawn)
        return await self._told(author, number)

    async def end_standing(self, actor: Actor) -> int:
        """No approval stands any more, and what rests on one is stopped; for how many rules."""
        author = await self._author(actor, _stopping(actor))
        ended = await write(self.door.engine, lambda c: stop_standing(c, author))
        await self._tell_stops(author)
        return ended

    async def standing(self, actor: Actor) -> tuple[StandingApproval, ...]:
        """The rules for which an approval stands, each with its plan."""
        author = await self._author(actor, Verb.DESTRUCTION_READ)

        def found(connection: Connection) -> tuple[StandingApproval, ...]:
            row = tenant_row(connection, author.access.tenant)
            return standing_approvals(connection, row, author.access.at_us)

        return await read(self.door.engine, found)

    async def listed(self, actor: Actor) -> tuple[KnownPlan, ...]:
        """Every plan, newest first."""
        author = await self._author(actor, Verb.DESTRUCTION_READ)

        def found(connection: Connection) -> tuple[KnownPlan, ...]:
            stored = plans(connection, author.access.tenant)
            return tuple(_known_plan(connection, author, each) for each in stored)

        return await read(self.door.engine, found)

    async def show(self, actor: Actor, number: int) -> KnownPlan:
        """One plan."""
        return await self._known(await self._author(actor, Verb.DESTRUCTION_READ), number)

    async def lines(self, actor: Actor, number: int, behind: int) -> tuple[StoredLine, ...]:
        """A page of its recordings behind a place."""
        author = await self._author(actor, Verb.DESTRUCTION_READ)

        def found(connection: Connection) -> tuple[StoredLine, ...]:
            plan_numbered(connection, author.access.tenant, number)
            row = tenant_row(connection, author.access.tenant)
            return lines_of(connection, row, number, behind=behind)

        return await read(self.door.engine, found)

    async def _propose(self, actor: Actor, sha256: bytes, summary: str) -> Known:
        return await self.approvals.propose(actor, KIND, act_of(sha256), summary)

    async def _carry_out(self, actor: Actor, author: Author, plan: StoredPlan) -> None:
        """Raises `ApprovalNeeded`, proposing it anew where nothing waits any more."""
        is_person = bool(actor.account.person)
        word = PlanWord(author, is_person)
        if await write(self.door.engine, lambda c: word.approved(c, plan)):
            return
        summary = summary_of(plan.content)
        own = (await self._propose(actor, plan.content.sha256, summary)).number
        if not await write(self.door.engine, lambda c: name_proposal(c, author, plan.number, own)):
            raise PlanOver("it is over")
        raise ApprovalNeeded(own)

    async def _handed(self, author: _Asker, number: int) -> KnownPlan:
        known = await self._known(author, number)
        if known.stored.course.handed_us is None:
            engine, tenant = self.door.engine.engine, author.access.tenant
            at_us = author.access.at_us
            await asyncio.to_thread(hand_over, engine, self.key_client, tenant, known.stored, at_us)
        return await self._known(author, number)

    async def _told(self, author: _Asker, number: int) -> KnownPlan:
        await self._tell_stops(author)
        return await self._known(author, number)

    async def _tell_stops(self, author: Author) -> None:
        """Where the key daemon is away it is told by the rounds, and the plan says so."""
        engine, access = self.door.engine.engine, author.access
        try:
            await asyncio.to_thread(
                tell_stops, engine, self.key_client, access.tenant, access.at_us
            )
        except (KeyUnavailable, KeyRefused):
            return

    async def _known(self, author: _Asker, number: int) -> KnownPlan:
        def found(connection: Connection) -> KnownPlan:
            stored = plan_numbered(connection, author.access.tenant, number)
            known = _known_plan(connection, author, stored)
            if stored.course.ended != Ended.STOPPED:
                return known
            beside = plans_beside(connection, author.access.tenant, stored)
            return replace(known, beside=tuple(each.number for each in beside))

        return await read(self.door.engine, found)

    async def _author(self, actor: Actor, verb: Verb) -> _Asker:
        access = await self.door.access_to_all(actor, verb)
        account = actor.account
        return _Asker(access=access, user=account.user, verbs=account.authority.verbs)


def _stopping(actor: Actor) -> Verb:
    """Who may approve may stop, and so may who may have a plan carried out."""
    verbs = actor.account.authority.verbs
    return Verb.APPROVE if Verb.APPROVE in verbs else Verb.DESTRUCTION_MANAGE


def _open_plan(connection: Connection, author: Author, number: int) -> StoredPlan:
    plan = plan_numbered(connection, author.access.tenant, number)
    if plan.course.ended_us is not None:
        raise PlanOver("it is over")
    return plan


def _known_plan(connection: Connection, author: _Asker, stored: StoredPlan) -> KnownPlan:
    number = stored.approval.proposal
    tenant, now_us = author.access.tenant, author.access.at_us
    proposal = None if number is None else known_proposal(connection, author, number)
    doer = Doer(
        user=author.user,
        verbs=author.verbs,
        word=OwnWord.NONE if stored.is_over else own_word(connection, author, stored),
    )
    return KnownPlan(
        stored=stored,
        stages=count_stages(connection, tenant_row(connection, tenant), stored.number),
        state=state_of(stored, waiting_of(connection, tenant, stored, now_us)),
        proposal=proposal,
        steps=steps_of(stored, proposal, doer),
    )
