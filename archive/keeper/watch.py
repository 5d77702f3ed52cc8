"""What changed in the spool since it was last asked: parts that appeared, were renamed, closed.

Reads names, never content or locks. Knows nothing of what the keeper does about it.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from errno import ENOSPC, errorcode
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import structlog

from archive.keeper.inotify import (
    IN_CLOSE_WRITE,
    IN_CREATE,
    IN_IGNORED,
    IN_ISDIR,
    IN_MOVED_TO,
    IN_Q_OVERFLOW,
    IN_UNMOUNT,
    Inotify,
    InotifyEvent,
)
from archive.keeper.spool import FOLDERS_ABOVE, SpoolFile, find_part

_NEW: Final = IN_CREATE | IN_MOVED_TO
# Of parts. Writing tells nothing: a live part is written to twice a second. In the folders above
# them nobody closes anything but files without a name, by which a worker tries the disk.
_OF_PARTS: Final = _NEW | IN_CLOSE_WRITE

log = structlog.get_logger()


class Changes(NamedTuple):
    """Parts that are new or have another name, parts that a writer has let go of.

    `is_in_doubt`: something may have been missed, so that only a look at everything helps.
    """

    appeared: tuple[SpoolFile, ...]
    closed: tuple[SpoolFile, ...]
    is_in_doubt: bool


class Watch(Protocol):
    """Who tells what changed; `descriptor` can be read once something did, −1: there is none."""

    @property
    def descriptor(self) -> int:
        """What to wait for."""

    def changes(self) -> Changes:
        """Everything since the last call."""


class NoWatch:
    """Nobody tells: everything is always in doubt."""

    descriptor: Final = -1

    def changes(self) -> Changes:
        """Nothing but doubt."""
        return Changes((), (), is_in_doubt=True)


class SpoolWatch:
    """The kernel's notices of all folders that parts lie in, new ones included.

    In doubt at first, when the kernel's queue ran over, and for as long as a folder cannot be
    watched (it is not there, or there are more than the kernel watches for one user).
    """

    def __init__(self, inotify: Inotify, spools: Sequence[Path]) -> None:
        self._inotify = inotify
        self._missing = {str(spool) for spool in spools}
        self._folders: dict[int, tuple[str, int]] = {}
        self._too_many = False
        self._missed = True

    @property
    def descriptor(self) -> int:
        """The kernel's queue."""
        return self._inotify.descriptor

    def changes(self) -> Changes:
        """Everything since the last call; costs one system call where nothing happened."""
        appeared: dict[str, SpoolFile] = {}
        closed: dict[str, SpoolFile] = {}
        for notice in self._inotify.read():
            self._take(notice, appeared, closed)
        for root in sorted(self._missing):
            self._begin(root, FOLDERS_ABOVE, appeared)
        in_doubt = self._missed or self._too_many or bool(self._missing)
        self._missed = False
        return Changes(tuple(appeared.values()), tuple(closed.values()), in_doubt)

    def _take(
        self, notice: InotifyEvent, appeared: dict[str, SpoolFile], closed: dict[str, SpoolFile]
    ) -> None:
        if notice.mask & IN_Q_OVERFLOW:
            self._missed = True
        if notice.watch not in self._folders:
            return
        folder, levels = self._folders[notice.watch]
        if notice.mask & (IN_IGNORED | IN_UNMOUNT):
            del self._folders[notice.watch]
            if levels == FOLDERS_ABOVE:
                self._missing.add(folder)
        elif notice.mask & IN_ISDIR:
            if levels:
                self._begin(f"{folder}/{notice.name}", levels - 1, appeared)
        elif not levels and (part := find_part(folder, notice.name)) is not None:
            (closed if notice.mask & IN_CLOSE_WRITE else appeared)[part.path] = part

    def _begin(self, folder: str, levels: int, appeared: dict[str, SpoolFile]) -> None:
        """Watch a folder, then look at what is in it already; and so on below it."""
        try:
            wanted = _NEW if levels else _OF_PARTS
            self._folders[self._inotify.watch(folder, wanted)] = folder, levels
            self._missing.discard(folder)
            for name in _names_in(folder, folders=levels > 0):
                if levels:
                    self._begin(f"{folder}/{name}", levels - 1, appeared)
                elif (part := find_part(folder, name)) is not None:
                    appeared[part.path] = part
        except OSError as failed:
            # A folder that is gone again has nothing to tell; its mother was told when it came.
            if failed.errno == ENOSPC and not self._too_many:
                self._too_many = True
                log.warning("keeper.spool_not_watched", reason="ENOSPC")


def _names_in(folder: str, *, folders: bool) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) == folders:
                yield entry.name


@contextmanager
def watching(spools: Sequence[Path]) -> Iterator[Watch]:
    """A watch over these spools, or nobody where the kernel gives none (too many for one user)."""
    try:
        inotify = Inotify()
    except OSError as failed:
        log.warning("keeper.spool_not_watched", reason=errorcode.get(failed.errno or 0, ""))
        yield NoWatch()
        return
    with inotify:
        yield SpoolWatch(inotify, spools)
