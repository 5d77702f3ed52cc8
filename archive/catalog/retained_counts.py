"""Recordings of which a retention policy asks the same, counted together, and nothing else of them.

They are grouped by what their classes are worth to who asks (their kind), by the sets of numbers
that they have, and by when they ended. Knows no policy.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final, Protocol

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Executable,
    Index,
    MetaData,
    Subquery,
    Table,
    and_,
    bindparam,
    func,
    insert,
    literal,
    select,
)

from archive.catalog.columns import ROW
from archive.catalog.marked_rows import marked_rows
from archive.catalog.numbers_held import NumberSets, held_by, sets_held
from archive.catalog.tables import recording, retention_class

_TEMPORARY: Final = MetaData()
# Of each class its kind, of each kind with sets of numbers where pieces of time begin and end.
_KIND: Final = Table(
    "grouped_kind",
    _TEMPORARY,
    Column("class", ROW, primary_key=True),
    Column("kind", BigInteger, nullable=False),
    Index("grouped_kind_classes", "kind", "class"),
    prefixes=["TEMPORARY"],
)
_PIECE: Final = Table(
    "grouped_piece",
    _TEMPORARY,
    Column("sets", BigInteger, primary_key=True),
    Column("kind", BigInteger, primary_key=True),
    Column("begin_us", BigInteger, primary_key=True),
    Column("end_us", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
# Of a recording of which nothing is known.
UNKNOWN_KIND: Final = 0
# No call ends later.
NEVER_US: Final = (1 << 63) - 1
_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """So many recordings of a kind that have numbers of these sets (bits), with their bytes.

    They ended at a moment, or between it and the next one at which a piece of their kind begins.
    """

    kind: int
    sets: int
    ended_us: int
    recordings: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How a tenant's recordings are grouped: the kind of each class, and its pieces of time.

    A class that is not named is of the unknown kind, as is what is in none. `begins` says of a kind
    with numbers of some sets (bits) where its pieces begin, every one with one of `days`.
    """

    tenant: int
    kinds: Mapping[int, int]
    begins: Callable[[int, int], Sequence[int]]
    days: Sequence[int]
    sets: NumberSets = ()

    @property
    def cuts(self) -> list[int]:
        """Every moment at which a piece of any kind begins."""
        return sorted({begin for kind in self.all_kinds for begin in self.begins(kind, 0)})

    @property
    def all_kinds(self) -> frozenset[int]:
        """The unknown one, too."""
        return frozenset({UNKNOWN_KIND, *self.kinds.values()})

    def pieces(self, sets: int) -> Iterator[tuple[int, int, int]]:
        """Of every kind from when until when all of it with these sets is alike, and without."""
        for kind in sorted(self.all_kinds):
            begins = sorted({*self.begins(kind, 0), *self.begins(kind, sets)})
            for begin_us, end_us in pairwise((*begins, NEVER_US)):
                yield kind, begin_us, end_us


class Counting(Protocol):
    """Counts groups in the way that is quick where the catalog is kept."""

    def everything(self) -> Iterator[Group]:
        """All recordings, whatever numbers they have: no sets."""

    def numbered(self) -> Iterator[Group]:
        """Those with numbers of any of the sets, with these."""


def counting(connection: Connection, grouping: Grouping) -> Counting:
    """Prepare to count; what it needs for that goes with the transaction."""
    if connection.dialect.name == "sqlite":
        return _Embedded.prepared(connection, grouping)
    return _Served(connection, grouping)


def one_by_one(connection: Connection, grouping: Grouping, rows: Sequence[int]) -> Iterator[Group]:
    """These recordings, by rows, each a group of one."""
    for at in range(0, len(rows), _AT_ONCE):
        some = rows[at : at + _AT_ONCE]
        held = held_by(connection, grouping.tenant, grouping.sets, some)
        wanted = select(recording).where(
            recording.c.tenant + 0 == grouping.tenant, recording.c.row.in_(some)
        )
        for row in connection.execute(wanted):
            yield Group(
                kind=grouping.kinds.get(row.retention_class, UNKNOWN_KIND),
                sets=held.get(row.row, 0),
                ended_us=row.ended_us,
                recordings=1,
                size_bytes=row.size_bytes,
            )


@dataclass(frozen=True, slots=True)
class _Embedded:
    """With SQLite: seeks each piece of each class in an index, where its rows lie together.

    So nothing is sorted, which would take most of the time.
    """

    connection: Connection
    grouping: Grouping

    @classmethod
    def prepared(cls, connection: Connection, grouping: Grouping) -> "_Embedded":
        """With the tables that it needs."""
        for table in (_KIND, _PIECE):
            table.create(connection)
        classes = select(retention_class.c.row).where(retention_class.c.tenant == grouping.tenant)
        known = {row: grouping.kinds.get(row, UNKNOWN_KIND) for row in connection.scalars(classes)}
        _fill(connection, _KIND, ({"class": row, "kind": kind} for row, kind in known.items()))
        return cls(connection, grouping)

    def everything(self) -> Iterator[Group]:
        """Class by class, then what is in none."""
        return self._counted(0)

    def numbered(self) -> Iterator[Group]:
        """The same for each choice of sets that there is, less what has numbers of others."""
        marked = marked_rows(self.connection, self.grouping.tenant, self.grouping.sets)
        for sets in marked.combinations:
            yield from self._counted(sets, marked.have(sets))

    def _counted(self, sets: int, *has: ColumnElement[bool]) -> Iterator[Group]:
        _fill(self.connection, _PIECE, _rows(sets, self.grouping.pieces(sets)))
        in_piece = and_(
            recording.c.tenant == self.grouping.tenant,
            recording.c.retention_class == _KIND.c["class"],
            recording.c.ended_us >= _PIECE.c.begin_us,
            recording.c.ended_us < _PIECE.c.end_us,
            *has,
        )
        # What is joined from outside is asked last, in whatever order SQLite would rather.
        joined = _PIECE.join(_KIND, _KIND.c.kind == _PIECE.c.kind).outerjoin(recording, in_piece)
        by = (_PIECE.c.kind, _PIECE.c.begin_us)
        own = select(by[0], _PIECE.c.sets, by[1], *_SUMS).where(_PIECE.c.sets == sets)
        yield from _groups(self.connection.execute(own.select_from(joined).group_by(*by)))
        nothing = select(literal(UNKNOWN_KIND), literal(sets), literal(0), *_SUMS).where(
            recording.c.tenant == self.grouping.tenant,
            recording.c.retention_class.is_(None),
            *has,
        )
        yield from _groups(self.connection.execute(nothing))


@dataclass(frozen=True, slots=True)
class _Served:
    """With PostgreSQL: reads the index once, by all its workers, and adds up in memory.

    It makes no tables: who only reads may not, and no worker would see them.
    """

    connection: Connection
    grouping: Grouping

    def everything(self) -> Iterator[Group]:
        """Of every class, and of none."""
        kinds, cuts = self._kinds(), self.grouping.cuts
        joined = recording.outerjoin(kinds, kinds.c["class"] == recording.c.retention_class)
        by = (self._kind(kinds), self._bucket(cuts))
        wanted = (
            select(by[0], literal(0), by[1], *_SUMS)
            .select_from(joined)
            .where(recording.c.tenant == self.grouping.tenant)
            .group_by(*by)
        )
        return self._found(wanted, cuts)

    def numbered(self) -> Iterator[Group]:
        """By the same reading, beside another one of the numbers."""
        kinds = self._kinds()
        held = sets_held(self.grouping.tenant, self.grouping.sets).subquery()
        joined = held.join(recording, recording.c.row == held.c.recording).outerjoin(
            kinds, kinds.c["class"] == recording.c.retention_class
        )
        by = (self._kind(kinds), held.c.sets, self._bucket(self.grouping.days))
        wanted = (
            select(*by, *_SUMS)
            .select_from(joined)
            .where(recording.c.tenant == self.grouping.tenant)
            .group_by(*by)
        )
        return self._found(wanted, self.grouping.days)

    def _kinds(self) -> Subquery:
        lists = (list(self.grouping.kinds), list(self.grouping.kinds.values()))
        columns = (
            func.unnest(bindparam(None, own, type_=ARRAY(BigInteger))).label(name)
            for name, own in zip(("class", "kind"), lists, strict=True)
        )
        return select(*columns).subquery()

    def _kind(self, kinds: Subquery) -> ColumnElement[int]:
        return func.coalesce(kinds.c.kind, literal(UNKNOWN_KIND)).label("kind")

    def _bucket(self, cuts: Sequence[int]) -> ColumnElement[int]:
        own = bindparam(None, list(cuts), type_=ARRAY(BigInteger))
        return func.width_bucket(recording.c.ended_us, own).label("bucket")

    def _found(self, wanted: Executable, cuts: Sequence[int]) -> Iterator[Group]:
        for each in _groups(self.connection.execute(wanted)):
            yield replace(each, ended_us=cuts[each.ended_us - 1] if each.ended_us else 0)


_SUMS: Final = (func.count(recording.c.size_bytes), func.sum(recording.c.size_bytes))


def _groups(found: Iterable[Sequence[Any]]) -> Iterator[Group]:
    """In which something is."""
    for row in found:
        if row[3]:
            yield Group(
                kind=row[0],
                sets=row[1],
                ended_us=row[2],
                recordings=row[3],
                size_bytes=int(row[4]),
            )


def _rows(sets: int, pieces: Iterable[tuple[int, int, int]]) -> Iterator[Mapping[str, int]]:
    for kind, begin_us, end_us in pieces:
        yield {"sets": sets, "kind": kind, "begin_us": begin_us, "end_us": end_us}


def _fill(connection: Connection, table: Table, rows: Iterable[Mapping[str, int]]) -> None:
    filling = [dict(each) for each in rows]
    if filling:
        connection.execute(insert(table), filling)
