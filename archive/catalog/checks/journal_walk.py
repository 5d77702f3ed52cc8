"""The journal from its first entry to its last, for who holds it against what else there is.

Questions only. Entries that cannot be read are passed over. Knows nothing of what they mean.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, Row, func, select

from archive.catalog.database.engine import reading
from archive.catalog.journal.entries import Action, Detail, told_text
from archive.catalog.register.cells import is_readable
from archive.catalog.tables.catalog import journal, tenant
from archive.ids import TenantId, is_id

# In one view of the catalog, so that its log never waits long for who reads everything.
_AT_ONCE: Final = 5_000
_MARKS: Final = ("seq", "at_us", "action")
_LAST_GIVEN: Final = "SELECT seq FROM sqlite_sequence WHERE name = 'journal'"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an entry stands, and when it says that it was written."""

    seq: int
    at_us: int
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkedEntry:
    """An entry without its texts."""

    seq: int
    tenant: int
    at_us: int
    actor: str
    action: str
    target: str
    detail: Mapping[str, Detail]


def marks(engine: Engine) -> Iterator[Mark]:
    """Those of all entries in the order of their places, whosever."""
    last = 0
    while True:
        with reading(engine) as connection:
            wanted = select(*(journal.c[name] for name in _MARKS)).where(journal.c.seq > last)
            rows = connection.execute(wanted.order_by(journal.c.seq).limit(_AT_ONCE)).all()
        for row in rows:
            yield Mark(row.seq, row.at_us if isinstance(row.at_us, int) else 0, str(row.action))
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1].seq


def entries_of(connection: Connection, actions: Collection[Action]) -> Iterator[WalkedEntry]:
    """All entries of these actions, whosever, in the order of their places."""
    wanted = select(journal).where(journal.c.action.in_(actions)).order_by(journal.c.seq)
    for row in connection.execute(wanted):
        detail = _detail(row)
        if detail is not None:
            yield WalkedEntry(
                seq=row.seq,
                tenant=row.tenant,
                at_us=row.at_us,
                actor=row.actor,
                action=row.action,
                target=row.target,
                detail=detail,
            )


def last_given_seq(connection: Connection) -> int:
    """The last place that was given, also of an entry that is gone; 0: none. A server forgets."""
    if connection.dialect.name != "sqlite":
        return 0
    return int(connection.exec_driver_sql(_LAST_GIVEN).scalar() or 0)


def _detail(row: Row[tuple[object, ...]]) -> dict[str, Detail] | None:
    if not is_readable(journal, row._mapping):  # type: ignore[arg-type]  # keys are names here
        return None
    told = json.loads(row.detail)
    return told if isinstance(told, dict) else None


def told_by_opening(connection: Connection, openings: Sequence[bytes]) -> Mapping[bytes, bytes]:
    """What the key daemon is to be told of entries, by the ids under which it knows them.

    Of those that there are, whosever, of at most some hundred ids. Of an entry that cannot be
    read nothing, which nobody was ever told.
    """
    return {
        row.opening: _told(row._asdict(), own)
        for number, own in _tenants(connection)
        for row in connection.execute(
            select(journal).where(journal.c.tenant == number, journal.c.opening.in_(openings))
        )
    }


def count_openings(connection: Connection) -> int:
    """How many entries there are that may open keys."""
    return sum(
        connection.scalar(
            select(func.count())
            .select_from(journal)
            .where(journal.c.tenant == number, journal.c.opening.is_not(None))
        )
        or 0
        for number, _ in _tenants(connection)
    )


def _told(line: Mapping[str, object], own: TenantId) -> bytes:
    return told_text(line, own) if is_readable(journal, line) else b""


def _tenants(connection: Connection) -> Iterator[tuple[int, TenantId]]:
    for number, raw in connection.execute(select(tenant.c.row, tenant.c.id)).all():
        if is_id(raw):
            yield number, TenantId(raw)
