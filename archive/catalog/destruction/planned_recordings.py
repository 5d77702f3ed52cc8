"""The lines of plans on their way out: planned, intended, without keys, gone; or kept, and why.

Knows nothing of keys or files, nor of when a step is taken. A change is the caller's transaction.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, select, update

from archive.catalog.destruction.plans import RULES_JOINED
from archive.catalog.tables.catalog import (
    destruction_plan,
    mark,
    part,
    planned_recording,
    recording,
)
from archive.ids import RecordingId
from archive.lifecycle.intention import Intention, Scope, decode_intention
from archive.lifecycle.tombstone import facts_id

# A page of a plan: what a terminal or a screen shows at once.
MAX_LINES: Final = 500
_DAY_US: Final = 86_400_000_000
UNDER_WAY: Final = ("intended", "keyless")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLine:
    """A line of a plan with how far it has come; `recording` is None once it is gone.

    `grounds` are the revision, its rules, and what of the recording goes.
    """

    row: int
    recording: RecordingId | None
    digest: bytes
    grounds: tuple[int, tuple[str, ...], Scope]
    size_bytes: int
    stage: str
    cause: str
    destroyed_us: int | None

    @property
    def keyed(self) -> RecordingId:
        """As what the key daemon has it; it is not gone."""
        assert self.recording is not None
        return facts_id(self.recording) if self.grounds[2] == "facts" else self.recording


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A line whose intention is written down."""

    line: StoredLine
    intention: Intention


def lines_of(
    connection: Connection, tenant: int, plan: int, *, behind: int = 0, limit: int = MAX_LINES
) -> tuple[StoredLine, ...]:
    """A page of a plan's lines behind a row, what has been due the longest first."""
    wanted = (
        _of_plan(tenant, plan)
        .where(planned_recording.c.row > behind)
        .order_by(planned_recording.c.row)
        .limit(limit)
    )
    return tuple(_line(row) for row in connection.execute(wanted))


def lines_by_digest(
    connection: Connection, tenant: int, plan: int, behind: bytes
) -> tuple[StoredLine, ...]:
    """A page of a plan's lines as its text has them, behind a digest."""
    wanted = (
        _of_plan(tenant, plan)
        .where(planned_recording.c.digest > behind)
        .order_by(planned_recording.c.digest)
        .limit(MAX_LINES)
    )
    return tuple(_line(row) for row in connection.execute(wanted))


def next_planned(
    connection: Connection, tenant: int, plan: int, limit: int
) -> tuple[StoredLine, ...]:
    """Lines with which nothing was done yet, the oldest recordings first."""
    wanted = (
        _of_plan(tenant, plan)
        .where(planned_recording.c.stage == "planned")
        .order_by(planned_recording.c.row)
        .limit(limit)
    )
    return tuple(_line(row) for row in connection.execute(wanted))


def under_way(connection: Connection, tenant: int, plan: int) -> tuple[UnderWay, ...]:
    """Lines that were begun and not finished."""
    wanted = _of_plan(tenant, plan).where(planned_recording.c.stage.in_(UNDER_WAY))
    return tuple(
        UnderWay(_line(row), decode_intention(row.intention)) for row in connection.execute(wanted)
    )


def intend(connection: Connection, intended: Iterable[tuple[int, Intention]]) -> None:
    """D1: these lines are about to go."""
    _each(
        connection,
        {"stage": "intended"},
        [{"own": row, "new_intention": one.encode()} for row, one in intended],
        "intention",
    )


def put_back(connection: Connection, rows: Collection[int]) -> None:
    """Their keys are there: they are served again, and judged anew."""
    _in(connection, rows, stage="planned", intention="")


def note_keyless(connection: Connection, destroyed: Mapping[int, int]) -> None:
    """D2: the keys of these lines are gone since a moment."""
    values = [{"own": row, "new_destroyed_us": at_us} for row, at_us in destroyed.items()]
    _each(connection, {"stage": "keyless"}, values, "destroyed_us")


def note_gone(connection: Connection, rows: Collection[int]) -> None:
    """D4: only their digests are left."""
    _in(connection, rows, stage="gone", recording=None, intention="")


def drop(connection: Connection, causes: Mapping[int, str]) -> None:
    """These are kept after all."""
    values = [{"own": row, "new_cause": cause} for row, cause in causes.items()]
    _each(connection, {"stage": "dropped", "intention": ""}, values, "cause")


def drop_rest(connection: Connection, tenant: int, plan: int, cause: str) -> None:
    """Everything with which nothing was done yet is kept."""
    connection.execute(
        update(planned_recording)
        .where(
            planned_recording.c.tenant == tenant,
            planned_recording.c.plan == plan,
            planned_recording.c.stage == "planned",
        )
        .values(stage="dropped", cause=cause)
    )


def grounds_of(
    connection: Connection, tenant: int, plan: int
) -> frozenset[tuple[int, tuple[str, ...], Scope]]:
    """By which rules of which revision what goes, all that stand in a plan's lines."""
    own = planned_recording.c
    wanted = select(own.revision, own.rules, own.scope).distinct()
    rows = connection.execute(wanted.where(own.tenant == tenant, own.plan == plan))
    return frozenset((row[0], tuple(row[1].split(RULES_JOINED)), row[2]) for row in rows)


def queues_of(connection: Connection, tenant: int, plan: int) -> tuple[str, ...]:
    """The queues of the recordings of a plan, as they are looked for, in order."""
    own = planned_recording.c
    wanted = (
        select(mark.c.folded)
        .distinct()
        .join(recording, recording.c.row == mark.c.recording)
        .join(planned_recording, own.recording == recording.c.id)
        .where(own.tenant == tenant, own.plan == plan)
        .where(recording.c.tenant == tenant, mark.c.tenant == tenant, mark.c.kind == "queue")
    )
    return tuple(sorted(connection.scalars(wanted)))


def count_stages(connection: Connection, tenant: int, plan: int) -> dict[tuple[str, str], int]:
    """How many lines are in which stage, by which cause."""
    stage, cause = planned_recording.c.stage, planned_recording.c.cause
    rows = connection.execute(
        select(stage, cause, func.count())
        .where(planned_recording.c.tenant == tenant, planned_recording.c.plan == plan)
        .group_by(stage, cause)
    )
    return {(row[0], row[1]): int(row[2]) for row in rows}


def plans_under_way(connection: Connection, tenant: int) -> tuple[int, ...]:
    """The plans in which something was begun and not finished."""
    begun = select(planned_recording.c.row).where(
        planned_recording.c.tenant == tenant,
        planned_recording.c.plan == destruction_plan.c.row,
        planned_recording.c.stage.in_(UNDER_WAY),
    )
    wanted = (
        select(destruction_plan.c.row)
        .where(destruction_plan.c.tenant == tenant, begun.exists())
        .order_by(destruction_plan.c.row)
    )
    return tuple(connection.scalars(wanted))


def destroyed_by_day(connection: Connection, tenant: int, since_us: int) -> dict[int, int]:
    """How many recordings lost their keys on each UTC day (since 1970) from a moment on."""
    day = planned_recording.c.destroyed_us.op("/")(_DAY_US)
    rows = connection.execute(
        select(day, func.count())
        .where(planned_recording.c.tenant == tenant, planned_recording.c.destroyed_us >= since_us)
        .group_by(day)
    )
    return {int(row[0]): int(row[1]) for row in rows}


def in_open_plans(connection: Connection, tenant: int) -> dict[RecordingId, int]:
    """What is planned, or under way, in a plan that has not ended: with the plan's number."""
    rows = connection.execute(
        select(planned_recording.c.recording, planned_recording.c.plan)
        .join_from(
            planned_recording,
            destruction_plan,
            planned_recording.c.plan == destruction_plan.c.row,
        )
        .where(
            planned_recording.c.tenant == tenant,
            destruction_plan.c.ended_us.is_(None),
            planned_recording.c.stage.in_(("planned", *UNDER_WAY)),
        )
    )
    return {RecordingId(row.recording): row.plan for row in rows}


def last_causes(connection: Connection, tenant: int) -> dict[RecordingId, str]:
    """For what reason recordings fell out of the last plan that they were in."""
    rows = connection.execute(
        select(planned_recording.c.recording, planned_recording.c.cause)
        .where(
            planned_recording.c.tenant == tenant,
            planned_recording.c.stage == "dropped",
            planned_recording.c.recording.is_not(None),
        )
        .order_by(planned_recording.c.row)
    )
    return {RecordingId(row.recording): row.cause for row in rows}


def under_way_among(
    connection: Connection, tenant: int, recordings: Collection[RecordingId]
) -> Mapping[RecordingId, str]:
    """Those of these recordings whose destruction has begun, each with its stage."""
    wanted = select(planned_recording.c.recording, planned_recording.c.stage).where(
        planned_recording.c.tenant == tenant,
        planned_recording.c.recording.in_([each.raw for each in recordings]),
        planned_recording.c.stage.in_(UNDER_WAY),
    )
    rows = connection.execute(wanted)
    return {RecordingId(row.recording): row.stage for row in rows}


def is_under_way(tenant: int, own: ColumnElement[bytes]) -> ColumnElement[bool]:
    """Whether a recording's destruction has begun: it is not served."""
    return (
        select(planned_recording.c.row)
        .where(
            planned_recording.c.tenant == tenant,
            planned_recording.c.recording == own,
            planned_recording.c.stage.in_(UNDER_WAY),
        )
        .exists()
    )


def _of_plan(tenant: int, plan: int) -> Select[tuple[object, ...]]:
    return select(planned_recording).where(
        planned_recording.c.tenant == tenant, planned_recording.c.plan == plan
    )


def _each(
    connection: Connection,
    same: Mapping[str, object],
    values: Sequence[Mapping[str, object]],
    column: str,
) -> None:
    """Update many lines by one statement: what is the same for all, and one column of each."""
    if values:
        own = planned_recording.c.row == bindparam("own")
        changed = {**same, column: bindparam(f"new_{column}")}
        connection.execute(update(planned_recording).where(own).values(changed), list(values))


def _in(connection: Connection, rows: Collection[int], **values: object) -> None:
    wanted = update(planned_recording).where(planned_recording.c.row.in_(rows))
    connection.execute(wanted.values(**values))


def _line(row: Row[tuple[object, ...]]) -> StoredLine:
    return StoredLine(
        row=row.row,
        recording=None if row.recording is None else RecordingId(row.recording),
        digest=row.digest,
        grounds=(row.revision, tuple(row.rules.split(RULES_JOINED)), row.scope),
        size_bytes=row.size_bytes,
        stage=row.stage,
        cause=row.cause,
        destroyed_us=row.destroyed_us,
    )


def part_keys(
    connection: Connection, tenant: int, recordings: Sequence[RecordingId]
) -> dict[RecordingId, int]:
    rows = connection.execute(
        select(recording.c.id, func.count(part.c.key_id.distinct()))
        .join_from(recording, part, part.c.recording == recording.c.row)
        .where(
            recording.c.tenant == tenant,
            part.c.tenant == tenant,
            recording.c.id.in_([each.raw for each in recordings]),
        )
        .group_by(recording.c.id)
    )
    return {RecordingId(row[0]): int(row[1]) for row in rows}
