"""Tombstones: what is left of a destroyed recording, so that nothing brings it back.

Beside the digest of the id stays what a reach may name: queues, teams, controllers; no number and
no name. Knows nothing of how recordings are destroyed.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, select, tuple_

from archive.access.reach import Reach, ReachFacts, reaches
from archive.catalog.destruction.tombstone_counts import count_tombstone, is_disputed, settle
from archive.catalog.tables.catalog import tombstone
from archive.catalog.tables.destruction import planned_recording
from archive.errors import ArchiveError
from archive.ids import ConversationId, RecordingId
from archive.lifecycle.intention import Scope
from archive.lifecycle.tombstone import (
    MAX_TOMBSTONES,
    DestroyedPage,
    DestroyedWindow,
    FoundTombstone,
    Remains,
    Tombstone as Tombstone,
    digest_of as digest_of,
)

# No other digest of the same bytes is one of ours.
_OF_CALLS: Final = b"rokuon tombstone of a call 1\0"
_JOINED: Final = ","
_HOUR_US: Final = 3_600_000_000
# Read at once; and so often before a page ends that a reach has little of.
_A_PAGE: Final = 100
_READ_AT_MOST: Final = 10
# What one of a recording says that went: whatever else went of it, it has no other such.
OF_RECORDINGS: Final[tuple[Scope, ...]] = ("whole", "audio")
# By its row: `+ 0` keeps the tenant's indexes out of it.
_BY_ROW: Final = select(tombstone).where(
    tombstone.c.tenant + 0 == bindparam("own_tenant"),
    tombstone.c.row.in_(bindparam("own_rows", expanding=True)),
)


class RecordingDestroyed(ArchiveError):
    """A part came of a recording that was destroyed."""


def digest_of_call(call: ConversationId) -> bytes:
    """Return what a tombstone keeps of its call's id."""
    return hashlib.sha256(_OF_CALLS + call.raw).digest()


def place_tombstone(connection: Connection, tenant: int, placed: Tombstone) -> None:
    """Write it down in the caller's transaction; the first stays, twice is as good as once."""
    digest = digest_of(placed.recording)
    if has_tombstone(connection, tenant, placed.recording):
        if is_disputed(connection, tenant, digest):
            settle(connection, tenant, digest)
        return
    count_tombstone(connection, tenant, digest)
    remains = placed.remains
    connection.execute(
        insert(tombstone).values(
            tenant=tenant,
            digest=digest,
            destroyed_us=placed.destroyed_us,
            journal=placed.journal,
            call_digest=remains.call and digest_of_call(remains.call),
            hour_us=remains.hour_us,
            queues=_listed(remains.facts.queues),
            teams=_listed(remains.facts.teams),
            controllers=_listed(remains.facts.controllers),
            revision=remains.revision,
            rules=_JOINED.join(remains.rules),
            plan=remains.plan or None,
            scope=remains.scope,
            facts_until_us=remains.facts_until_us,
        )
    )


def has_tombstone(connection: Connection, tenant: int, own: RecordingId) -> bool:
    """Return whether the recording was destroyed, as far as this row of `tenant` is concerned."""
    return destroyed_at(connection, tenant, own) is not None


def destroyed_at(connection: Connection, tenant: int, own: RecordingId) -> int | None:
    """When a recording was destroyed (µs UTC); None where it has no tombstone."""
    known = select(tombstone.c.destroyed_us).where(
        tombstone.c.tenant == tenant, tombstone.c.digest == digest_of(own)
    )
    return connection.scalar(known)


def plan_of(connection: Connection, tenant: int, own: RecordingId) -> int | None:
    """The plan whose run destroyed a recording: its certificate has that number; None: unknown."""
    known = select(tombstone.c.plan).where(
        tombstone.c.tenant == tenant, tombstone.c.digest == digest_of(own)
    )
    return connection.scalar(known)


def place_bare(
    connection: Connection, tenant: int, digest: bytes, destroyed_us: int, journal: int
) -> None:
    """Write down that something was destroyed of which nothing else is known here."""
    count_tombstone(connection, tenant, digest)
    connection.execute(
        insert(tombstone).values(
            tenant=tenant, digest=digest, destroyed_us=destroyed_us, journal=journal
        )
    )


def refuse_destroyed(connection: Connection, tenant: int, own: RecordingId) -> None:
    """Raise `RecordingDestroyed` where it has a tombstone."""
    if has_tombstone(connection, tenant, own):
        raise RecordingDestroyed(f"{own} was destroyed")


def find_tombstone(
    connection: Connection, tenant: int, reach: Reach, target: RecordingId | ConversationId
) -> FoundTombstone | None:
    """Return the tombstone of a recording, or of a recording of a call, that lies in the reach.

    Where there is none that of the next digest is read in its place, and not returned: what has one
    beyond the reach takes as long as what has none.
    """
    if isinstance(target, RecordingId):
        column, own = tombstone.c.digest, digest_of(target)
    else:
        column, own = tombstone.c.call_digest, digest_of_call(target)
    in_order = select(column).where(tombstone.c.tenant == tenant).order_by(column).limit(1)
    # The first is asked for by the key, too: it is none of those that have no digest of a call.
    near = func.coalesce(
        in_order.where(column >= own).scalar_subquery(),
        in_order.where(column >= bytes(len(own))).scalar_subquery(),
    )
    read = select(tombstone, (column == own).label("own")).where(
        tombstone.c.tenant == tenant, column == near
    )
    rows = connection.execute(read.order_by(tombstone.c.row)).all()
    within = tuple(_within(reach, map(_found, rows)))
    return next((each for each in within if rows[0].own), None)


def tombstones_of_hours(
    connection: Connection, tenant: int, reach: Reach, *, from_us: int, to_us: int
) -> tuple[FoundTombstone, ...]:
    """Return those in the reach whose recordings began in hours that a window touches.

    Each once: that of facts, which comes later, is none of them; nor is a ledger page's.
    """
    rows = connection.execute(
        select(tombstone)
        .where(
            tombstone.c.tenant == tenant,
            tombstone.c.hour_us > from_us - _HOUR_US,
            tombstone.c.hour_us < to_us,
            tombstone.c.scope.in_(OF_RECORDINGS),
        )
        .order_by(tombstone.c.hour_us, tombstone.c.row)
        .limit(MAX_TOMBSTONES)
    )
    return tuple(_within(reach, map(_found, rows)))


def tombstones_page(
    connection: Connection, tenant: int, reach: Reach, asked: DestroyedWindow
) -> DestroyedPage:
    """Return those in the reach that are of a time, the last ones first; each once, as by hours.

    A page may be short of what lies within the reach, and is not the last.
    """
    found: list[FoundTombstone] = []
    behind = asked.behind
    for _ in range(_READ_AT_MOST):
        rows = _of_time(connection, tenant, asked, behind)
        found += _within(reach, map(_found, rows))
        behind = rows[-1].row if len(rows) == _A_PAGE else 0
        if not behind or len(found) >= _A_PAGE:
            break
    return DestroyedPage(found=tuple(found), behind=behind)


def _of_time(
    connection: Connection, tenant: int, asked: DestroyedWindow, behind: int
) -> Sequence[Row[tuple[object, ...]]]:
    at_us = tombstone.c.destroyed_us if asked.by == "destroyed" else tombstone.c.hour_us
    # An hour is of a time that begins within it.
    early_us = 0 if asked.by == "destroyed" else _HOUR_US - 1
    wanted = select(tombstone).where(
        tombstone.c.tenant == tenant, at_us.is_not(None), tombstone.c.scope.in_(OF_RECORDINGS)
    )
    if asked.from_us is not None:
        wanted = wanted.where(at_us >= asked.from_us - early_us)
    if asked.to_us is not None:
        wanted = wanted.where(at_us < asked.to_us)
    if behind:
        last_us = connection.scalar(
            select(at_us).where(tombstone.c.tenant + 0 == tenant, tombstone.c.row == behind)
        )
        if last_us is None:
            return ()
        place = tuple_(at_us, tombstone.c.row) < tuple_(last_us, behind)
        wanted = wanted.where(at_us <= last_us, place)
    newest = wanted.order_by(at_us.desc(), tombstone.c.row.desc()).limit(_A_PAGE)
    return connection.execute(newest).all()


def tombstones_by_row(
    connection: Connection, tenant: int, rows: Iterable[int]
) -> Mapping[int, FoundTombstone]:
    wanted = {"own_tenant": tenant, "own_rows": list(rows)}
    return {row.row: _found(row) for row in connection.execute(_BY_ROW, wanted)}


def tombstones_of_plan(
    connection: Connection, tenant: int, plan: int
) -> tuple[tuple[FoundTombstone, int], ...]:
    """Return all that a run left, by digest, each with the place of its journal entry."""
    planned = planned_recording.c
    own = and_(tombstone.c.tenant == planned.tenant, tombstone.c.digest == planned.digest)
    rows = connection.execute(
        select(tombstone)
        .select_from(planned_recording.join(tombstone, own))
        .where(planned.tenant == tenant, planned.plan == plan, tombstone.c.plan == plan)
        .order_by(planned.digest)
    )
    return tuple((_found(row), row.journal) for row in rows)


def _within(reach: Reach, found: Iterable[FoundTombstone]) -> Iterator[FoundTombstone]:
    """A reach by numbers reaches none: nobody knows the numbers any more."""
    return (each for each in found if reaches(reach, each.remains.facts))


def _listed(values: Iterable[str]) -> str:
    return json.dumps(sorted(values), ensure_ascii=False)


def remains_facts(queues: str, teams: str, controllers: str) -> ReachFacts:
    """What a reach may name, as a row has it."""
    told = (tuple(json.loads(each or "[]")) for each in (queues, teams, controllers))
    return ReachFacts(**dict(zip(("queues", "teams", "controllers"), told, strict=True)))


def _found(row: Row[tuple[object, ...]]) -> FoundTombstone:
    return FoundTombstone(
        row=row.row,
        digest=row.digest,
        destroyed_us=row.destroyed_us,
        remains=Remains(
            hour_us=row.hour_us,
            facts=remains_facts(row.queues, row.teams, row.controllers),
            revision=row.revision,
            rules=tuple(filter(None, row.rules.split(_JOINED))),
            plan=row.plan or 0,
            scope=row.scope,
            facts_until_us=row.facts_until_us,
        ),
    )
