"""Checks of the archive and of every disk that Rokuon writes to: room, files that it takes.

Most are pure functions of `HostFacts`; what has to try a disk stands below them. Knows nothing of
what lies there.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from api.health.judge import DAYS_LEFT, FREE_SHARE, disks, is_filling
from archive.disk.room import DiskState
from archive.disk.trial import HANGS, DiskTrials, may_write
from rokuon.config.schema import Config
from rokuon.doctor.facts import HostFacts, RefusingFolder
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.i18n import tr
from rokuon.messages.system_errors import in_words

_GB: Final = 1_000_000_000
_MB: Final = 1_000_000
_SPOOLS: Final = frozenset({"spool", "spool_second"})
# The kernel's table of mounts (proc(5)).
MOUNTS: Final = Path("/proc/self/mountinfo")
# Kinds that do not show one machine's locks to another; those of clusters do.
_NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "9p", "afs", "fuse.sshfs", "fuse.s3fs", "fuse.rclone"}
)


def archive(facts: HostFacts) -> CheckResult:
    """Whether the archive's disk is mounted."""
    check = Check("ARCH-001", tr("the archive is there"))
    path = str(facts.config.archive.path)
    if not facts.archive_away:
        return check.passed(path, tr("its disk is mounted"))
    return check.error(
        path,
        tr("its disk is mounted"),
        tr("mount it: recordings wait in the spool, and go on by themselves within 30 s"),
    )


def room(facts: HostFacts) -> CheckResult:
    """Whether every disk has room for some time."""
    check = Check("STOR-007", tr("room on the disks"))
    threshold = tr("{days} days at the rate of the last day, and {share} free").format(
        days=DAYS_LEFT, share=f"{FREE_SHARE:.0%}"
    )
    measured = disks(facts.seen)
    if not measured:
        return check.passed(tr("not measured yet"), threshold)
    fix = tr("enlarge the disk, or let retention destroy what may go")
    full = [each for each in measured if _is_full(each, facts.config)]
    if full:
        return check.error("; ".join(map(_told, full)), threshold, fix)
    filling = [each for each in measured if is_filling(each) or not each.size_bytes]
    told = "; ".join(map(_told, filling or measured))
    return check.warning(told, threshold, fix) if filling else check.passed(told, threshold)


def _is_full(disk: DiskState, config: Config) -> bool:
    """Whether a spool has so little room that new calls are refused."""
    is_spool = disk.name in _SPOOLS and disk.size_bytes > 0
    return is_spool and disk.free_bytes < config.spool.min_free_bytes


def _told(disk: DiskState) -> str:
    if not disk.size_bytes:
        return tr("{disk}: its size cannot be read").format(disk=disk.name)
    unit, name = (_GB, "GB") if disk.size_bytes >= _GB else (_MB, "MB")
    size = f"{disk.name}: {disk.free_bytes / unit:.1f} / {disk.size_bytes / unit:.1f} {name}"
    if disk.days_left is None:
        return size
    return tr("{disk}, {days} days").format(disk=size, days=int(disk.days_left))


def verified(facts: HostFacts) -> CheckResult:
    """Whether the last verification of the whole archive found nothing."""
    check = Check("VER-001", tr("last verification of the archive"))
    threshold = tr("nothing found")
    last = facts.seen.upkeep.verified
    if last is None:
        return check.passed(tr("never: run rokuon verify"), threshold)
    if last.findings:
        return check.error(
            str(last.findings), threshold, tr("rokuon verify says what it is; docs/tampering.md")
        )
    return check.passed(tr("nothing found"), threshold)


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


def network_kind(folder: Path, table: str) -> str:
    """The kind of the folder's file system where it is a network's, such as `nfs4`; else "".

    `table` is the text of `mountinfo`. Raises `OSError` where the folder cannot be looked at.
    """
    device = folder.stat().st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in table.splitlines():
        before, _, behind = line.partition(" - ")
        if before.split()[2:3] == [wanted]:
            kind = behind.partition(" ")[0]
            return kind if kind in _NETWORK else ""
    return ""
