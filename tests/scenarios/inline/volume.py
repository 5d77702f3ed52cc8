"""A file system of a few megabytes that a test fills, and empties again: a spool that is dead.

Needs root: it is a mount. Knows nothing of what is written there.
"""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.scenarios.waiting import met

_SIZE: Final = 8 << 20
_PAGE: Final = bytes(4096)
# Once there is room again, what was written before is archived within so long.
MENDED_WITHIN_S: Final = 60


def why_not() -> str:
    """Why none can be made here; "" where it can."""
    return "" if os.geteuid() == 0 else "mounting a file system needs root"


@dataclass(frozen=True, slots=True)
class Volume:
    """One that is mounted."""

    folder: Path

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self) -> None:
        """Take every page that is free: from now on nothing can be written here."""
        with self._ballast.open("ab", buffering=0) as file:
            while _has_room(file.fileno()):
                pass

    def empty(self) -> None:
        """Give it back."""
        self._ballast.unlink()

    def settle(self) -> None:
        """Wait until the keeper has taken every part away: each gives room back that was taken."""
        met(lambda: not [*self.folder.rglob("*.rkn*")], "a spool without parts",
            within_s=MENDED_WITHIN_S)  # fmt: skip


def _has_room(descriptor: int) -> bool:
    try:
        return os.write(descriptor, _PAGE) > 0
    except OSError as failed:
        if failed.errno != errno.ENOSPC:
            raise
        return False


@contextmanager
def volume(folder: Path) -> Iterator[Volume]:
    """One at this place while the block lasts."""
    folder.mkdir(parents=True, mode=0o700)
    options = f"size={_SIZE},mode=0700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], check=True)
    try:
        yield Volume(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
