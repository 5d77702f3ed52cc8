"""Kept intake pages, removed once a verified keystore set has their keys.

Knows nothing of sets: it asks the key daemon. Some at a time, so that no new call waits.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from archive.disk.files import Disk
from archive.ids import PartName, RecordingId

PAGE_SUFFIX: Final = ".page"
# A message's worth; the removals are a few milliseconds.
PAGES_A_STEP: Final = 256
# A set is made once a day: between two looks at the whole folder nothing is gained.
LOOK_US: Final = 3_600_000_000

BackedUp = Callable[[Sequence[PartName]], tuple[bool, ...]]


def page_name(name: PartName) -> str:
    """The file name of a part's kept page."""
    return f"{name.recording}-p{name.part:02d}{PAGE_SUFFIX}"


def part_of(name: str) -> PartName | None:
    """The part whose page has this name; None for another file."""
    recording, _, part = name.removesuffix(PAGE_SUFFIX).rpartition("-p")
    if not name.endswith(PAGE_SUFFIX) or not part.isdigit():
        return None
    try:
        return PartName(RecordingId.parse(recording), int(part))
    except ValueError:
        return None


@dataclass(slots=True)
class KeptPages:
    """Goes through the folder of pages, from one end to the other, once in an hour."""

    folder: Path
    disk: Disk
    backed_up: BackedUp
    _names: Iterator[str] | None = None
    _looked_us: int | None = None

    def step(self, now_us: int) -> int:
        """Remove some of those that may go; return how many. Raises `KeyUnavailable`, `OSError`."""
        if self._names is None:
            if self._looked_us is not None and 0 <= now_us - self._looked_us < LOOK_US:
                return 0
            self._names, self._looked_us = _names_in(self.folder), now_us
        names = list(islice(self._names, PAGES_A_STEP))
        if not names:
            self._names = None
            return 0
        return self._remove(names)

    def clear(self, now_us: int) -> int:
        """Remove all that may go; return how many."""
        self._names, self._looked_us = None, None
        removed = self.step(now_us)
        while self._names is not None:
            removed += self.step(now_us)
        return removed

    def _remove(self, names: Sequence[str]) -> int:
        parts = {name: part for name in names if (part := part_of(name)) is not None}
        allowed = self.backed_up(list(parts.values())) if parts else ()
        going = [name for name, may_go in zip(parts, allowed, strict=True) if may_go]
        for name in going:
            self.disk.unlink(self.folder / name)
        if going:
            self.disk.sync_folder(self.folder)
        return len(going)


def _names_in(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                yield entry.name
    except FileNotFoundError:
        return
