"""Backup sets of the embedded catalog: made while it is in use, read back, listed, cleared away.

Knows nothing of what the catalog holds beside its revision, nor of who gives the keys.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from archive.backup.database_copy import check_pages, copied, read_only
from archive.backup.errors import SetDamaged, SetUnverified
from archive.backup.sealed import (
    SET_SUFFIX,
    SetKey,
    SetKind,
    SetLead,
    read_lead,
    set_name,
    settle_set,
    unseal,
    write_draft,
)
from archive.disk.files import LocalDisk, draft_of
from archive.format.floe import zero

SETS_MODE: Final = 0o700


class SetKeys(Protocol):
    """Who gives a key for a new set, and opens that of one that exists; see `EpochClient`."""

    def wrap_set_key(self, made_us: int, size: int) -> tuple[int, SetKey]:
        """The epoch in force and a key, to be zeroed, wrapped under it."""

    def open_set_key(self, lead: SetLead, wrapped: bytes) -> bytearray:
        """The key of a set, to be zeroed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSet:
    """A set as its header has it; `size` is that of its content, in bytes."""

    path: Path
    lead: SetLead


def make_catalog_set(database: Path, folder: Path, keys: SetKeys, now_us: int) -> StoredSet:
    """Copy, seal, read back and check; only then the set gets its name.

    Raises `ArchiveError`, `OSError`, `sqlite3.Error`.
    """
    folder.mkdir(mode=SETS_MODE, parents=True, exist_ok=True)
    clear_leftovers(folder)
    copy = folder / ".copy.aside"
    try:
        with copied(database, copy):
            pass
        path, lead = _sealed(copy, folder, keys, now_us)
    finally:
        copy.unlink(missing_ok=True)
    with_key = keys.open_set_key(*read_lead(draft_of(path)))
    try:
        check_catalog_set(draft_of(path), with_key, folder / ".back.aside")
    finally:
        zero(with_key)
    settle_set(LocalDisk(), path)
    return StoredSet(path=path, lead=lead)


def _sealed(copy: Path, folder: Path, keys: SetKeys, now_us: int) -> tuple[Path, SetLead]:
    size = copy.stat().st_size
    epoch, key = keys.wrap_set_key(now_us, size)
    lead = SetLead(kind=SetKind.CATALOG, epoch=epoch, made_us=now_us, size=size)
    path = folder / set_name(lead)
    try:
        write_draft(LocalDisk(), path, copy, lead, key)
    finally:
        zero(key.opened)
    return path, lead


def check_catalog_set(path: Path, key: bytearray, aside: Path) -> str:
    """Open a set to its last byte; return the revision of the catalog in it.

    `aside` is written and removed. Raises `SetDamaged`, `SetUnverified`.
    """
    aside.unlink(missing_ok=True)
    try:
        unseal(path, key, aside)
        with read_only(aside) as connection:
            check_pages(connection)
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    finally:
        aside.unlink(missing_ok=True)
    if row is None:
        raise SetUnverified("the database is not a catalog")
    return str(row[0])


def stored_sets(folder: Path) -> list[StoredSet]:
    """The sets in a folder, newest first; what is none is left out."""
    found = []
    for path in folder.glob(f"[!.]*{SET_SUFFIX}") if folder.is_dir() else ():
        try:
            found.append(StoredSet(path=path, lead=read_lead(path)[0]))
        except SetDamaged:
            continue
    return sorted(found, key=lambda each: each.lead.made_us, reverse=True)


def delete_outdated(folder: Path, destroyed: Collection[int]) -> int:
    """Delete the sets that nobody can open any more; return how many."""
    outdated = [each for each in stored_sets(folder) if each.lead.epoch in destroyed]
    for each in outdated:
        each.path.unlink(missing_ok=True)
    return len(outdated)


def clear_leftovers(folder: Path) -> None:
    """Remove what a kill has left: the catalog lies in it in the clear."""
    for path in (*folder.glob(".*.aside*"), *folder.glob(f".*{SET_SUFFIX}.draft")):
        path.unlink(missing_ok=True)
