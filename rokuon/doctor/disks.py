"""Check of every disk that Rokuon writes to: whether it takes a file now, and if not, why.

Knows nothing of what lies there.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.disk.trial import HANGS, DiskTrials, may_write
from rokuon.config.schema import Config
from rokuon.doctor.facts import HostFacts, RefusingFolder
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.i18n import tr
from rokuon.messages.system_errors import in_words


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


def refusing_folders(folders: Sequence[Path], trials: DiskTrials) -> Iterator[RefusingFolder]:
    """Those that take no file, with the reason; none that this user may not write to.

    Makes a small file in each and removes it.
    """
    refusing = trials.refusals([each for each in folders if each.is_dir() and may_write(each)])
    for folder, reason in refusing.items():
        yield RefusingFolder(folder, _words(reason))


def _words(reason: str) -> str:
    if reason == HANGS:
        return tr("the disk hangs")
    number = getattr(errno, reason)
    return in_words(OSError(number, os.strerror(number)))


def take_files(facts: HostFacts) -> CheckResult:
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
