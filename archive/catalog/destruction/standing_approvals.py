"""The register of standing approvals: rules, each in its revision, that two persons approved.

An approval is written down when its plan is applied, and stands once that plan has cooled off and
begun. Knows nothing of what an approval is for.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select, tuple_

from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import append
from archive.catalog.journal.sealed_rows import believed, insert_row, update_rows
from archive.catalog.tables.destruction import destruction_plan, standing_approval
from archive.catalog.tables.tenants import ensure_tenant

TARGET = "standing approvals"
Rules = Collection[tuple[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingApproval:
    """A rule in its revision, and the plan whose approval stands for it since it began."""

    revision: int
    rule: str
    plan: int
    begun_us: int


def standing_approvals(
    connection: Connection, tenant: int, now_us: int
) -> tuple[StandingApproval, ...]:
    """What stands at a moment: of plans that cooled off, began, and were not stopped since."""
    given = standing_approval.c
    wanted = select(standing_approval).where(given.tenant == tenant, given.ended_us.is_(None))
    rows = connection.execute(wanted.order_by(given.row))
    begun = _begun(connection, tenant, now_us)
    return tuple(
        StandingApproval(
            revision=row.revision, rule=row.rule, plan=row.plan, begun_us=begun[row.plan]
        )
        for row in believed(connection, standing_approval, rows)
        if row.plan in begun
    )


def _begun(connection: Connection, tenant: int, now_us: int) -> dict[int, int]:
    """Since when which plans let their approvals stand."""
    plan = destruction_plan.c
    wanted = select(destruction_plan).where(
        plan.tenant == tenant,
        plan.due_us <= now_us,
        plan.begun_us <= now_us,
        plan.ended.in_(("", "done")),
        plan.stopped_us.is_(None),
    )
    rows = believed(connection, destruction_plan, connection.execute(wanted))
    return {row.row: row.begun_us for row in rows}


def standing_rules(connection: Connection, tenant: int, now_us: int) -> frozenset[tuple[int, str]]:
    found = standing_approvals(connection, tenant, now_us)
    return frozenset((each.revision, each.rule) for each in found)


def let_stand(connection: Connection, author: Author, plan: int, rules: Rules) -> None:
    """The approval of a plan stands for its rules once the plan has begun."""
    tenant = ensure_tenant(connection, author.access.tenant)
    for revision, rule in sorted(set(rules)):
        insert_row(
            connection,
            standing_approval,
            tenant=tenant,
            revision=revision,
            rule=rule,
            plan=plan,
            given_us=author.access.at_us,
        )


def end_standing(connection: Connection, author: Author) -> int:
    """None stands any more, nor will; for how many rules one did or would have."""
    ended = _end(connection, author, standing_approval.c.ended_us.is_(None))
    append(connection, author.entry("standing_ended", TARGET, {"rules": ended}))
    return ended


def end_standing_of(connection: Connection, author: Author, rules: Rules) -> int:
    """None stands for these rules any more, whichever plan it was given for; for how many."""
    own = tuple_(standing_approval.c.revision, standing_approval.c.rule).in_(sorted(rules))
    return _end(connection, author, own)


def _end(connection: Connection, author: Author, which: ColumnElement[bool]) -> int:
    tenant = ensure_tenant(connection, author.access.tenant)
    in_force = (standing_approval.c.tenant == tenant, standing_approval.c.ended_us.is_(None))
    own = (*in_force, which)
    ended = update_rows(connection, standing_approval, own, ended_us=author.access.at_us)
    return len({(each.revision, each.rule) for each in ended})
