"""Archived parts whose keys a restored keystore lacks: into the spool again, by their kept pages.

Knows nothing of keystores: it asks. What is in the spool the keeper takes on as it did the first
time, with its rows and its holds; the object is there, and stays as it is.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Final

from archive.disk.files import OBJECT_MODE, Disk, draft_of, make_folders, settle
from archive.disk.kept_pages import page_name, part_of
from archive.disk.store import LocalStore, chunks_from
from archive.errors import KeyRefused, RecordingDamaged
from archive.format.header import HeaderBlock
from archive.format.segments import FileSource, read_block
from archive.ids import PartName, began_us
from archive.keeper.adopter import AdoptionClient
from archive.keeper.keeper_rounds import Keeper
from archive.keeper.spool import PART_SUFFIX, SEALED_SUFFIX
from archive.keeper.stuck_parts import StuckFile, StuckReason
from archive.keys.store.keystore import KeyState

# Parts that lie in the spool a second time at once: a day of a large site would fill it.
PARTS_AT_ONCE: Final = 32
# A part lies under the day of its own beginning; no call is up for longer.
DAYS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBackParts:
    """Parts that lie in the spool again, and pages that were refused."""

    parts: tuple[PartName, ...]
    problems: tuple[StuckFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readoption:
    """Who is asked, and the folders: archive, kept pages, spool."""

    keys: AdoptionClient
    store: LocalStore
    pages: Path
    spool: Path
    disk: Disk

    def readopt(self, keeper: Keeper, now_us: Callable[[], int]) -> PutBackParts:
        """Have each archived part adopted anew whose key the keystore lacks and page is kept.

        Raises `KeyUnavailable`, `OSError`.
        """
        parts: list[PartName] = []
        problems: list[StuckFile] = []
        for step in self.steps():
            parts += step.parts
            problems += step.problems
            if step.parts:
                keeper.round(now_us(), probes_all=True)
        return PutBackParts(parts=tuple(parts), problems=tuple(problems))

    def steps(self) -> Iterator[PutBackParts]:
        """Put back some at a time; who asks for more has had these archived.

        Raises `KeyUnavailable`, `OSError`.
        """
        parts: list[PartName] = []
        problems: list[StuckFile] = []
        for name in self._kept():
            try:
                if self._put_back(name):
                    parts.append(name)
            except KeyRefused as refused:
                path = self.pages / page_name(name)
                problems.append(
                    StuckFile(path=path, reason=StuckReason.KEY_REFUSED, detail=str(refused))
                )
            if len(parts) == PARTS_AT_ONCE:
                yield PutBackParts(parts=tuple(parts), problems=tuple(problems))
                parts, problems = [], []
        yield PutBackParts(parts=tuple(parts), problems=tuple(problems))

    def _kept(self) -> list[PartName]:
        found = (part_of(path.name) for path in self.pages.glob("*"))
        return sorted(name for name in found if name is not None)

    def _put_back(self, name: PartName) -> bool:
        """False where the keystore has its key, or there is no whole object to go with the page."""
        page, lies_at = self.pages / page_name(name), self._object_of(name)
        if lies_at is None or not page.exists():
            return False  # Its part is in the spool yet, or was destroyed.
        with closing(self.store.source(lies_at)) as source:
            try:
                block = read_block(source)
                header = HeaderBlock.decode(block)
            except RecordingDamaged:
                return False  # `verify` names it.
            sealed = page.read_bytes()
            # One that was archived under this keystore is no longer live.
            if self.keys.adopt(sealed, block).state is not KeyState.LIVE:
                return False
            self._write(header, sealed, source)
        return True

    def _write(self, header: HeaderBlock, page: bytes, source: FileSource) -> None:
        path = self.spool / header.relative_name().replace(PART_SUFFIX, SEALED_SUFFIX)
        make_folders(self.disk, self.spool, path.parent)
        self.disk.write(draft_of(path), chain((page,), chunks_from(source)), OBJECT_MODE)
        settle(self.disk, [path])

    def _object_of(self, name: PartName) -> str | None:
        began = datetime.fromtimestamp(began_us(name.recording) / 1_000_000, UTC)
        for tenant in sorted(path.name for path in self.store.root.glob("[0-9a-f]*")):
            for day in (began + timedelta(days=later) for later in range(DAYS)):
                lies_at = f"{tenant}/{day:%Y/%m/%d}/{name}{PART_SUFFIX}"
                if self.store.exists(lies_at):
                    return lies_at
        return None
