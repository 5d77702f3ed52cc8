"""One part's way from the spool into the archive, in the order that no crash can break (K1–K6).

Knows nothing of when it is done or of other parts. Each step may be repeated from any point.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy.exc import DBAPIError

from archive.adoption import Adoption, AdoptionRegister
from archive.disk import Disk, publish
from archive.errors import ArchiveError, KeyRefused, MapDamaged, RecordingDamaged
from archive.floe import zero
from archive.header import MAP_MAGIC, HeaderBlock
from archive.ids import KeyId
from archive.intake import PAGE_BYTES
from archive.keeper.account import PartAccount, read_account
from archive.keeper.problems import Reason, Stuck
from archive.keeper.spool import Lead, SpoolFile, held
from archive.keys.client import Adopted
from archive.keys.errors import Refusal
from archive.part import PartReader
from archive.reading.mapfile import (
    MAX_FILE_BYTES,
    derive_map_key,
    leaf_salt_of,
    open_map,
    seal_map,
)
from archive.reading.timemap import TimeMap
from archive.segments import FileSource
from archive.store import LocalStore, ObjectDiffers, StoredObject, chunks_from
from archive.writing import PartInUse, finalise_recovered

# A kept page holds a sealed key: nobody but the keeper reads it.
PAGE_MODE: Final = 0o600


class KeyDesk(Protocol):
    """What the keeper asks of the key daemon; see `KeyClient`."""

    def adopt(self, page: bytes, header: bytes) -> Adopted:
        """Take over a part's key."""

    def open_unarchived(self, key_id: KeyId) -> bytearray:
        """The key of a part that the catalog does not have."""

    def confirm(self, key_id: KeyId) -> None:
        """The part's object is whole."""

    def mark_archived(self, key_id: KeyId) -> None:
        """The catalog has the part."""


class HoldMatcher(Protocol):
    """Who protects a part from destruction before it can become due."""

    def match(self, adoption: Adoption) -> None:
        """Note every hold that covers the part; twice is as good as once."""


class NoHolds:
    """No hold has been placed anywhere."""

    def match(self, adoption: Adoption) -> None:
        """Nothing to note."""


class Outcome(StrEnum):
    """How far one visit brought a part."""

    WRITER_LIVES = "writer_lives"
    ARCHIVED = "archived"
    RECOVERED = "recovered"
    ARCHIVED_WITH_HOLES = "archived_with_holes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopter:
    """Does the steps of one part; raises `Stuck`, `KeyUnavailable` or `OSError`."""

    keys: KeyDesk
    register: AdoptionRegister
    store: LocalStore
    pages: Path
    disk: Disk
    holds: HoldMatcher

    def adopt_key(self, lead: Lead) -> None:
        """K1: the key daemon holds the part's key, whether or not its writer lives."""
        try:
            self.keys.adopt(lead.page, lead.block)
        except KeyRefused as refused:
            raise Stuck(Reason.KEY_REFUSED, str(refused)) from refused

    def archive(self, file: SpoolFile, lead: Lead) -> Outcome:
        """K2–K6, once the writer is gone; its key is adopted."""
        try:
            return self._archive(file, lead)
        except KeyRefused as refused:
            raise Stuck(Reason.KEY_REFUSED, str(refused)) from refused
        except (RecordingDamaged, MapDamaged) as damage:
            raise Stuck(Reason.PART_DAMAGED, f"{type(damage).__name__}: {damage}") from damage
        except ObjectDiffers as differs:
            raise Stuck(Reason.OBJECT_DIFFERS, str(lead.header.part_name)) from differs

    def _archive(self, file: SpoolFile, lead: Lead) -> Outcome:
        with held(file) as free:
            if not free:
                return Outcome.WRITER_LIVES
        data_key = self._open(lead.header)
        if data_key is None:
            return self._clear_away(file, lead)
        try:
            was_sealed = finalise_recovered(Path(file.path), data_key, base=PAGE_BYTES).was_sealed
            with held(file) as free:
                if not free:
                    return Outcome.WRITER_LIVES
                account = self._take_over(file, lead, data_key)
        except (PartInUse, FileNotFoundError):
            # Another keeper was quicker, or the writer has just given it its other name.
            return Outcome.WRITER_LIVES
        finally:
            zero(data_key)
        if account.damages:
            return Outcome.ARCHIVED_WITH_HOLES
        return Outcome.ARCHIVED if was_sealed else Outcome.RECOVERED

    def _open(self, header: HeaderBlock) -> bytearray | None:
        """The part's key; None where the catalog has the part already."""
        try:
            return self.keys.open_unarchived(header.key)
        except KeyRefused as refused:
            if str(refused) == Refusal.ALREADY_ARCHIVED:
                return None
            raise

    def _clear_away(self, file: SpoolFile, lead: Lead) -> Outcome:
        """Cut behind the catalog's commit: once the object proved to be whole, K6 again."""
        with held(file) as free:
            if not free:
                return Outcome.WRITER_LIVES
            self._copy(file, lead.header)
            self._finish(file, lead)
        return Outcome.ARCHIVED

    def _take_over(self, file: SpoolFile, lead: Lead, data_key: bytearray) -> PartAccount:
        """K3–K6, under the part's lock."""
        map_name = _map_name(lead.header)
        with (
            _map_key(data_key, lead) as map_key,
            FileSource(Path(file.path), PAGE_BYTES) as source,
            PartReader(source, data_key) as reader,
        ):
            account, time_map = read_account(reader, leaf_salt_of(map_key))
            end = account.check()
            stored = self._copy(file, lead.header)
            self._put_map(map_name, time_map, map_key, lead.header)
            adoption = account.adoption(end, stored, map_name)
        self.holds.match(adoption)
        self.keys.confirm(adoption.key_id)
        self._commit(adoption)
        self.keys.mark_archived(adoption.key_id)
        self._finish(file, lead)
        return account

    def _copy(self, file: SpoolFile, header: HeaderBlock) -> StoredObject:
        """K3: the object is whole and stays, with the spool file's bytes from 4,096 on."""
        with closing(FileSource(Path(file.path), PAGE_BYTES)) as source:
            return self.store.put(str(header.relative_path()), lambda: chunks_from(source))

    def _put_map(
        self, name: str, time_map: TimeMap, map_key: bytearray, header: HeaderBlock
    ) -> None:
        """A map that is there and opens is never written again; one that does not is replaced."""
        if self.store.exists(name):
            try:
                open_map(self.store.read(name, 0, MAX_FILE_BYTES), map_key, header)
            except MapDamaged:
                self.store.delete(name)
            else:
                self.store.settle(name)
                return
        sealed = seal_map(time_map, map_key, header)
        self.store.put(name, lambda: (sealed,))

    def _commit(self, adoption: Adoption) -> None:
        """K5: rows and journal entry, in one transaction of the register."""
        try:
            self.register.commit(adoption)
        except DBAPIError as failed:
            raise Stuck(Reason.CATALOG_UNAVAILABLE, type(failed.orig).__name__) from failed
        except ArchiveError as refused:
            raise Stuck(Reason.CATALOG_REFUSED, type(refused).__name__) from refused

    def _finish(self, file: SpoolFile, lead: Lead) -> None:
        """K6: the intake page is kept, then the spool file goes."""
        name = lead.header.part_name
        kept = self.pages / f"{name.recording}-p{name.part:02d}.page"
        publish(self.disk, kept, (lead.page,), PAGE_MODE)
        self.disk.unlink(Path(file.path))


def _map_name(header: HeaderBlock) -> str:
    return str(replace(header, magic=MAP_MAGIC).relative_path())


@contextmanager
def _map_key(data_key: bytearray, lead: Lead) -> Iterator[bytearray]:
    key = derive_map_key(data_key, lead.block)
    try:
        yield key
    finally:
        zero(key)
