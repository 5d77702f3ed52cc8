"""Small files made and removed: whether disks take what is written now, and if not, why.

Knows nothing of what lies there. A disk that hangs keeps nobody waiting, and is asked by one thread
at a time.
"""

import os
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from errno import errorcode
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

# A healthy disk takes a small file within a second, also while it is busy.
PATIENCE_S: Final = 4.0
# Beside the system's own words (`errno`): no answer in time.
HANGS: Final = "hangs"
_PROBE: Final = bytes(4096)


@dataclass(slots=True)
class DiskTrials:
    """Remembers which disks owe an answer, so that they are not asked again meanwhile."""

    patience_s: float = PATIENCE_S
    _under_way: dict[Path, threading.Thread] = field(default_factory=dict)
    _reasons: dict[Path, str] = field(default_factory=dict)

    def refusals(self, folders: Iterable[Path]) -> Mapping[Path, str]:
        """The folders that take no file, each with the system's word (`ENOSPC`) or `HANGS`.

        All are tried at the same time, and waited for `patience_s` at most.
        """
        asked = list(folders)
        for folder in asked:
            self._begin(folder)
        until_s = time.monotonic() + self.patience_s
        for folder in asked:
            self._under_way[folder].join(max(0.0, until_s - time.monotonic()))
        found = {each: self._answer(each) for each in asked}
        return {folder: reason for folder, reason in found.items() if reason}

    def _begin(self, folder: Path) -> None:
        former = self._under_way.get(folder)
        if former is not None and former.is_alive():
            return
        thread = threading.Thread(target=self._try, args=(folder,), daemon=True)
        self._under_way[folder] = thread
        thread.start()

    def _answer(self, folder: Path) -> str:
        return HANGS if self._under_way[folder].is_alive() else self._reasons[folder]

    def _try(self, folder: Path) -> None:
        try:
            with TemporaryFile(dir=folder) as file:
                file.write(_PROBE)
                file.flush()
                os.fdatasync(file.fileno())
        except OSError as failed:
            self._reasons[folder] = errorcode.get(failed.errno or 0, "EIO")
        else:
            self._reasons[folder] = ""


def may_write(folder: Path) -> bool:
    """Whether a folder's mode lets this user in.

    A disk that is read-only, or fails, keeps everybody out: that is its fault, not the user's.
    """
    if not os.access(folder, os.X_OK):
        return False
    try:
        is_read_only = bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return True
    return is_read_only or os.access(folder, os.W_OK)
