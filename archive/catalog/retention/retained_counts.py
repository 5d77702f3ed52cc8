"""Recordings of which a retention policy asks the same, counted together, and nothing else of them.

They are grouped by what their classes are worth to who asks (their kind), by the sets of numbers
that they have, and by when they ended. Knows no policy.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
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

from archive.catalog.retention.marked_rows import MarkedRows, marked_rows
from archive.catalog.retention.numbers_held import NumberSets, held_by
from archive.catalog.tables.catalog import recording, retention_class
from archive.catalog.tables.columns import ROW

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
class CountGroup:
    """So many recordings of a kind that have numbers of these sets (bits), with their bytes.

    They ended at a moment, or between it and the next one at which a piece of their kind begins.
    """

    kind: int
    sets: int
    ended_us: int
    recordings: int
    size_bytes: int

    @property
    def less(self) -> "CountGroup":
        """As many fewer that have no numbers of any set: they were counted so."""
        return replace(self, sets=0, recordings=-self.recordings, size_bytes=-self.size_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How a tenant's recordings are grouped: the kind of each class, and its pieces of time.

    A class that is not named is of the unknown kind, as is what is in none. `begins` says of a kind
    with numbers of some sets (bits) where its pieces begin.
    """

    tenant: int
    kinds: Mapping[int, int]
    begins: Callable[[int, int], Sequence[int]]
    sets: NumberSets = ()

    @property
    def all_kinds(self) -> frozenset[int]:
        """The unknown one, too."""
        return frozenset({UNKNOWN_KIND, *self.kinds.values()})

    def cuts(self, choices: Iterable[int]) -> list[int]:
        """Every moment at which a piece of any kind begins, with numbers of any of these sets."""
        return sorted({begin for sets in choices for _, begin, _ in self.pieces(sets)})

    def pieces(self, sets: int) -> Iterator[tuple[int, int, int]]:
        """Of every kind from when until when all of it with these sets is alike, and without."""
        for kind in sorted(self.all_kinds):
            begins = sorted({*self.begins(kind, 0), *self.begins(kind, sets)})
            for begin_us, end_us in pairwise((*begins, NEVER_US)):
                yield kind, begin_us, end_us


def counted(connection: Connection, grouping: Grouping) -> Iterator[CountGroup]:
    """Every recording in one group, in the way that is quick where the catalog is kept.

    What that needs goes with the transaction.
    """
    marked = marked_rows(connection, grouping.tenant, grouping.sets)
    if connection.dialect.name == "sqlite":
        return _Embedded.prepared(connection, grouping).groups(marked)
    return _Served(connection, grouping).groups(marked)


def one_by_one(
    connection: Connection, grouping: Grouping, rows: Sequence[int]
) -> Iterator[CountGroup]:
    for at in range(0, len(rows), _AT_ONCE):
        some = rows[at : at + _AT_ONCE]
        held = held_by(connection, grouping.tenant, grouping.sets, some)
        wanted = select(recording).where(
            recording.c.tenant + 0 == grouping.tenant, recording.c.row.in_(some)
        )
        for row in connection.execute(wanted):
            yield CountGroup(
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

    def groups(self, marked: MarkedRows) -> Iterator[CountGroup]:
        """All, whatever numbers they have; then each choice of sets in the place of no sets."""
        yield from self._counted(0)
        for sets in marked.choices:
            for each in self._counted(sets, marked.have(sets)):
                yield each.less
                yield each

    def _counted(self, sets: int, *has: ColumnElement[bool]) -> Iterator[CountGroup]:
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

    def groups(self, marked: MarkedRows) -> Iterator[CountGroup]:
        cuts = self.grouping.cuts([0, *marked.choices])
        each = self._told(cuts, marked)
        size = each.c.size_bytes
        wanted = select(each.c.piece, each.c.sets, func.count(size), func.sum(size))
        # A plan that has the marks in it would be written out for each worker, byte by byte.
        self.connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
        for row in self.connection.execute(wanted.group_by(each.c.piece, each.c.sets)):
            kind, bucket = divmod(row.piece, len(cuts) + 1)
            yield CountGroup(
                kind=kind,
                sets=row.sets,
                ended_us=cuts[bucket - 1] if bucket else 0,
                recordings=row[2],
                size_bytes=int(row[3]),
            )

    def _told(self, cuts: Sequence[int], marked: MarkedRows) -> Subquery:
        """Of each recording its kind and piece as one number, its sets, its bytes.

        Having a CTE it is not merged into what groups it. Else the server expects as many groups as
        there are moments and rows, and shares no work among workers that ends in so many.
        """
        kinds = self._kinds()
        joined = recording.outerjoin(kinds, kinds.c["class"] == recording.c.retention_class)
        kind = func.coalesce(kinds.c.kind, literal(UNKNOWN_KIND))
        bucket = func.width_bucket(recording.c.ended_us, _array(cuts))
        return (
            select(
                (kind * (len(cuts) + 1) + bucket).label("piece"),
                marked.sets.label("sets"),
                recording.c.size_bytes,
            )
            .select_from(joined)
            .where(recording.c.tenant == self.grouping.tenant)
            .subquery()
        )

    def _kinds(self) -> CTE:
        lists = (_array(list(self.grouping.kinds)), _array(list(self.grouping.kinds.values())))
        rows = func.unnest(*lists).table_valued("class", "kind").render_derived()
        return select(rows.c["class"], rows.c.kind).cte("kinds", nesting=True)


def _array(own: Sequence[int]) -> BindParameter[Sequence[int]]:
    return bindparam(None, list(own), type_=ARRAY(BigInteger))


_SUMS: Final = (func.count(recording.c.size_bytes), func.sum(recording.c.size_bytes))


def _groups(found: Iterable[Sequence[Any]]) -> Iterator[CountGroup]:
    for row in found:
        if row[3]:
            yield CountGroup(
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
