"""The columns of a tenant on this machine: opened, brought forward change by change, made anew.

Knows nothing of where rows and changes come from. One owner writes; who scores takes `files` once.
"""

import mmap
import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from archive.disk.files import Disk, make_folders, publish
from archive.locate.columns.errors import (
    ColumnsForeign,
    ColumnsMissing,
    ColumnsRefused,
    ColumnsStale,
    ColumnsTorn,
)
from archive.locate.columns.layout import Identity
from archive.locate.columns.manifest import MANIFEST, Entry, Kind, Manifest, Place
from archive.locate.columns.month_file import MonthFile, erase, wipe, write_month
from archive.locate.columns.rows import decode_rows, encode_rows
from archive.locate.columns.source import Source

# A tail is written anew with each batch of changes; one of this size in 10 ms.
TAIL_ROWS: Final = 1 << 15
# Or this share of its base, so that a month is written a few dozen times and not thousands.
TAIL_SHARE: Final = 16


@dataclass(frozen=True, slots=True)
class Changes:
    """Events up to a change: recordings whose rows are no more, and rows that are now."""

    place: Place
    recordings: NDArray[np.int64]  # all that changed, also the new ones and the destroyed
    rows: Source

    def __post_init__(self) -> None:
        assert np.isin(self.rows.rows["recording"], self.recordings).all()

    @property
    def sequence(self) -> int:
        return self.place.sequence


@dataclass(frozen=True, slots=True)
class Retired:
    """A file that was replaced and is perhaps still being scored."""

    path: Path
    mapped: "weakref.ref[mmap.mmap]"


class ColumnStore:
    """Columns in a folder of its own; `open` or `create` it."""

    def __init__(self, folder: Path, manifest: Manifest, disk: Disk) -> None:
        self.folder: Final = folder
        self.manifest = manifest
        self.files: tuple[MonthFile, ...] = ()  # newest month first, a tail before its base
        self.refused: Mapping[int, ColumnsRefused] = {}  # months that are to be made anew
        self._disk = disk
        self._retired: list[Retired] = []

    @classmethod
    def create(
        cls, folder: Path, identity: Identity, place: Place, months: Iterable[int], disk: Disk
    ) -> Self:
        """Columns in the place of whatever lies there, all of whose months are to be made."""
        make_folders(disk, folder.parent, folder)
        due = tuple(Entry(month, "due", 0, place.sequence) for month in months)
        store = cls(folder, Manifest(identity, place, 1, due), disk)
        disk.unlink(folder / MANIFEST)
        disk.sync_folder(folder)
        store._wipe_strangers()
        store._commit(store.manifest)
        return store

    @classmethod
    def open(
        cls, folder: Path, identity: Identity, leads_on: Callable[[Place], bool], disk: Disk
    ) -> Self:
        """Open it where the changes that the catalog still has lead on from it.

        Raises `ColumnsRefused` where all must be made anew; a month alone is in `refused`.
        """
        try:
            manifest = Manifest.decode((folder / MANIFEST).read_bytes())
        except FileNotFoundError:
            raise ColumnsTorn(MANIFEST) from None
        if manifest.identity != identity:
            raise ColumnsForeign(MANIFEST)
        if not leads_on(manifest.place):
            raise ColumnsStale(f"change {manifest.sequence}")
        store = cls(folder, manifest, disk)
        store._wipe_strangers()
        store._load()
        return store

    def apply(self, changes: Changes) -> None:
        """Bring all months forward by what happened.

        Rows of before are overwritten, in what is still mapped too, before anything says so. Cut
        off anywhere, it is applied again.
        """
        manifest = replace(self._erased(changes), place=changes.place)
        for month, rows in changes.rows.by_month():
            if month not in self.refused:
                manifest = self._forward(manifest, month, rows)
        self._commit(manifest)

    def replace_month(self, month: int, rows: Source, sequence: int) -> None:
        """All rows of a month, as they were at a change that is not before `manifest.sequence`."""
        assert sequence >= self.manifest.sequence
        others = tuple(each for each in self.manifest.entries if each.month != month)
        manifest = replace(self.manifest, entries=others)
        self._commit(self._written(manifest, (month, "base", sequence), rows))

    def tidy(self) -> None:
        """Wipe what was replaced and is no longer scored by anybody."""
        for each in self._retired:
            if each.mapped() is None:
                wipe(self._disk, each.path)
        self._retired = [each for each in self._retired if each.path.exists()]

    def _erased(self, changes: Changes) -> Manifest:
        """Overwritten everywhere; the files in force are of this change now."""
        for each in self._retired:
            erase(self._disk, each.path, changes.recordings, changes.sequence)
        touched = {
            file.path.name
            for file in self.files
            if file.has_any(changes.recordings)
            and erase(self._disk, file.path, changes.recordings, changes.sequence)
        }
        self.files = tuple(
            file.renewed() if file.path.name in touched else file for file in self.files
        )
        entries = tuple(
            replace(each, sequence=changes.sequence) if each.name in touched else each
            for each in self.manifest.entries
        )
        return replace(self.manifest, entries=entries)

    def _forward(self, manifest: Manifest, month: int, rows: Source) -> Manifest:
        """A new tail with these rows; the month anew where that has become long."""
        kept = {file.path.name: file for file in self.files}
        own = {each.kind: kept[each.name] for each in manifest.entries if each.month == month}
        tail, base = own.get("tail"), own.get("base")
        joined = _joined(tail, rows)
        kind: Kind = "tail"
        size = 0 if base is None else base.header.counts[0]
        if len(joined.rows) > max(TAIL_ROWS, size // TAIL_SHARE):
            kind, joined = "base", _joined(base, joined)
        left = tuple(
            each
            for each in manifest.entries
            if each.month != month or (kind, each.kind) == ("tail", "base")
        )
        manifest = replace(manifest, entries=left)
        return self._written(manifest, (month, kind, manifest.sequence), joined)

    def _written(self, manifest: Manifest, about: tuple[int, Kind, int], rows: Source) -> Manifest:
        month, kind, sequence = about
        entry = Entry(month, kind, manifest.next_number, sequence)
        whose = (manifest.identity, month, sequence)
        write_month(self._disk, self.folder / entry.name, encode_rows(rows, month), whose)
        entries = (*manifest.entries, entry)
        return replace(manifest, next_number=entry.number + 1, entries=entries)

    def _commit(self, manifest: Manifest) -> None:
        publish(self._disk, self.folder / MANIFEST, [manifest.encode()])
        self.manifest = manifest
        self._load()

    def _load(self) -> None:
        """Map what is in force and was not; what is no more is retired."""
        before = {file.path.name: file for file in self.files}
        found: list[MonthFile] = []
        refused: dict[int, ColumnsRefused] = {}
        for entry in sorted(self.manifest.entries, key=_newest_first):
            try:
                file = before.pop(entry.name, None)
                found.append(self._opened(entry) if file is None else file)
            except ColumnsRefused as why:
                refused[entry.month] = why
        self._retired += [Retired(each.path, each.mapped) for each in before.values()]
        self.files = tuple(file for file in found if file.header.month not in refused)
        self.refused = refused
        for entry in self.manifest.entries:
            if entry.month in refused and entry.kind != "due":
                wipe(self._disk, self.folder / entry.name)

    def _opened(self, entry: Entry) -> MonthFile:
        if entry.kind == "due":
            raise ColumnsMissing(str(entry.month))
        path = self.folder / entry.name
        file = MonthFile.open(path, self.manifest.identity, entry.month)
        if file.header.sequence < entry.sequence:
            raise ColumnsStale(entry.name)
        return file

    def _wipe_strangers(self) -> None:
        """Remains of a cut: drafts, files that never came into force or are no longer."""
        own = {MANIFEST, *(each.name for each in self.manifest.entries)}
        for path in _strangers(self.folder.iterdir(), own):
            wipe(self._disk, path)


_NEW_TO_OLD: Final[tuple[Kind, ...]] = ("due", "tail", "base")


def _newest_first(entry: Entry) -> tuple[int, int]:
    return -entry.month, _NEW_TO_OLD.index(entry.kind)


def _strangers(paths: Iterable[Path], own: set[str]) -> list[Path]:
    return sorted(path for path in paths if path.name not in own)


def _joined(file: MonthFile | None, rows: Source) -> Source:
    kept = [] if file is None else [decode_rows(file.rows, file.header.month)]
    return Source.joined([*kept, rows])
