"""Check of every disk that Rokuon writes to: whether it takes a file now, and if not, why.

Knows nothing of what lies there.
"""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from rokuon.config.schema import Config
from rokuon.doctor.facts import Facts, RefusingFolder
from rokuon.doctor.finding import Check, Finding
from rokuon.i18n import tr
from rokuon.system_errors import in_words

# A healthy disk takes a small file within a second, also while it is busy.
PATIENCE_S: Final = 4.0
_PROBE: Final = bytes(4096)


def written_folders(config: Config) -> tuple[Path, ...]:
    """The folders that may be on disks of their own."""
    second = () if config.spool.second is None else (config.spool.second,)
    return (
        config.spool.path,
        *second,
        config.capture_path,
        config.archive.path,
        config.catalog_path,
        config.keys.path,
        config.pages.path,
    )


def refusing_folders(folders: Sequence[Path]) -> Iterator[RefusingFolder]:
    """Those that take no file, with the reason; none that this user may not write to.

    Makes a small file in each and removes it, at the same time, and waits `PATIENCE_S` at most.
    """
    reasons: dict[Path, str] = {}

    def probe(folder: Path) -> None:
        try:
            with TemporaryFile(dir=folder) as file:
                file.write(_PROBE)
                file.flush()
                os.fdatasync(file.fileno())
        except OSError as failed:
            reasons[folder] = in_words(OSError(failed.errno, failed.strerror))
        else:
            reasons[folder] = ""

    mine = [each for each in folders if os.access(each, os.X_OK) and not _is_others(each)]
    threads = [threading.Thread(target=probe, args=(each,), daemon=True) for each in mine]
    for thread in threads:
        thread.start()
    until_s = time.monotonic() + PATIENCE_S
    for thread in threads:
        thread.join(max(0.0, until_s - time.monotonic()))
    for folder in mine:
        reason = reasons.get(folder, tr("the disk hangs"))
        if reason:
            yield RefusingFolder(folder, reason)


def _is_others(folder: Path) -> bool:
    """Whether its mode keeps this user out; a disk that is read-only keeps everybody out."""
    is_read_only = bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    return not is_read_only and not os.access(folder, os.W_OK)


def take_files(facts: Facts) -> Finding:
    """Whether every disk takes what is written."""
    check = Check("STOR-006", tr("disks take files"))
    threshold = tr("all of them")
    if not facts.spool.refusing:
        return check.passed(tr("all of them"), threshold)
    return check.error(
        "; ".join(f"{each.folder}: {each.reason}" for each in facts.spool.refusing),
        threshold,
        tr("make room, or mend the disk and mount it again: everything goes on by itself"),
    )
