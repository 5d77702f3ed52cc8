"""Stopping plans: what ends with one, and telling the key daemon, however often it was away.

Knows nothing of who may stop, nor of how a plan is carried out.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, get_args

from sqlalchemy import Connection, Engine

from api.destruction.hand_over import PlanClient
from api.destruction.plan_course import KIND, act_of
from archive.catalog.access.approvals import drop_proposals
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.planned_recordings import drop_rest, grounds_of
from archive.catalog.destruction.plans import (
    StoredPlan,
    end_plan,
    note_keys_ended,
    open_plans,
    target_of,
    untold_stops,
)
from archive.catalog.destruction.standing_approvals import TARGET, end_standing, end_standing_of
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Detail, append
from archive.catalog.tables.tenants import tenant_row
from archive.errors import KeyRefused
from archive.ids import TenantId
from archive.keys.errors import Refusal
from archive.lifecycle.intention import Scope
from retention.decisions.due import Cause, Grounds
from retention.decisions.run_stages import Ended

# A handing over that had begun before the stop is through by then, or was cut off.
SETTLED_US: Final = 3_600_000_000
# A rule in its revision, whatever of a recording goes by it.
_Rule = tuple[int, str]


def stop_plan(connection: Connection, author: Author, plan: StoredPlan) -> None:
    """End a plan; with it every approval that stands for its rules, and what rests on one.

    What was given for these rules and does not stand yet ends, too.
    """
    row = tenant_row(connection, author.access.tenant)
    grounds = [Grounds(*each) for each in grounds_of(connection, row, plan.number)]
    ended = end_standing_of(connection, author, _approved(grounds))
    _end(connection, author, plan, {"rules": ended})
    for each in plans_beside(connection, author.access.tenant, plan):
        if each.rests_on_standing:
            _end(connection, author, each, {"with": target_of(plan.number)})


def stop_standing(connection: Connection, author: Author) -> int:
    """End every approval that stands, and what rests on one; for how many rules one did."""
    for each in open_plans(connection, author.access.tenant):
        if each.rests_on_standing:
            _end(connection, author, each, {"with": TARGET})
    return end_standing(connection, author)


def plans_beside(
    connection: Connection, tenant: TenantId, plan: StoredPlan
) -> tuple[StoredPlan, ...]:
    """The other plans that are approved, have not ended, and have a rule of this one."""
    row = tenant_row(connection, tenant)
    own = _rules(connection, row, plan)
    return tuple(
        each
        for each in open_plans(connection, tenant)
        if each.number != plan.number
        and each.approval.approved_us is not None
        and not own.isdisjoint(_rules(connection, row, each))
    )


def tell_stops(engine: Engine, key_client: PlanClient, tenant: TenantId, now_us: int) -> None:
    """Have the key daemon end every stopped plan that it may still have; may be repeated.

    Raises `KeyUnavailable`: then it is asked for again.
    """
    with reading(engine) as connection:
        plans = untold_stops(connection, tenant)
    for each in plans:
        assert each.course.ended_us is not None
        if _has_ended(key_client, each) or each.course.ended_us + SETTLED_US <= now_us:
            with writing(engine) as connection:
                note_keys_ended(connection, each.number, now_us)


def _has_ended(key_client: PlanClient, plan: StoredPlan) -> bool:
    """False where the daemon has never heard of it: it may be on its way there."""
    try:
        key_client.end_plan(plan.content.id)
    except KeyRefused as refused:
        if str(refused) != Refusal.PLAN_UNKNOWN:
            raise
        return False
    return True


def _end(
    connection: Connection, author: Author, plan: StoredPlan, detail: dict[str, Detail]
) -> None:
    row, access = tenant_row(connection, author.access.tenant), author.access
    drop_rest(connection, row, plan.number, Cause.STOPPED)
    end_plan(connection, plan.number, access.at_us, Ended.STOPPED, access.actor)
    drop_proposals(connection, author, KIND, act_of(plan.content.sha256))
    append(connection, author.entry("plan_stopped", target_of(plan.number), detail))


def _approved(grounds: Iterable[Grounds]) -> set[_Rule]:
    """All that an approval of these rules can stand for: of the whole, of audio, of facts, …."""
    scopes: tuple[Scope, ...] = get_args(Scope)
    return {
        one for each in grounds for scope in scopes for one in replace(each, scope=scope).approved
    }


def _rules(connection: Connection, tenant: int, plan: StoredPlan) -> set[_Rule]:
    grounds = grounds_of(connection, tenant, plan.number)
    return {(revision, rule) for revision, rules, _ in grounds for rule in rules}
