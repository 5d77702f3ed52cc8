"""Which alarms there are, and which of them what is seen raises (`docs/health.md`).

Pure. Knows nothing of who is told.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from api.health.seen import KEYSTORE, CertificateSeen, Seen
from archive.disk.room import DiskState
from archive.keys.gate.rollback import Shut

_SECOND_US: Final = 1_000_000
HOUR_US: Final = 3_600 * _SECOND_US
DAY_US: Final = 24 * HOUR_US
# It tells every ten seconds; what hangs for less is not worth waking somebody.
KEEPER_SILENT_US: Final = 60 * _SECOND_US
# Calls are archived 5 s after they end; at full load, and after a restart, it takes longer.
BACKLOG_US: Final = 600 * _SECOND_US
# Time to buy a disk.
DAYS_LEFT: Final = 14
# Where no rate is known, and below what no rate excuses.
FREE_SHARE: Final = 0.02
# Let's Encrypt renews 30 days before the end.
CERTIFICATE_DAYS: Final = 14
# A set a day, and one that was missed.
BACKUP_US: Final = 48 * HOUR_US


class AlarmCode(StrEnum):
    """What is not well."""

    KEEPER_SILENT = "keeper_silent"
    KEEPER_WAITS = "keeper_waits"
    BACKLOG_OLD = "backlog_old"
    PARTS_STUCK = "parts_stuck"
    DISK_REFUSES = "disk_refuses"
    DISK_FILLS = "disk_fills"
    CATALOG_SILENT = "catalog_silent"
    CATALOG_UNGUARDED = "catalog_unguarded"
    KEYS_SILENT = "keys_silent"
    KEYSTORE_SHUT = "keystore_shut"
    CAPTURE_SILENT = "capture_silent"
    CALLS_REFUSED = "calls_refused"
    CERTIFICATE_ENDS = "certificate_ends"
    BACKUP_OLD = "backup_old"
    VERIFY_FAILED = "verify_failed"
    PLAN_ALTERED = "plan_altered"
    ROWS_ALTERED = "rows_altered"
    LOOK_HANGS = "look_hangs"


class Alarm(NamedTuple):
    """One of them; `about`: which disk, door, database or part, "" where there is only one."""

    code: AlarmCode
    about: str = ""


_KEEPERS_DISKS: Final = ("spool", "spool_second", "archive", "catalog", "pages")
_DATABASES: Final = (KEYSTORE, "catalog")
# Everything that may ring, so that it is shown before it does.
ALL: Final = (
    Alarm(AlarmCode.KEEPER_SILENT),
    *(Alarm(AlarmCode.KEEPER_WAITS, about) for about in ("keys", "catalog")),
    Alarm(AlarmCode.BACKLOG_OLD),
    Alarm(AlarmCode.PARTS_STUCK),
    *(Alarm(AlarmCode.DISK_REFUSES, about) for about in (*_KEEPERS_DISKS, KEYSTORE)),
    *(Alarm(AlarmCode.DISK_FILLS, about) for about in _KEEPERS_DISKS),
    Alarm(AlarmCode.CATALOG_SILENT),
    Alarm(AlarmCode.CATALOG_UNGUARDED),
    Alarm(AlarmCode.KEYS_SILENT),
    *(Alarm(AlarmCode.KEYSTORE_SHUT, about) for about in Shut),
    Alarm(AlarmCode.CAPTURE_SILENT),
    Alarm(AlarmCode.CALLS_REFUSED),
    *(Alarm(AlarmCode.CERTIFICATE_ENDS, about) for about in ("sip", "http")),
    *(Alarm(AlarmCode.BACKUP_OLD, about) for about in _DATABASES),
    Alarm(AlarmCode.VERIFY_FAILED),
    Alarm(AlarmCode.PLAN_ALTERED),
    Alarm(AlarmCode.ROWS_ALTERED),
    Alarm(AlarmCode.LOOK_HANGS),
)


def alarms_of(seen: Seen) -> tuple[Alarm, ...]:
    """Those that ring, in the order of `ALL`."""
    found = {*_of_keeper(seen), *_of_disks(seen), *_of_others(seen)}
    return tuple(each for each in ALL if each in found)


def began_us(alarm: Alarm, seen: Seen) -> int:
    """Since when what an alarm tells of is so, as far as it is seen; else when it was looked at."""
    keeper = seen.keeper
    match alarm.code:
        case AlarmCode.KEEPER_SILENT if keeper is not None:
            return keeper.at_us
        case AlarmCode.KEEPER_WAITS if keeper is not None:
            return keeper.round_us
        case AlarmCode.BACKLOG_OLD:
            return seen.at_us - waited_us(seen)
        case AlarmCode.CALLS_REFUSED if seen.capture is not None and seen.capture.full_us:
            return seen.capture.full_us
        case AlarmCode.VERIFY_FAILED if seen.upkeep.verified is not None:
            return seen.upkeep.verified.at_us
        case _:
            return seen.at_us


def _of_keeper(seen: Seen) -> Iterator[Alarm]:
    keeper = seen.keeper
    if is_keeper_silent(seen):
        yield Alarm(AlarmCode.KEEPER_SILENT)
    if keeper is None:
        return
    if keeper.awaits and keeper.at_us - keeper.round_us > KEEPER_SILENT_US:
        yield Alarm(AlarmCode.KEEPER_WAITS, keeper.awaits)
    if waited_us(seen) > BACKLOG_US:
        yield Alarm(AlarmCode.BACKLOG_OLD)
    if keeper.counts:
        yield Alarm(AlarmCode.PARTS_STUCK)


def is_keeper_silent(seen: Seen) -> bool:
    """Whether the keeper has told nothing for a while, or never."""
    return seen.keeper is None or seen.at_us - seen.keeper.at_us > KEEPER_SILENT_US


def waited_us(seen: Seen) -> int:
    """For how long the oldest part has waited that is not archived, in µs."""
    backlog = seen.keeper.backlog if seen.keeper else None
    return seen.at_us - backlog.oldest_us if backlog and backlog.oldest_us else 0


def _of_disks(seen: Seen) -> Iterator[Alarm]:
    for name in refusals(seen):
        yield Alarm(AlarmCode.DISK_REFUSES, name)
    for disk in disks(seen):
        if is_filling(disk):
            yield Alarm(AlarmCode.DISK_FILLS, disk.name)


def disks(seen: Seen) -> tuple[DiskState, ...]:
    """Those that the keeper measures."""
    return seen.keeper.disks if seen.keeper else ()


def refusals(seen: Seen) -> dict[str, str]:
    """Disks that take nothing, with the reason: what was tried last goes before what was told."""
    found = {each.name: each.refuses for each in disks(seen) if each.refuses}
    if seen.keys is not None and seen.keys.refuses:
        found[KEYSTORE] = seen.keys.refuses
    return found | dict(seen.refuses)


def is_filling(disk: DiskState) -> bool:
    """Whether its room is nearly used up, or will be soon."""
    if not disk.size_bytes:
        return False
    days = disk.days_left
    return disk.free_bytes < FREE_SHARE * disk.size_bytes or (days is not None and days < DAYS_LEFT)


def _of_others(seen: Seen) -> Iterator[Alarm]:
    yield from _of_catalog(seen)
    yield from _of_keys(seen)
    yield from _of_capture(seen)
    for certificate in seen.certificates:
        if days_of(certificate, seen.at_us) < CERTIFICATE_DAYS:
            yield Alarm(AlarmCode.CERTIFICATE_ENDS, certificate.door)
    for database in _DATABASES:
        if is_backup_old(seen, database):
            yield Alarm(AlarmCode.BACKUP_OLD, database)
    yield from _of_what_differs(seen)


def _of_what_differs(seen: Seen) -> Iterator[Alarm]:
    """What is not as it was written."""
    if seen.upkeep.verified is not None and seen.upkeep.verified.findings:
        yield Alarm(AlarmCode.VERIFY_FAILED)
    if seen.catalog.altered_plans:
        yield Alarm(AlarmCode.PLAN_ALTERED)
    if seen.catalog.altered_rows:
        yield Alarm(AlarmCode.ROWS_ALTERED)


def _of_catalog(seen: Seen) -> Iterator[Alarm]:
    if seen.catalog.away:
        yield Alarm(AlarmCode.CATALOG_SILENT)
    if seen.catalog.unguarded:
        yield Alarm(AlarmCode.CATALOG_UNGUARDED)


def _of_keys(seen: Seen) -> Iterator[Alarm]:
    if seen.keys is None:
        yield Alarm(AlarmCode.KEYS_SILENT)
    elif seen.keys.shut:
        yield Alarm(AlarmCode.KEYSTORE_SHUT, seen.keys.shut)


def _of_capture(seen: Seen) -> Iterator[Alarm]:
    if seen.capture is None:
        return
    if not seen.capture.answers:
        yield Alarm(AlarmCode.CAPTURE_SILENT)
    if seen.capture.full:
        yield Alarm(AlarmCode.CALLS_REFUSED)


def days_of(certificate: CertificateSeen, now_us: int) -> float:
    """For how many days it is still valid; less than none where it is over or cannot be read."""
    return -1.0 if certificate.reason else (certificate.ends_us - now_us) / DAY_US


def is_backup_old(seen: Seen, database: str) -> bool:
    """Whether its newest set is too old, or there is none although there was time to make one."""
    if seen.keys is None or (database != KEYSTORE and not seen.upkeep.backups.is_ours):
        return False
    made_us = seen.keys.set_us if database == KEYSTORE else seen.upkeep.backups.catalog_us
    return seen.at_us - (made_us or seen.keys.since_us) > BACKUP_US
