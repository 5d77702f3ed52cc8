"""The register of plans of destruction: made, approved, handed to the key daemon, ended.

Knows nothing of what makes a recording due, nor of who may plan. Each change is one transaction of
the caller's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select

from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Detail, append
from archive.catalog.journal.sealed_rows import (
    believed,
    insert_row,
    note_rows,
    require_believed,
    update_rows,
)
from archive.catalog.tables.catalog import destruction_plan, planned_recording
from archive.catalog.tables.tenants import ensure_tenant, tenant_row
from archive.errors import ArchiveError
from archive.ids import PlanId, RecordingId, TenantId
from archive.lifecycle.intention import Scope

RULES_JOINED: Final = ","
# Why a plan has ended that the runner carried out; every other end is a person's, or the API's.
RUN_THROUGH: Final = "done"
# Statements with more values than this are no faster.
_ROWS_AT_ONCE: Final = 5_000


class UnknownPlan(ArchiveError):
    """There is no plan of that number."""


class PlanLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A recording of a plan, its digest, by which rules of which revision what of it must go."""

    recording: RecordingId
    digest: bytes
    revision: int
    rules: tuple[str, ...]
    size_bytes: int
    scope: Scope = "whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanContent:
    """What is approved: the digest of its text, and what that adds up to."""

    id: PlanId
    sha256: bytes
    decided_us: int
    recordings: int
    size_bytes: int
    cooling_off_h: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanApproval:
    """Since when it is approved and from when on it may be carried out; None: not yet.

    `proposal` is None where it needs nobody's word; `one_person`: one wanted what takes two;
    `stopped_us`: since when a person wants nothing more of it begun.
    """

    proposal: int | None = None
    approved_us: int | None = None
    due_us: int | None = None
    one_person: bool = False
    stopped_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCourse:
    """The run: what has become of a plan since the key daemon has it (`handed_us`).

    `last_us` is when something was last written down of it, `waits` what for ("" where it goes on).
    """

    handed_us: int | None = None
    begun_us: int | None = None
    last_us: int | None = None
    waits: str = ""
    ended_us: int | None = None
    ended: str = ""
    ended_by: str = ""
    keys_ended_us: int | None = None  # of a stopped one: since when the key daemon knows


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlan:
    """A plan with its number, who made it, and what has become of it."""

    number: int
    content: PlanContent
    author: str
    approval: PlanApproval
    course: PlanCourse

    @property
    def rests_on_standing(self) -> bool:
        """Whether nobody's word is there for it but that of an earlier plan."""
        own = self.approval
        return own.approved_us is not None and own.proposal is None and not own.one_person

    @property
    def is_over(self) -> bool:
        """Whether nothing more of it is begun: its run has ended, or a person has stopped it."""
        return self.course.ended_us is not None or self.approval.stopped_us is not None


def append_plan(
    connection: Connection, author: Author, content: PlanContent, lines: Sequence[PlanLine]
) -> int:
    """Write a plan and its lines down; returns its number."""
    tenant = ensure_tenant(connection, author.access.tenant)
    number = insert_row(
        connection,
        destruction_plan,
        tenant=tenant,
        id=content.id.raw,
        sha256=content.sha256,
        decided_us=content.decided_us,
        author=author.access.actor,
        recordings=content.recordings,
        size_bytes=content.size_bytes,
        cooling_off_h=content.cooling_off_h,
    )
    for at in range(0, len(lines), _ROWS_AT_ONCE):
        rows = [_row(tenant, number, each) for each in lines[at : at + _ROWS_AT_ONCE]]
        connection.execute(insert(planned_recording), rows)
    detail: dict[str, Detail] = {
        "sha256": content.sha256.hex(),
        "count": content.recordings,
        "bytes": content.size_bytes,
    }
    append(connection, author.entry("destruction_planned", target_of(number), detail))
    return number


def _row(tenant: int, number: int, line: PlanLine) -> dict[str, object]:
    return {
        "tenant": tenant,
        "plan": number,
        "digest": line.digest,
        "recording": line.recording.raw,
        "revision": line.revision,
        "rules": RULES_JOINED.join(line.rules),
        "size_bytes": line.size_bytes,
        "scope": line.scope,
        "stage": "planned",
    }


def plan_numbered(connection: Connection, tenant: TenantId, number: int) -> StoredPlan:
    """One plan; raises `UnknownPlan`, `RowsAltered`."""
    wanted = _of(tenant_row(connection, tenant)).where(destruction_plan.c.row == number)
    found = connection.execute(wanted).one_or_none()
    if found is None:
        raise UnknownPlan(f"no plan {number}")
    require_believed(connection, destruction_plan, [found])
    return _stored(found)


def plans(connection: Connection, tenant: TenantId) -> tuple[StoredPlan, ...]:
    """Every plan, newest first."""
    wanted = _of(tenant_row(connection, tenant)).order_by(destruction_plan.c.row.desc())
    rows = connection.execute(wanted)
    return tuple(_stored(row) for row in believed(connection, destruction_plan, rows))


def open_plans(connection: Connection, tenant: TenantId) -> tuple[StoredPlan, ...]:
    """Those that have not ended, oldest first."""
    wanted = (
        _of(tenant_row(connection, tenant))
        .where(destruction_plan.c.ended_us.is_(None))
        .order_by(destruction_plan.c.row)
    )
    rows = connection.execute(wanted)
    return tuple(_stored(row) for row in believed(connection, destruction_plan, rows))


def untold_stops(connection: Connection, tenant: TenantId) -> tuple[StoredPlan, ...]:
    """Those that were approved and stopped, and that the key daemon may still have."""
    plan = destruction_plan.c
    wanted = _of(tenant_row(connection, tenant)).where(
        plan.stopped_us.is_not(None), plan.approved_us.is_not(None), plan.keys_ended_us.is_(None)
    )
    return tuple(_stored(row) for row in connection.execute(wanted.order_by(plan.row)))


def last_written_us(connection: Connection, tenant: TenantId) -> int:
    """The latest moment of any run; 0: there was none."""
    row = tenant_row(connection, tenant)
    wanted = select(func.max(destruction_plan.c.last_us)).where(destruction_plan.c.tenant == row)
    return connection.scalar(wanted) or 0


def count_ended(connection: Connection, tenant: TenantId) -> int:
    """How many plans nothing more is done of."""
    row = tenant_row(connection, tenant)
    wanted = (
        select(func.count())
        .select_from(destruction_plan)
        .where(destruction_plan.c.tenant == row, destruction_plan.c.ended_us.is_not(None))
    )
    return connection.scalar(wanted) or 0


def count_ended_so(connection: Connection, tenant: TenantId, why: str, since_us: int) -> int:
    """How many plans have ended for this reason since a moment."""
    row = tenant_row(connection, tenant)
    wanted = (
        select(func.count())
        .select_from(destruction_plan)
        .where(
            destruction_plan.c.tenant == row,
            destruction_plan.c.ended_us >= since_us,
            destruction_plan.c.ended == why,
        )
    )
    return connection.scalar(wanted) or 0


def note_proposal(connection: Connection, number: int, proposal: int) -> None:
    """The plan waits for another person's word."""
    update_rows(connection, destruction_plan, _numbered(number), proposal=proposal)


def approve_plan(
    connection: Connection, author: Author, number: int, approval: PlanApproval
) -> None:
    """It may be carried out from `due_us` on."""
    assert approval.approved_us is not None
    assert approval.due_us is not None
    update_rows(
        connection,
        destruction_plan,
        _numbered(number),
        proposal=approval.proposal,
        approved_us=approval.approved_us,
        due_us=approval.due_us,
        one_person=int(approval.one_person),
    )
    detail: dict[str, Detail] = {"due_us": approval.due_us}
    detail |= {"one_person": 1} if approval.one_person else {}
    detail |= {} if approval.proposal or approval.one_person else {"standing": 1}
    append(connection, author.entry("plan_approved", target_of(number), detail))


def note_handed(connection: Connection, number: int, at_us: int) -> None:
    """The key daemon has all of it."""
    _note(connection, number, handed_us=at_us)


def note_begun(connection: Connection, number: int, at_us: int) -> None:
    """Its run begins."""
    _note(connection, number, begun_us=at_us, last_us=at_us, waits="")


def note_work(connection: Connection, number: int, at_us: int, waits: str = "") -> None:
    """Its run has done something, or waits."""
    _note(connection, number, last_us=at_us, waits=waits)


def end_plan(connection: Connection, number: int, at_us: int, why: str, by: str = "") -> None:
    """Nothing more is done of it."""
    if why != RUN_THROUGH:
        update_rows(connection, destruction_plan, _numbered(number), stopped_us=at_us)
    _note(connection, number, last_us=at_us, waits="", ended_us=at_us, ended=why, ended_by=by)


def note_keys_ended(connection: Connection, number: int, at_us: int) -> None:
    """The key daemon destroys nothing more of it."""
    update_rows(connection, destruction_plan, _numbered(number), keys_ended_us=at_us)


def target_of(number: int) -> str:
    """How the journal names a plan."""
    return f"plan:{number}"


def _numbered(number: int) -> tuple[ColumnElement[bool]]:
    return (destruction_plan.c.row == number,)


def _note(connection: Connection, number: int, **values: object) -> None:
    """What becomes of it is the runner's to write, too."""
    note_rows(connection, destruction_plan, _numbered(number), **values)


def _of(tenant: int) -> Select[tuple[object, ...]]:
    return select(destruction_plan).where(destruction_plan.c.tenant == tenant)


def _stored(row: Row[tuple[object, ...]]) -> StoredPlan:
    return StoredPlan(
        number=row.row,
        content=PlanContent(
            id=PlanId(row.id),
            sha256=row.sha256,
            decided_us=row.decided_us,
            recordings=row.recordings,
            size_bytes=row.size_bytes,
            cooling_off_h=row.cooling_off_h,
        ),
        author=row.author,
        approval=PlanApproval(
            proposal=row.proposal,
            approved_us=row.approved_us,
            due_us=row.due_us,
            one_person=bool(row.one_person),
            stopped_us=row.stopped_us,
        ),
        course=PlanCourse(
            handed_us=row.handed_us,
            begun_us=row.begun_us,
            last_us=row.last_us,
            waits=row.waits,
            ended_us=row.ended_us,
            ended=row.ended,
            ended_by=row.ended_by,
            keys_ended_us=row.keys_ended_us,
        ),
    )
