"""Whether a folder is the archive, or only the mount point of its disk.

A small file marks an archive; without it the files that the catalog knows have to be there. Knows
nothing of what an archive is read or written for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.disk.files import OBJECT_MODE, Disk, publish
from archive.errors import ArchiveError

MARK_NAME: Final = ".rokuon-archive"
_MARK: Final = (
    b"This folder is an archive of Rokuon. Where this file is missing and the recordings are, too,"
    b" Rokuon waits for the disk to be mounted.\n"
)


class ArchiveAway(ArchiveError):
    """The folder has neither the mark of an archive nor any of the files that it should have."""

    def __init__(self, root: Path, looked_for: int) -> None:
        super().__init__(str(root))
        self.root, self.looked_for = root, looked_for


@dataclass(frozen=True, slots=True)
class ArchivePlace:
    """The archive's folder; `expected` gives names of some files that it should have, if any."""

    root: Path
    expected: Callable[[], Sequence[str]]

    def is_marked(self) -> bool:
        """Whether the mark is there; raises `OSError`."""
        return (self.root / MARK_NAME).exists()

    def require(self) -> None:
        """Raise `ArchiveAway` unless the folder has its mark, or a file that it should have.

        One of which nothing is known may be a new archive. Raises `OSError` too.
        """
        if self.is_marked():
            return
        names = self.expected()
        if names and not any((self.root / name).exists() for name in names):
            raise ArchiveAway(self.root, len(names))

    def require_mark(self) -> None:
        """Raise `ArchiveAway` where the mark is not there (any more), or `OSError`."""
        if not self.is_marked():
            raise ArchiveAway(self.root, 1)

    def mark(self, disk: Disk) -> None:
        """Mark the folder, which is there, as the archive; raises as `require` does."""
        self.require()
        if not self.is_marked():
            self.begin(disk)

    def begin(self, disk: Disk) -> None:
        """Mark the folder whatever is in it: the archive that was here is lost."""
        publish(disk, self.root / MARK_NAME, [_MARK], OBJECT_MODE)
