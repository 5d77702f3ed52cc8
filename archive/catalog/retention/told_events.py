"""The register of what was told that begins periods: added to, never changed; the last word counts.

Knows no rule, nor who may tell.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from archive.catalog.database.portions import portions
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Detail, append
from archive.catalog.register.cells import is_readable
from archive.catalog.tables.catalog import journal, retention_event
from archive.catalog.tables.tenants import ensure_tenant, tenant_row
from archive.folded_names import fold_name
from archive.ids import TenantId
from archive.lifecycle.retention_events import EventKey, ToldEvent

MAX_PAGE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """What was told, by whom and when; `is_last`: nothing was told of its key after it."""

    row: int
    event: ToldEvent
    author: str
    told_us: int
    one_person: bool
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsTold:
    """A telling: the rows that are to be added, the digest of all that was told, and whose word.

    `shortened` recordings go earlier by it, on the word of who tells alone; 0 where two wanted it.
    """

    events: Sequence[ToldEvent]
    sha256: bytes
    one_person: bool = False
    shortened: int = 0


@dataclass(frozen=True, slots=True)
class Telling:
    """What the rows of one telling say, as its entry at `place` has it (`rows`)."""

    tenant: int
    place: int
    digest: str


_LAST: Final = (
    select(func.max(retention_event.c.row))
    .where(
        retention_event.c.tenant == bindparam("tenant"),
        retention_event.c.folded.in_(bindparam("keys", expanding=True)),
    )
    .group_by(retention_event.c.folded, retention_event.c.kind)
)
# Of each key the last word, in whichever writing.
_IN_FORCE: Final = select(
    retention_event.c.kind, retention_event.c.key, retention_event.c.day
).where(retention_event.c.row.in_(_LAST.scalar_subquery()))


def days_told(
    connection: Connection, tenant: int, keys: Collection[EventKey]
) -> Mapping[EventKey, date]:
    """The days on which what these keys name happens; one without a day has not happened."""
    last: dict[EventKey, date | None] = {}
    for some in portions(sorted({fold_name(each.key) for each in keys})):
        for row in connection.execute(_IN_FORCE, {"tenant": tenant, "keys": some}):
            told = ToldEvent(kind=row.kind, key=row.key, day=_day(row.day))
            last[told.about] = told.day
    return {key: day for key, day in last.items() if day is not None and key in keys}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def not_yet_told(
    connection: Connection, tenant: TenantId, events: Iterable[ToldEvent]
) -> tuple[ToldEvent, ...]:
    """Those that say something else than the last word of their key."""
    wanted = {each.about: each for each in events}
    known = days_told(connection, tenant_row(connection, tenant), wanted.keys())
    return tuple(each for about, each in wanted.items() if known.get(about) != each.day)


def append_events(connection: Connection, author: Author, told: EventsTold) -> int:
    """Add rows and their one entry in the caller's transaction; the place of the entry."""
    tenant = ensure_tenant(connection, author.access.tenant)
    detail: dict[str, Detail] = {"sha256": told.sha256.hex(), "count": len(told.events)}
    detail |= {"one_person": 1} if told.one_person else {}
    detail |= {"shortened": told.shortened} if told.shortened else {}
    detail["rows"] = _digest(told.events)
    place = append(connection, author.entry("events_told", "events", detail))
    shared = {
        "tenant": tenant,
        "told_us": author.access.at_us,
        "author": author.access.actor,
        "one_person": int(told.one_person),
        "journal": place,
    }
    connection.execute(insert(retention_event), [shared | _row(each) for each in told.events])
    return place


def tellings(connection: Connection) -> Iterator[Telling]:
    """Of all tenants, for who holds them against the journal; rows that cannot be read are none."""
    own = retention_event.c
    wanted = select(retention_event).order_by(own.tenant, own.journal, own.row)
    rows = (
        row
        for row in connection.execute(wanted)
        if is_readable(retention_event, row._mapping)  # type: ignore[arg-type]  # keys are names here
    )
    for (tenant, place), told in groupby(rows, lambda row: (row.tenant, row.journal)):
        yield Telling(tenant, place, _digest_of((row.kind, row.key, row.day) for row in told))


def shortened_since(connection: Connection, tenant: TenantId, since_us: int) -> int:
    """How many recordings were made to go earlier by one word each time, as the journal has it."""
    details = connection.scalars(
        select(journal.c.detail).where(
            journal.c.tenant == tenant_row(connection, tenant),
            journal.c.action == "events_told",
            journal.c.at_us > since_us,
        )
    )
    return sum(json.loads(each).get("shortened", 0) for each in details)


def stored_events(
    connection: Connection, tenant: TenantId, *, key: str = "", before: int = 0
) -> tuple[StoredEvent, ...]:
    """A page of what was told, the last word first; of one key, or of all, before a row."""
    later = retention_event.alias()
    is_followed = (
        select(later.c.row)
        .where(
            later.c.tenant == retention_event.c.tenant,
            later.c.folded == retention_event.c.folded,
            later.c.kind == retention_event.c.kind,
            later.c.row > retention_event.c.row,
        )
        .exists()
    )
    wanted = select(retention_event, is_followed.label("is_followed")).where(
        retention_event.c.tenant == tenant_row(connection, tenant)
    )
    if key:
        wanted = wanted.where(retention_event.c.folded == fold_name(key))
    if before:
        wanted = wanted.where(retention_event.c.row < before)
    rows = connection.execute(wanted.order_by(retention_event.c.row.desc()).limit(MAX_PAGE))
    return tuple(map(_stored, rows))


def _row(event: ToldEvent) -> dict[str, object]:
    return {
        "kind": event.kind,
        "key": event.key,
        "folded": event.about.key,
        "day": event.day.isoformat() if event.day else None,
    }


def _stored(row: Row[tuple[object, ...]]) -> StoredEvent:
    return StoredEvent(
        row=row.row,
        event=ToldEvent(kind=row.kind, key=row.key, day=_day(row.day)),
        author=row.author,
        told_us=row.told_us,
        one_person=bool(row.one_person),
        is_last=not row.is_followed,
    )


def _digest(events: Iterable[ToldEvent]) -> str:
    return _digest_of((each.kind, each.key, _row(each)["day"]) for each in events)


def _digest_of(rows: Iterable[tuple[object, ...]]) -> str:
    """Of kind, key and day of each, in the order in which they were told."""
    digest = sha256()
    for each in rows:
        digest.update(json.dumps(each, ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()
