"""Removes every file of recordings whose keys are gone, and sees that they are gone.

Knows nothing of why, nor of the catalog. May be repeated from any point.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.disk.archive_place import ArchivePlace
from archive.disk.files import Disk, draft_of
from archive.disk.kept_pages import page_name
from archive.disk.store import LocalStore
from archive.errors import ArchiveError
from archive.ids import PartName
from archive.lifecycle.intention import Intention


class StillThere(ArchiveError):
    """A file was removed, and is there all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRemover:
    """The archive's store and the folder of kept intake pages."""

    store: LocalStore
    place: ArchivePlace
    pages: Path
    disk: Disk

    def require_archive(self) -> None:
        """Raise `ArchiveAway` where the archive's disk is not mounted, or `OSError`.

        No file is there then, and all come back with the disk.
        """
        self.place.require()

    def remove(self, intended: Iterable[Intention]) -> None:
        """Remove objects, maps, kept pages and drafts of them, for good when this returns.

        Raises `OSError`, `StillThere`, and what `require_archive` raises.
        """
        self.require_archive()
        paths = sorted({path for each in intended for path in self._paths(each)})
        for path in paths:
            self.disk.unlink(path)
        for folder in sorted({path.parent for path in paths}):
            if folder.is_dir():
                self.disk.sync_folder(folder)
        _see_gone(paths)

    def _paths(self, intended: Intention) -> Iterator[Path]:
        for each in intended.parts:
            page = self.pages / page_name(PartName(intended.id, each.part))
            for path in (page, self.store.path(each.path), self.store.path(each.map_path)):
                yield path
                yield draft_of(path)


def _see_gone(paths: Sequence[Path]) -> None:
    left = [path.name for path in paths if os.path.lexists(path)]
    if left:
        raise StillThere(f"{len(left)} files are still there, the first is {left[0]}")
