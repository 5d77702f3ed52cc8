"""Parts on their way from the spool into the archive together: K2 to K6, step by step.

What a step made is on disk for all of them before the next step begins, so that no crash can
break the order. Knows nothing of when it is done.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final, Self

from archive.call.adoption import Adoption
from archive.catalog.database.database_errors import OF_ONE_CALL, is_away, words
from archive.disk.files import draft_of, settle
from archive.disk.kept_pages import page_name
from archive.disk.store import Draft, ObjectDiffers, chunks_from
from archive.errors import KeyRefused, KeyUnavailable, MapDamaged, PartOutOfPlace, RecordingDamaged
from archive.format.floe import zero
from archive.format.header import MAP_MAGIC, HeaderBlock
from archive.format.intake import PAGE_BYTES
from archive.format.part_reader import PartReader
from archive.format.part_writer import PartInUse, finalise_recovered
from archive.format.segments import FileSource
from archive.ids import PartName
from archive.keeper.account import read_account
from archive.keeper.adopter import Adopter
from archive.keeper.spool import Lead, SpoolFile, held
from archive.keeper.stuck_parts import Stuck, StuckReason
from archive.keys.errors import Refusal
from archive.reading.mapfile import MAX_FILE_BYTES, derive_map_key, leaf_salt_of, open_map, seal_map
from archive.reading.timemap import TimeMap

# A kept page holds a sealed key: nobody but the keeper reads it.
PAGE_MODE: Final = 0o600
# Syncs, transactions and answers of a batch are shared; each of its parts waits for its last one,
MAX_PARTS: Final = 32
# and what is written but not yet synced must not choke the disk that calls are written to.
MAX_BATCH_BYTES: Final = 64 << 20


class AdoptionOutcome(StrEnum):
    """How a part came into the archive."""

    ARCHIVED = "archived"
    RECOVERED = "recovered"
    ARCHIVED_WITH_HOLES = "archived_with_holes"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """A part under its lock, its object and its map written."""

    file: SpoolFile
    lead: Lead
    drafts: tuple[Draft, ...]
    outcome: AdoptionOutcome


class Batch:
    """Some parts whose writers are gone and whose keys are adopted; a context manager.

    Leaving it lets go of their locks. What was not finished is done again by another batch.
    """

    def __init__(self, adopter: Adopter) -> None:
        self._adopter = adopter
        self._locks = ExitStack()
        self._taken: dict[PartName, _Taken] = {}
        self._adoptions: dict[PartName, Adoption] = {}
        self._bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether it should be finished before another part is taken."""
        return len(self._taken) >= MAX_PARTS or self._bytes >= MAX_BATCH_BYTES

    @property
    def files(self) -> tuple[SpoolFile, ...]:
        """The parts taken."""
        return tuple(taken.file for taken in self._taken.values())

    def take(self, file: SpoolFile, lead: Lead) -> bool:
        """K2 and the writing of K3; false where somebody else has the part.

        Raises `Stuck`, `KeyUnavailable` or `OSError`; then the batch is as it was before.
        """
        try:
            return self._take(file, lead)
        except KeyRefused as refused:
            raise Stuck(StuckReason.KEY_REFUSED, str(refused)) from refused
        except (RecordingDamaged, MapDamaged) as damage:
            raise Stuck(StuckReason.PART_DAMAGED, str(damage)) from damage
        except ObjectDiffers as differs:
            raise Stuck(StuckReason.OBJECT_DIFFERS, str(lead.header.part_name)) from differs
        except PartInUse:
            return False  # Another keeper was quicker.

    def _take(self, file: SpoolFile, lead: Lead) -> bool:
        name = lead.header.part_name
        if name in self._taken:
            return False  # A second file of the same part must prove that it is the same.
        with held(file) as free:
            if not free:
                return False
        with self._data_key(lead.header) as data_key:
            was_sealed = True
            if data_key:
                sign = partial(self._adopter.keys.sign_end, lead.header.key)
                was_sealed = finalise_recovered(file.path, data_key, base=PAGE_BYTES, sign=sign)
            with ExitStack() as lock:
                if not lock.enter_context(held(file)):
                    return False
                if data_key:
                    taken = self._draft(file, lead, data_key, was_sealed=was_sealed)
                else:
                    taken = self._compare(file, lead)
                self._locks.push(lock.pop_all())
        self._taken[name] = taken
        self._bytes += sum(draft.stored.size_bytes for draft in taken.drafts)
        return True

    @contextmanager
    def _data_key(self, header: HeaderBlock) -> Iterator[bytearray]:
        """The part's key; empty where the catalog has the part already."""
        try:
            key = self._adopter.keys.open_unarchived(header.key)
        except KeyRefused as refused:
            if str(refused) != Refusal.ALREADY_ARCHIVED:
                raise
            key = bytearray()
        try:
            yield key
        finally:
            zero(key)

    def _compare(self, file: SpoolFile, lead: Lead) -> _Taken:
        """Cut behind the catalog's commit: the object must prove to be whole, then K6 again."""
        copy = self._copy(file, lead.header)
        return _Taken(file=file, lead=lead, drafts=(copy,), outcome=AdoptionOutcome.ARCHIVED)

    def _draft(
        self, file: SpoolFile, lead: Lead, data_key: bytearray, *, was_sealed: bool
    ) -> _Taken:
        """The writing of K3, under the part's lock."""
        header = lead.header
        with (
            _map_key(data_key, lead) as map_key,
            FileSource(file.path, PAGE_BYTES) as source,
            PartReader(source, data_key) as reader,
        ):
            account, time_map = read_account(reader, leaf_salt_of(map_key))
            end = account.check()
            copy = self._copy(file, header)
            made = self._map(time_map, map_key, header)
            self._adoptions[header.part_name] = account.adoption(end, copy.stored, made.stored.name)
        outcome = AdoptionOutcome.ARCHIVED if was_sealed else AdoptionOutcome.RECOVERED
        if account.damages:
            outcome = AdoptionOutcome.ARCHIVED_WITH_HOLES
        return _Taken(file=file, lead=lead, drafts=(copy, made), outcome=outcome)

    def _copy(self, file: SpoolFile, header: HeaderBlock) -> Draft:
        """The object: the spool file's bytes from 4,096 on."""
        with closing(FileSource(file.path, PAGE_BYTES)) as source:
            return self._adopter.store.draft(header.relative_name(), lambda: chunks_from(source))

    def _map(self, time_map: TimeMap, map_key: bytearray, header: HeaderBlock) -> Draft:
        """A map that is there and opens is never written again; one that does not is replaced."""
        store, name = self._adopter.store, replace(header, magic=MAP_MAGIC).relative_name()
        if store.exists(name):
            try:
                open_map(store.read(name, 0, MAX_FILE_BYTES), map_key, header)
            except MapDamaged:
                store.delete(name)
            else:
                return store.keep(name)
        sealed = seal_map(time_map, map_key, header)
        return store.draft(name, lambda: (sealed,))

    def finish(self) -> dict[PartName, AdoptionOutcome | Stuck]:
        """K3's syncs and names, K4, K5, K6 for all parts taken; what came of each.

        Raises `KeyUnavailable`, `ArchiveAway` or `OSError`: then none is through, and all may be
        taken again.
        """
        taken = self._taken
        self._adopter.store.settle([draft for part in taken.values() for draft in part.drafts])
        # Unmounted meanwhile, what was written lies where nobody looks once it is mounted again.
        self._adopter.place.require_mark()
        stuck = self._confirm()
        stuck |= self._commit([a for name, a in self._adoptions.items() if name not in stuck])
        for name, adoption in self._adoptions.items():
            if name not in stuck:
                self._adopter.keys.mark_archived(adoption.key_id)
        self._clear([part for name, part in taken.items() if name not in stuck])
        return {name: stuck.get(name, part.outcome) for name, part in taken.items()}

    def _confirm(self) -> dict[PartName, Stuck]:
        """K4: the keys are those of whole objects."""
        stuck: dict[PartName, Stuck] = {}
        for name, adoption in self._adoptions.items():
            try:
                self._adopter.keys.confirm(adoption.key_id)
            except KeyRefused as refused:
                stuck[name] = Stuck(StuckReason.KEY_REFUSED, str(refused))
        return stuck

    def _commit(self, adoptions: Sequence[Adoption]) -> dict[PartName, Stuck]:
        """K5: rows, holds and journal in one transaction, or each part alone where one is refused.

        Raises `KeyUnavailable` where a hold covers a part and its key cannot be held.
        """
        try:
            self._adopter.register.commit(adoptions)
        except KeyUnavailable:
            raise
        except OF_ONE_CALL as failed:
            if is_away(failed):
                away = Stuck(StuckReason.CATALOG_UNAVAILABLE, words(failed))
                return {each.part_name: away for each in adoptions}
            if len(adoptions) == 1:
                return {adoptions[0].part_name: self._refused(adoptions[0], failed)}
            return {name: s for a in adoptions for name, s in self._commit([a]).items()}
        return {}

    def _refused(self, adoption: Adoption, refused: Exception) -> Stuck:
        """Of what can never be a row, nothing stays in the archive."""
        if not isinstance(refused, PartOutOfPlace):
            return Stuck(StuckReason.CATALOG_REFUSED, words(refused))
        for name in (adoption.map_path, adoption.path):
            self._adopter.store.delete(name)
        return Stuck(StuckReason.OUT_OF_PLACE, str(refused))

    def _clear(self, parts: Sequence[_Taken]) -> None:
        """K6: the intake pages are kept, then the spool files go."""
        disk = self._adopter.disk
        kept = [self._adopter.pages / page_name(part.lead.header.part_name) for part in parts]
        for path, part in zip(kept, parts, strict=True):
            disk.write(draft_of(path), (part.lead.page,), PAGE_MODE)
        settle(disk, kept)
        for part in parts:
            disk.unlink(Path(part.file.path))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._locks.close()


@contextmanager
def _map_key(data_key: bytearray, lead: Lead) -> Iterator[bytearray]:
    key = derive_map_key(data_key, lead.block)
    try:
        yield key
    finally:
        zero(key)
