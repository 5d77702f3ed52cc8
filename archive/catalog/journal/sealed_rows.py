"""The rows that decide who may do what: written, changed and believed with a seal alone.

Who opened the catalog with seals (the part `api`) writes them, and believes no row without its
own; to everybody else a row is a row. Knows nothing of keys or files
(`archive.catalog.checks.sealer`).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Row, Table, insert, select, update

from archive.catalog.database.engine import SEALS
from archive.catalog.tables.catalog import (
    approval,
    confirmation,
    credential,
    destruction_plan,
    one_person,
    os_name,
    proposal,
    proposal_comment,
    retention_revision,
    revision_call_back,
    role_gift,
    service,
    session,
    sign_in_code,
    standing_approval,
    token,
    user,
)
from archive.errors import ArchiveError

AnyRow = Row[Any]


class RowsAltered(ArchiveError):
    """Rows that decide are not as they were written; `what`: of which table."""

    def __init__(self, what: str) -> None:
        super().__init__(f"rows of {what} are not as they were written")
        self.what = what


class SealedText(NamedTuple):
    """What has one seal: its number, and what it says (b"": there is nothing)."""

    row: int
    content: bytes


class SealedKind(Protocol):
    """What is sealed alike; `code` names it in seals for ever, `table` to people."""

    @property
    def code(self) -> int: ...

    @property
    def table(self) -> Table: ...

    def all(self, connection: Connection) -> Iterator[SealedText]:
        """All that there is of it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What of a table is authenticated: the columns by name, each with what it is by itself.

    `code` names the table in seals for ever.
    """

    code: int
    table: Table
    columns: tuple[tuple[str, object], ...]

    def told(self, row: AnyRow) -> SealedText:
        """The row as it is sealed: a column that says nothing is left out, so that one may come."""
        said = row._mapping
        told = [(name, said[name]) for name, usual in self.columns if said[name] != usual]
        return SealedText(said["row"], msgspec.msgpack.encode(told))

    def all(self, connection: Connection) -> Iterator[SealedText]:
        return map(self.told, connection.execute(select(self.table)))


class Seals(Protocol):
    """What knows the seal of each row; see `archive.catalog.checks.sealer`."""

    def is_believed(self, connection: Connection, of: SealedKind, told: SealedText) -> bool:
        """Whether it is as it was last written; what is not is noted."""

    def is_whole(self, of: SealedKind, rows: frozenset[int], connection: Connection) -> bool:
        """Whether these are all rows that the table has."""

    def seal(self, connection: Connection, of: SealedKind, told: SealedText) -> None:
        """Seal what was just written, in the same transaction."""

    def settling(self, connection: Connection) -> AbstractContextManager[None]:
        """Around the commit of a transaction."""


def _sealed(code: int, table: Table, *but: str) -> Sealed:
    columns = tuple((str(each.name), _usual(each)) for each in table.c if each.name not in but)
    return Sealed(code, table, columns)


def _usual(column: Any) -> object:
    """What a column has that says nothing: NULL, or its default."""
    default = column.server_default
    if default is None:
        return None
    text = str(default.arg)
    return text.strip("'") if "'" in text else int(text)


# What is not authenticated gives nobody more where it is older, or is the runner's to write.
SEALED: Final[dict[Table, Sealed]] = {
    each.table: each
    for each in (
        _sealed(1, user),
        _sealed(2, service),
        _sealed(3, role_gift),
        _sealed(4, os_name),
        _sealed(5, token, "last_used_us"),
        _sealed(6, credential),
        _sealed(7, sign_in_code),
        _sealed(8, session, "used_us", "rotated_us"),
        _sealed(9, proposal, "expired_us"),
        _sealed(10, approval),
        _sealed(11, one_person),
        _sealed(12, standing_approval),
        _sealed(
            13,
            destruction_plan,
            *("handed_us", "begun_us", "last_us", "waits", "ended_us", "ended", "ended_by"),
        ),
        _sealed(14, retention_revision),
        _sealed(15, revision_call_back),
        _sealed(16, confirmation),
        _sealed(18, proposal_comment),
    )
}


def with_seals(engine: Engine, seals: Seals) -> Engine:
    """The same catalog for who writes seals and believes nothing without."""
    return engine.execution_options(**{SEALS: seals})


def seals_of(connection: Connection) -> Seals | None:
    found: Seals | None = connection.get_execution_options().get(SEALS)
    return found


def insert_row(connection: Connection, table: Table, **values: object) -> int:
    """Write one row down; returns its number."""
    new = insert(table).values(**values).returning(*table.c)
    row = connection.execute(new).one()
    if seals := seals_of(connection):
        seals.seal(connection, SEALED[table], SEALED[table].told(row))
    return int(row._mapping["row"])


def update_rows(
    connection: Connection, table: Table, where: Sequence[ColumnElement[bool]], **values: object
) -> tuple[AnyRow, ...]:
    """Change the rows that this holds of, and return them; what is not believed stays as it is."""
    changing = update(table).where(*where).values(**values).returning(*table.c)
    seals = seals_of(connection)
    if seals is None:
        return tuple(connection.execute(changing))
    wanted = select(table).where(*where)
    before = {each.row: each for each in believed(connection, table, connection.execute(wanted))}
    if not before:
        return ()
    after = tuple(connection.execute(changing.where(table.c.row.in_(list(before)))))
    for each in after:
        _require_same(table, before[each.row], each, values)
        seals.seal(connection, SEALED[table], SEALED[table].told(each))
    return after


def note_rows(
    connection: Connection, table: Table, where: Sequence[ColumnElement[bool]], **values: object
) -> tuple[AnyRow, ...]:
    """Change what is not authenticated of these rows, and return them."""
    sealed = {name for name, _ in SEALED[table].columns}
    assert not sealed & set(values)
    return tuple(
        connection.execute(update(table).where(*where).values(**values).returning(*table.c))
    )


def believed(connection: Connection, table: Table, rows: Iterable[AnyRow]) -> tuple[AnyRow, ...]:
    """Those that are as they were written; the others are not there, and an alarm.

    Rows must have all columns of the table.
    """
    seals = seals_of(connection)
    if seals is None:
        return tuple(rows)
    of = SEALED[table]
    return tuple(each for each in rows if seals.is_believed(connection, of, of.told(each)))


def whole_rows(connection: Connection, table: Table, tenant: int) -> tuple[AnyRow, ...]:
    """Every row of a tenant, each as it was written and none gone; raises `RowsAltered`.

    For decisions in which a row that is missing would count. What is decided is decided by these
    rows: what is asked once more may be answered otherwise, where a view took the table's place.
    """
    seals = seals_of(connection)
    if seals is None:
        return tuple(connection.execute(select(table).where(table.c.tenant == tenant)))
    rows = connection.execute(select(table)).all()
    found = believed(connection, table, rows)
    there = frozenset(each.row for each in found)
    if len(found) != len(rows) or not seals.is_whole(SEALED[table], there, connection):
        raise RowsAltered(table.name)
    return tuple(each for each in found if each.tenant == tenant)


def require_believed(connection: Connection, table: Table, rows: Sequence[AnyRow]) -> None:
    """Raise `RowsAltered` unless these rows are as they were written."""
    if len(believed(connection, table, rows)) != len(rows):
        raise RowsAltered(table.name)


def _require_same(
    table: Table, before: AnyRow, after: AnyRow, values: dict[str, object] | Any
) -> None:
    """What was not changed here must be as it was believed: somebody may write beside us."""
    for name, _ in SEALED[table].columns:
        if name not in values and before._mapping[name] != after._mapping[name]:
            raise RowsAltered(table.name)
