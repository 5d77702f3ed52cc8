"""The register of retention policies that were taken over, as texts: added to, never changed.

Knows nothing of what a policy says, nor of who may take one over.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection

from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Detail, append
from archive.catalog.journal.sealed_rows import AnyRow, insert_row, whole_rows
from archive.catalog.tables.catalog import retention_revision, revision_call_back
from archive.catalog.tables.tenants import ensure_tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class PackTaken:
    """The rule pack that a revision was made with: for the journal alone."""

    id: str
    version: str
    sha256: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevision:
    """What is taken over; `one_person`: one wanted what takes two."""

    text: str
    in_force_us: int
    is_retroactive: bool
    one_person: bool = False

    @property
    def sha256(self) -> bytes:
        """Of the text as it is kept."""
        return sha256_of(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRevision:
    """A revision with its number, who took it over and when, and the place of its entry."""

    number: int
    content: NewRevision
    author: str
    taken_us: int
    journal: int
    called_back: bool = False


def sha256_of(text: str) -> bytes:
    """The digest by which people compare texts of policies."""
    return hashlib.sha256(text.encode()).digest()


def read_revisions(connection: Connection, tenant: int) -> list[tuple[int, str, int, bool]]:
    """What decides: number, text, in force since (µs UTC), whether retroactive; oldest first.

    Raises `RowsAltered`: without a later revision an earlier one would decide.
    """
    rows = _rows(connection, tenant)
    return [(row.number, row.text, row.in_force_us, bool(row.is_retroactive)) for row in rows]


def stored_revisions(connection: Connection, tenant: int) -> tuple[StoredRevision, ...]:
    """Everything that is known of them, oldest first."""
    back = {each.number for each in whole_rows(connection, revision_call_back, tenant)}
    rows = _rows(connection, tenant)
    return tuple(_stored(row, called_back=row.number in back) for row in rows)


def _rows(connection: Connection, tenant: int) -> list[AnyRow]:
    rows = whole_rows(connection, retention_revision, tenant)
    return sorted(rows, key=lambda each: int(each.number))


def append_revision(
    connection: Connection, author: Author, new: NewRevision, pack: PackTaken | None = None
) -> StoredRevision:
    """Write one more and its entry in the caller's transaction; it has the next number."""
    tenant = ensure_tenant(connection, author.access.tenant)
    known = read_revisions(connection, tenant)
    number = known[-1][0] + 1 if known else 1
    told = {**_told(new), **_pack(pack)}
    place = append(connection, author.entry("policy_taken_over", f"policy:{number}", told))
    insert_row(
        connection,
        retention_revision,
        tenant=tenant,
        number=number,
        text=new.text,
        sha256=new.sha256,
        taken_us=author.access.at_us,
        in_force_us=new.in_force_us,
        is_retroactive=int(new.is_retroactive),
        author=author.access.actor,
        one_person=int(new.one_person),
        journal=place,
    )
    return StoredRevision(
        number=number,
        content=new,
        author=author.access.actor,
        taken_us=author.access.at_us,
        journal=place,
    )


def append_call_back(connection: Connection, author: Author, number: int) -> None:
    """Call a revision back and write its entry, in the caller's transaction."""
    place = append(connection, author.entry("policy_called_back", f"policy:{number}", {}))
    insert_row(
        connection,
        revision_call_back,
        tenant=ensure_tenant(connection, author.access.tenant),
        number=number,
        called_us=author.access.at_us,
        author=author.access.actor,
        journal=place,
    )


def _pack(pack: PackTaken | None) -> dict[str, Detail]:
    if pack is None:
        return {}
    return {"pack": f"{pack.id} {pack.version}", "pack_sha256": pack.sha256.hex()}


def _told(new: NewRevision) -> dict[str, Detail]:
    detail: dict[str, Detail] = {"sha256": new.sha256.hex(), "in_force_us": new.in_force_us}
    detail |= {"retroactive": 1} if new.is_retroactive else {}
    return detail | {"one_person": 1} if new.one_person else detail


def _stored(row: AnyRow, *, called_back: bool) -> StoredRevision:
    return StoredRevision(
        number=row.number,
        content=NewRevision(
            text=row.text,
            in_force_us=row.in_force_us,
            is_retroactive=bool(row.is_retroactive),
            one_person=bool(row.one_person),
        ),
        author=row.author,
        taken_us=row.taken_us,
        journal=row.journal,
        called_back=called_back,
    )
