"""Parts that the archive refuses for good: kept in the spool under another name, and named.

A person decides what becomes of them. Knows nothing of why a part is refused.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from archive.disk.files import Disk
from archive.keeper.spool import FOLDERS_ABOVE, SpoolFile, files_below
from archive.keeper.stuck_parts import StuckFile, StuckReason

REFUSED_SUFFIX: Final = ".refused"


def set_aside(disk: Disk, file: SpoolFile) -> Path:
    """Give the file a name that no keeper takes for a part's; where it lies now."""
    path = Path(file.path)
    aside = path.with_name(path.name + REFUSED_SUFFIX)
    disk.rename(path, aside)
    disk.sync_folder(path.parent)
    return aside


def refused_parts(roots: Iterable[Path]) -> tuple[StuckFile, ...]:
    return tuple(
        StuckFile(path=Path(entry.path), reason=StuckReason.OUT_OF_PLACE)
        for root in roots
        for entry in files_below(str(root), FOLDERS_ABOVE)
        if entry.name.endswith(REFUSED_SUFFIX)
    )
