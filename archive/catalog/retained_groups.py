"""Recordings of which a retention policy asks the same, counted together.

They are grouped by what their classes are worth to who asks (their kind), by the sets of numbers
that they have, and by when they ended. Knows no policy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    case,
    func,
    insert,
    literal,
    or_,
    select,
)

from archive.catalog.columns import ROW
from archive.catalog.reach import lies_in
from archive.catalog.retained_values import WITHHELD
from archive.catalog.tables import leg_address, recording
from archive.ids import RecordingId
from archive.reach import NumberRange

# A sum of bits is an integer of 64.
MAX_SETS: Final = 60
_TEMPORARY: Final = MetaData()
# Of each class its kind; recordings that have numbers of sets, as bits; those that are left out.
_KIND: Final = Table(
    "grouped_kind",
    _TEMPORARY,
    Column("class", ROW, primary_key=True),
    Column("kind", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
)
_SET: Final = Table(
    "grouped_set",
    _TEMPORARY,
    Column("recording", ROW, primary_key=True),
    Column("sets", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
)
_APART: Final = Table(
    "grouped_apart", _TEMPORARY, Column("recording", ROW, primary_key=True), prefixes=["TEMPORARY"]
)
# Of a recording of which nothing is known.
UNKNOWN_KIND: Final = 0
_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """So many recordings of a kind that have numbers of these sets (bits), with their bytes."""

    kind: int
    sets: int
    recordings: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """What is grouped how, on one connection until its transaction is over."""

    tenant: int
    has_sets: bool
    has_apart: bool

    def ended_between(
        self, connection: Connection, from_us: int, until_us: int
    ) -> tuple[Group, ...]:
        """The groups of what ended from one moment on until before another one."""
        kind = func.coalesce(_KIND.c.kind, UNKNOWN_KIND).label("kind")
        sets = func.coalesce(_SET.c.sets, 0).label("sets") if self.has_sets else literal(0)
        joined = recording.outerjoin(_KIND, _KIND.c["class"] == recording.c.retention_class)
        if self.has_sets:
            joined = joined.outerjoin(_SET, _SET.c.recording == recording.c.row)
        wanted = (
            select(kind, sets, func.count(), func.sum(recording.c.size_bytes))
            .select_from(joined)
            .where(
                recording.c.tenant == self.tenant,
                recording.c.ended_us >= from_us,
                recording.c.ended_us < until_us,
                *self._not_apart(),
            )
        )
        by = (kind, sets) if self.has_sets else (kind,)
        return tuple(
            Group(kind=row[0], sets=row[1], recordings=row[2], size_bytes=int(row[3]))
            for row in connection.execute(wanted.group_by(*by))
        )

    def _not_apart(self) -> list[ColumnElement[bool]]:
        is_apart = select(_APART.c.recording).where(_APART.c.recording == recording.c.row)
        return [~is_apart.exists()] if self.has_apart else []


def group(
    connection: Connection,
    tenant: int,
    kinds: Mapping[int, int],
    sets: Sequence[frozenset[NumberRange]],
    apart: Iterable[int],
) -> Grouping:
    """Prepare to group: classes with their kinds, sets of numbers, and rows that are left out.

    What it needs for that goes with the transaction.
    """
    assert len(sets) <= MAX_SETS, "more sets than bits"
    for table in (_KIND, _SET, _APART):
        table.create(connection)
    _fill(connection, _KIND, ({"class": row, "kind": kind} for row, kind in kinds.items()))
    rows = sorted(set(apart))
    _fill(connection, _APART, ({"recording": row} for row in rows))
    if sets:
        _fill_sets(connection, tenant, sets)
    return Grouping(tenant=tenant, has_sets=bool(sets), has_apart=bool(rows))


def span(connection: Connection, tenant: int) -> tuple[int, int] | None:
    """When the first and the last recording ended; None where there is none."""
    ended = recording.c.ended_us
    first, last = (
        connection.scalar(
            select(ended).where(recording.c.tenant == tenant).order_by(order).limit(1)
        )
        for order in (ended, ended.desc())
    )
    return None if first is None or last is None else (first, last)


def joined_rows(connection: Connection, tenant: int) -> tuple[int, ...]:
    """Recordings that share their conversation with another one."""
    several = (
        select(recording.c.conversation)
        .where(recording.c.tenant == tenant)
        .group_by(recording.c.conversation)
        .having(func.count() > 1)
    )
    wanted = select(recording.c.row).where(
        recording.c.tenant == tenant, recording.c.conversation.in_(several)
    )
    return tuple(connection.scalars(wanted))


def all_rows(connection: Connection, tenant: int) -> tuple[int, ...]:
    """Every recording."""
    return tuple(connection.scalars(select(recording.c.row).where(recording.c.tenant == tenant)))


def rows_of(
    connection: Connection, tenant: int, own: Sequence[RecordingId]
) -> Mapping[RecordingId, int]:
    """The rows of recordings that the index has."""
    found: dict[RecordingId, int] = {}
    for at in range(0, len(own), _AT_ONCE):
        ids = [each.raw for each in own[at : at + _AT_ONCE]]
        wanted = select(recording.c.id, recording.c.row).where(
            recording.c.tenant == tenant, recording.c.id.in_(ids)
        )
        found |= {RecordingId(row.id): row.row for row in connection.execute(wanted)}
    return found


def _fill_sets(connection: Connection, tenant: int, sets: Sequence[frozenset[NumberRange]]) -> None:
    has = [_has_one(numbers) for numbers in sets]
    bits = sum(
        (func.max(case((each, 1 << at), else_=0)) for at, each in enumerate(has)),
        start=literal(0),
    )
    told = (
        select(leg_address.c.recording, bits)
        .where(leg_address.c.tenant == tenant, leg_address.c.in_force == 1, or_(*has))
        .where(func.lower(leg_address.c.raw).not_in(sorted(WITHHELD)))
        .group_by(leg_address.c.recording)
    )
    connection.execute(insert(_SET).from_select(["recording", "sets"], told))


def _has_one(numbers: frozenset[NumberRange]) -> ColumnElement[bool]:
    columns = (leg_address.c.raw, leg_address.c.e164)
    return or_(*(lies_in(column, each) for each in numbers for column in columns))


def _fill(connection: Connection, table: Table, rows: Iterable[Mapping[str, int]]) -> None:
    filling = [dict(each) for each in rows]
    if filling:
        connection.execute(insert(table), filling)
