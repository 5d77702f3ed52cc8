"""Checks of the archive and of the room on every disk that the keeper writes to.

Pure functions of `HostFacts`. Knows nothing of how facts are gathered.
"""

from typing import Final

from api.health.judge import DAYS_LEFT, FREE_SHARE, disks, is_filling
from archive.disk.room import DiskState
from rokuon.doctor.facts import HostFacts
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.i18n import tr

_GB: Final = 1_000_000_000


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
    measured = [each for each in disks(facts.seen) if each.size_bytes]
    if not measured:
        return check.passed(tr("not measured yet"), threshold)
    filling = [each for each in measured if is_filling(each)]
    told = "; ".join(_told(each) for each in filling or measured)
    if filling:
        return check.warning(
            told, threshold, tr("enlarge the disk, or let retention destroy what may go")
        )
    return check.passed(told, threshold)


def _told(disk: DiskState) -> str:
    size = f"{disk.name}: {disk.free_bytes / _GB:.1f} / {disk.size_bytes / _GB:.1f} GB"
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
