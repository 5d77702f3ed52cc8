"""What the catalog says of the archive's files, for who holds the two against each other.

Rows of recordings and of ledger pages, and what the journal tells of their adoption; each answer
that leads to a file takes a grant. Knows nothing of files.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, select

from archive.catalog.access.grants import NotGranted, VerifyGrant
from archive.catalog.destruction.planned_recordings import is_under_way, under_way_among
from archive.catalog.destruction.tombstones import has_tombstone
from archive.catalog.index.part_values import Value
from archive.catalog.register.cells import is_readable
from archive.catalog.tables.catalog import journal, ledger_page, part, recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import NodeId, PageId, PartName, RecordingId, TenantId

# Fewer than an SQLite of any age takes in one statement.
_AT_ONCE: Final = 500
_READ: Final = "mentions_read"
_NOT_OF_THE_FILE: Final = frozenset({"row", "tenant", "recording", "id", "derived"})


@dataclass(frozen=True, slots=True)
class FiledPart:
    """A part's row: its name, and the columns that a file and its adoption bear out."""

    name: PartName
    node: NodeId
    last_us: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class AdoptedPart:
    name: PartName
    sha256: bytes
    size_bytes: int


def filed_parts(
    connection: Connection, own: RecordingId | PageId, grant: VerifyGrant
) -> tuple[FiledPart, ...]:
    """All rows of a recording or a page, each generation; () where it is gone, or about to go.

    Without those that cannot be read.
    """
    if grant.target != str(own):
        raise NotGranted("the grant is for something else")
    tenant = tenant_row(connection, grant.tenant)
    if isinstance(own, PageId):
        wanted = select(ledger_page).where(
            ledger_page.c.tenant == tenant,
            ledger_page.c.id == own.raw,
            ~is_under_way(tenant, ledger_page.c.id),
        )
    else:
        wanted = (
            select(part)
            .join_from(part, recording, part.c.recording == recording.c.row)
            .where(
                part.c.tenant == tenant,
                recording.c.tenant == tenant,
                recording.c.id == own.raw,
                ~is_under_way(tenant, recording.c.id),
            )
        )
    table = ledger_page if isinstance(own, PageId) else part
    return tuple(
        _filed(RecordingId(own.raw), row)
        for row in connection.execute(wanted)
        if is_readable(table, row._mapping)  # type: ignore[arg-type]  # keys are names here
    )


def adopted_parts(
    connection: Connection, own: RecordingId | PageId, grant: VerifyGrant
) -> tuple[AdoptedPart, ...]:
    """What the journal tells of its parts; () of one that was brought in by a rebuild alone.

    Without entries that cannot be read.
    """
    if grant.target != str(own):
        raise NotGranted("the grant is for something else")
    tenant = tenant_row(connection, grant.tenant)
    wanted = select(journal.c.detail).where(
        journal.c.tenant == tenant, journal.c.target == str(own), journal.c.action == "adopted"
    )
    read = (adopted_part(str(own), told) for told in connection.scalars(wanted))
    return tuple(each for each in read if each is not None)


def mentions_digest(connection: Connection, own: RecordingId | PageId, grant: VerifyGrant) -> str:
    """The digest of what a rebuild read anew of a recording, by the last entry; "" of no other."""
    if grant.target != str(own):
        raise NotGranted("the grant is for something else")
    tenant = tenant_row(connection, grant.tenant)
    wanted = select(journal.c.detail).where(
        journal.c.tenant == tenant, journal.c.target == str(own), journal.c.action == _READ
    )
    last = connection.scalar(wanted.order_by(journal.c.seq.desc()).limit(1))
    return "" if last is None else _digest_in(last)


def _digest_in(detail: object) -> str:
    """That of an entry; what cannot be read is like no other."""
    try:
        return str(json.loads(str(detail))["sha256"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return "?"


def is_going_or_gone(connection: Connection, tenant: TenantId, own: RecordingId) -> bool:
    """Whether a recording or a page is destroyed, or its destruction has begun."""
    row = tenant_row(connection, tenant)
    is_going = bool(under_way_among(connection, row, [own]))
    return is_going or has_tombstone(connection, row, own)


def lost_recordings(connection: Connection, tenant: TenantId) -> Iterator[RecordingId]:
    """Those whose adoption the journal tells of, that have no row, and were not destroyed."""
    row = tenant_row(connection, tenant)
    told = connection.scalars(
        select(journal.c.target).where(journal.c.tenant == row, journal.c.action == "adopted")
    )
    lost: set[bytes] = set()
    for some in told.partitions(_AT_ONCE):
        asked = {own.raw for each in some if (own := _recording(each)) is not None} - lost
        lost |= asked - _known(connection, row, asked)
    named = map(RecordingId, sorted(lost))
    return (each for each in named if not has_tombstone(connection, row, each))


def _known(connection: Connection, tenant: int, ids: Collection[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for table in (recording, ledger_page):
        wanted = select(table.c.id).where(table.c.tenant == tenant, table.c.id.in_(ids))
        found |= set(connection.scalars(wanted))
    return found


def unfiled(
    connection: Connection, tenant: TenantId, names: Iterable[PartName]
) -> Iterator[PartName]:
    """Those of these parts that have no row, and whose recording was not destroyed."""
    own = tenant_row(connection, tenant)
    for name in names:
        of_recording = (
            select(part.c.row)
            .join_from(part, recording, part.c.recording == recording.c.row)
            .where(
                part.c.tenant == own,
                recording.c.tenant == own,
                recording.c.id == name.recording.raw,
                part.c.part == name.part,
                part.c.generation == name.generation,
            )
        )
        of_page = select(ledger_page.c.row).where(
            ledger_page.c.tenant == own,
            ledger_page.c.id == name.recording.raw,
            ledger_page.c.part == name.part,
            ledger_page.c.generation == name.generation,
        )
        is_there = connection.scalar(of_recording) or connection.scalar(of_page)
        if not is_there and not has_tombstone(connection, own, name.recording):
            yield name


def _filed(own: RecordingId, row: Row[tuple[object, ...]]) -> FiledPart:
    values = {name: value for name, value in row._mapping.items() if name not in _NOT_OF_THE_FILE}
    name = PartName(own, row.part, row.generation)
    return FiledPart(name, NodeId(row.node), row.last_us, values)


def adopted_part(target: str, told: object) -> AdoptedPart | None:
    """What an entry says of an adoption, by its target and detail; None where nobody can tell."""
    own = _recording(target)
    if own is None:
        return None
    try:
        detail = json.loads(str(told))
        name = PartName(own, detail["part"], detail["generation"])
        str(name)  # a number that is none makes no name
        return AdoptedPart(name, bytes.fromhex(detail["sha256"]), detail["bytes"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _recording(target: object) -> RecordingId | None:
    try:
        return RecordingId.parse(str(target))
    except ValueError:
        return None
