"""A trial write: whether any volume of the spool takes anything now, before a call depends on it.

Belongs to the thread that syncs. Knows nothing of parts; who reads the board decides.
"""

import errno
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from archive.format.header import SEGMENT_BYTES

# Each costs an inode and a commit of the file system's log.
TRIAL_PERIOD_S: Final = 1.0
# Of a spool that has refused a write nobody waits for more: it owes since the beginning of time.
FAILED_US: Final = 1
# A name that nobody takes for a part's, where a file system knows no files without one.
TRIAL_NAME: Final = ".trial"
_MODE: Final = 0o600
# What open(2) says of O_TMPFILE where that is not known: of the file system, and of the kernel.
_NAMELESS_UNKNOWN: Final = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL)


def _show_nobody(_since_us: int) -> None:
    return


class SpoolTrial:
    """Tells since when the spool owes an answer (µs, monotonic); 0: it takes what is written.

    `begin` says that the disk is about to be asked, so that a disk that does not answer shows.
    """

    def __init__(self, volumes: Sequence[Path], show: Callable[[int], None] = _show_nobody) -> None:
        self._volumes, self._show = tuple(volumes), show
        self._made_s = 0.0
        self.trouble = ""

    def begin(self) -> None:
        """From now on the disk is waited for."""
        if not self.trouble:
            self._show(_now_us())

    def make(self) -> None:
        """Write to the first volume that takes it, and say whether one did; at most once a period.

        While none does, each time.
        """
        if not self.trouble and time.monotonic() - self._made_s < TRIAL_PERIOD_S:
            self._show(0)
            return
        self.begin()
        self.trouble, self._made_s = self._refused(), time.monotonic()
        self._show(FAILED_US if self.trouble else 0)

    def _refused(self) -> str:
        """Why no volume takes anything; "" where one does."""
        reason = ""
        for volume in self._volumes:
            try:
                _write_in(volume)
            except OSError as failed:
                reason = reason or errno.errorcode.get(failed.errno or 0, "")
            else:
                return ""
        return reason


def _write_in(volume: Path) -> None:
    """A block that reaches the disk and is gone again; raises `OSError`."""
    descriptor = _nameless(volume)
    try:
        if os.pwrite(descriptor, bytes(SEGMENT_BYTES), 0) != SEGMENT_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def _nameless(volume: Path) -> int:
    """A file in this volume that no listing shows, or not for long."""
    flags = os.O_RDWR | os.O_CLOEXEC
    try:
        return os.open(volume, flags | os.O_TMPFILE, _MODE)
    except OSError as failed:
        if failed.errno not in _NAMELESS_UNKNOWN:
            raise
    name = volume / f"{TRIAL_NAME}-{os.getpid()}"
    descriptor = os.open(name, flags | os.O_CREAT, _MODE)
    name.unlink()
    return descriptor


def _now_us() -> int:
    return time.monotonic_ns() // 1000
