"""What carrying a proposal out would do, as far as it is known: how many go, of what, from when on.

Asked when somebody looks, for it changes from day to day. Knows nothing of who approves.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy import Connection

from api.access.authorization import Door
from api.access.known_proposals import Known
from api.destruction.plan_course import act_of
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.access.approvals import Kind, digest_of
from archive.access.reach import is_everywhere
from archive.catalog.access.grants import Access
from archive.catalog.database.engine import read
from archive.catalog.destruction.planned_recordings import queues_of
from archive.catalog.destruction.plans import open_plans
from archive.catalog.register.jobs import job_numbered, jobs_of
from archive.catalog.register.legal_holds import stored_holds
from archive.catalog.retention.revisions import sha256_of
from archive.catalog.tables.tenants import tenant_row
from archive.job_queue import JobKind
from archive.jobs import State
from retention.policies.policy_file import read_policy
from retention.policies.policy_text import policy_text

_HOUR_US: Final = 3_600_000_000
# Of a policy that is proposed, what was simulated last.
_LOOKED_AT: Final = 20
_ENDS: Final = (Kind.RELEASE_HOLD, Kind.CANCEL_HOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Where more is told of it (0: nowhere), and what it does.

    Of a plan `recordings` go, from `first_us` on at the earliest, of these `queues`; of a policy
    so many fall due at once by its `simulation`, and `earlier` go earlier than today.
    """

    plan: int = 0
    hold: int = 0
    simulation: int = 0
    recordings: int = 0
    size_bytes: int = 0
    earlier: int = 0
    first_us: int = 0
    queues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposalEffects:
    """The question; nobody is refused: of what somebody may not read nothing is told."""

    door: Door

    async def of(self, actor: Actor, found: Iterable[Known]) -> dict[int, Effect]:
        """Those of open proposals, by number."""
        asked = [each for each in found if each.state == "open" and _verb_of(each) is not None]
        verbs = actor.account.authority.verbs
        seen = [each for each in asked if _verb_of(each) in verbs]
        if not seen:
            return {}
        verb = Verb.APPROVE if Verb.APPROVE in verbs else Verb.PROPOSE
        access = await self.door.access(actor, verb)
        if not is_everywhere(access.within.reach):
            return {}

        def told(connection: Connection) -> dict[int, Effect]:
            own = {each.number: _effect(connection, access, each) for each in seen}
            return {number: effect for number, effect in own.items() if effect is not None}

        return await read(self.door.engine, told)


_Look = Callable[[Connection, Access, Known], Effect | None]


def _of_plan(connection: Connection, access: Access, known: Known) -> Effect | None:
    for plan in open_plans(connection, access.tenant):
        if act_of(plan.content.sha256) == known.proposal.digest:
            wait_us = plan.content.cooling_off_h * _HOUR_US
            return Effect(
                plan=plan.number,
                recordings=plan.content.recordings,
                size_bytes=plan.content.size_bytes,
                first_us=plan.approval.due_us or access.at_us + wait_us,
                queues=queues_of(connection, tenant_row(connection, access.tenant), plan.number),
            )
    return None


def _of_hold(connection: Connection, access: Access, known: Known) -> Effect | None:
    own = known.proposal
    for hold in stored_holds(connection, tenant_row(connection, access.tenant)):
        if digest_of(own.kind, {"hold": str(hold.id)}) == own.digest:
            return Effect(hold=hold.number)
    return None


def _of_policy(connection: Connection, access: Access, known: Known) -> Effect | None:
    """By the last simulation of exactly this text, when it is done."""
    wanted = _digest_told(known.proposal.summary)
    jobs = (
        each
        for each in jobs_of(connection, access.tenant)
        if each.order.kind is JobKind.SIMULATION and each.job.state is State.DONE
    )
    for each in islice(jobs, _LOOKED_AT):
        job = job_numbered(connection, access.tenant, each.number)
        text = policy_text(read_policy(job.order.arguments["text"]))
        if sha256_of(text).hex() == wanted and job.job.result is not None:
            changes = job.job.result["changes"]
            return Effect(
                simulation=each.number,
                recordings=changes["newly_due"]["recordings"],
                size_bytes=changes["newly_due"]["bytes"],
                earlier=changes["earlier"]["recordings"],
            )
    return None


def _digest_told(summary: str) -> str:
    """That of the text, as its summary names it; "" in a summary of before."""
    try:
        lines = json.loads(summary)
    except json.JSONDecodeError:
        return ""
    return str(lines[0][1].get("digest", "")) if isinstance(lines, list) and lines else ""


_LOOKS: Final[Mapping[Kind, tuple[Verb, _Look]]] = {
    Kind.APPROVE_PLAN: (Verb.DESTRUCTION_READ, _of_plan),
    Kind.TAKE_OVER_POLICY: (Verb.POLICY_READ, _of_policy),
    **dict.fromkeys(_ENDS, (Verb.HOLD_READ, _of_hold)),
}


def _verb_of(known: Known) -> Verb | None:
    return _LOOKS[known.proposal.kind][0] if known.proposal.kind in _LOOKS else None


def _effect(connection: Connection, access: Access, known: Known) -> Effect | None:
    return _LOOKS[known.proposal.kind][1](connection, access, known)
