"""The spool as the keeper sees it: which part files there are, and whether their writers live.

Reads names, first blocks and locks; changes nothing. Knows nothing of keys.
"""

import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from archive.errors import HeaderDamaged
from archive.format.header import BLOCK_BYTES, RECORDING_MAGIC, HeaderBlock
from archive.format.intake import PAGE_BYTES
from archive.keeper.stuck_parts import Stuck, StuckReason

PART_SUFFIX: Final = ".rkn"
_SEALED: Final = ".sealed"
SEALED_SUFFIX: Final = PART_SUFFIX + _SEALED
# tenant / year / month / day
FOLDERS_ABOVE: Final = 4


class SpoolFile(NamedTuple):
    """A part file; `stem` (its name without suffix) begins with the recording's UUIDv7.

    `is_hinted`: the writer says that it has finished. A hint, never relied upon.
    """

    stem: str
    inode: int
    path: str
    is_hinted: bool


class Lead(NamedTuple):
    """The first two blocks of a spool file, 4,096 bytes each, and what the second one says."""

    page: bytes
    block: bytes
    header: HeaderBlock


def list_spool(roots: Iterable[Path]) -> list[SpoolFile]:
    """All part files, oldest recording first."""
    found: list[SpoolFile] = []
    for root in roots:
        for entry in files_below(str(root), FOLDERS_ABOVE):
            found.extend(_part_file(entry))
    found.sort()
    return found


def files_below(folder: str, levels: int) -> Iterator[os.DirEntry[str]]:
    """Regular files in the folders of days, whatever they are called."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if levels and entry.is_dir(follow_symlinks=False):
                    yield from files_below(entry.path, levels - 1)
                elif not levels and entry.is_file(follow_symlinks=False):
                    yield entry
    except FileNotFoundError:
        return


def _part_file(entry: os.DirEntry[str]) -> Iterator[SpoolFile]:
    for suffix in _suffixes_of(entry.name):
        stem = entry.name.removesuffix(suffix)
        yield SpoolFile(stem, entry.inode(), entry.path, suffix == SEALED_SUFFIX)


def _suffixes_of(name: str) -> Iterator[str]:
    for suffix in (PART_SUFFIX, SEALED_SUFFIX):
        if name.endswith(suffix) and not name.startswith("."):
            yield suffix


def find_part(folder: str, name: str) -> SpoolFile | None:
    """The part file of this name in a day's folder, if there is one; links are none."""
    path = f"{folder}/{name}"
    for suffix in _suffixes_of(name):
        try:
            found = os.lstat(path)
        except FileNotFoundError:
            return None
        if stat.S_ISREG(found.st_mode):
            stem = name.removesuffix(suffix)
            return SpoolFile(stem, found.st_ino, path, suffix == SEALED_SUFFIX)
    return None


def read_lead(file: SpoolFile) -> Lead:
    """Read intake page and header block.

    Raises `Stuck` where they are not there, damaged, or of a part that belongs elsewhere.
    """
    descriptor = os.open(file.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        lead = os.pread(descriptor, PAGE_BYTES + BLOCK_BYTES, 0)
    finally:
        os.close(descriptor)
    if len(lead) < PAGE_BYTES + BLOCK_BYTES:
        raise Stuck(StuckReason.LEAD_SHORT, f"{len(lead)} bytes")
    block = lead[PAGE_BYTES:]
    return Lead(lead[:PAGE_BYTES], block, _header_of(file, block))


def _header_of(file: SpoolFile, block: bytes) -> HeaderBlock:
    try:
        header = HeaderBlock.decode(block)
    except HeaderDamaged as damaged:
        raise Stuck(StuckReason.HEADER_DAMAGED, str(damaged)) from damaged
    if header.magic != RECORDING_MAGIC:
        raise Stuck(StuckReason.HEADER_DAMAGED, "not a part")
    if not file.path.removesuffix(_SEALED).endswith(f"/{header.relative_name()}"):
        raise Stuck(StuckReason.NAME_WRONG, str(header.part_name))
    return header


def is_hollow(file: SpoolFile) -> bool:
    """Whether a file is too short for the two blocks that a key is opened with, let alone audio.

    Its writer was killed before or within its first write (docs/format.md section 2).
    """
    return Path(file.path).stat().st_size < PAGE_BYTES + BLOCK_BYTES


def age_us(file: SpoolFile, now_us: int) -> int:
    """µs since the file was last written to."""
    return now_us - Path(file.path).stat().st_mtime_ns // 1000


@contextmanager
def held(file: SpoolFile) -> Iterator[bool]:
    """Hold the part's lock; false where its writer (or another keeper) holds it.

    Also false where the file got another name or was removed since it was listed.
    """
    try:
        descriptor = os.open(file.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        yield False
        return
    try:
        yield _lock(descriptor) and _is_still_there(descriptor, file)
    finally:
        os.close(descriptor)


def is_finished(file: SpoolFile) -> bool:
    """Whether nobody holds the part's lock now."""
    with held(file) as free:
        return free


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still_there(descriptor: int, file: SpoolFile) -> bool:
    """Another keeper may have archived and removed it between our listing and our lock."""
    try:
        named = os.lstat(file.path)
    except FileNotFoundError:
        return False
    return named.st_ino == os.fstat(descriptor).st_ino == file.inode
