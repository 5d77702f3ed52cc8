"""Which alarm is raised by what."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from api.health.judge import ALL, DAY_US, HOUR_US, Alarm, AlarmCode, alarms_of
from api.health.seen import (
    BackupsSeen,
    CaptureSeen,
    CatalogSeen,
    CertificateSeen,
    KeysSeen,
    Seen,
    UpkeepSeen,
    VerifiedSeen,
)
from archive.disk.room import DiskState
from archive.keeper.state_file import Backlog, KeeperState

NOW_US = 100 * DAY_US
SECOND_US = 1_000_000
KEEPER = KeeperState(at_us=NOW_US, round_us=NOW_US)
KEYS = KeysSeen(since_us=NOW_US - 9 * DAY_US, epoch_us=NOW_US, set_us=NOW_US)
WELL = Seen(
    at_us=NOW_US,
    keeper=KEEPER,
    keys=KEYS,
    certificates=(CertificateSeen(door="sip", ends_us=NOW_US + 14 * DAY_US),),
    capture=CaptureSeen(),
    upkeep=UpkeepSeen(
        backups=BackupsSeen(is_ours=True, catalog_us=NOW_US - 48 * HOUR_US),
        verified=VerifiedSeen(at_us=1, findings=0),
    ),
)

NO_SET = UpkeepSeen(backups=BackupsSeen(is_ours=True))


def told(**changed: Any) -> Seen:
    """The keeper told otherwise."""
    return replace(WELL, keeper=msgspec.structs.replace(KEEPER, **changed))


def test_nothing_rings_where_all_is_well() -> None:
    """Up to the last moment of each limit."""
    assert alarms_of(WELL) == ()
    assert alarms_of(told(at_us=NOW_US - 60 * SECOND_US)) == ()
    assert alarms_of(told(backlog=Backlog(parts=1, oldest_us=NOW_US - 600 * SECOND_US))) == ()


@pytest.mark.parametrize(
    ("seen", "code", "about"),
    [
        (replace(WELL, keeper=None), AlarmCode.KEEPER_SILENT, ""),
        (told(at_us=NOW_US - 61 * SECOND_US), AlarmCode.KEEPER_SILENT, ""),
        (told(awaits="keys", round_us=0), AlarmCode.KEEPER_WAITS, "keys"),
        (told(awaits="catalog", round_us=0), AlarmCode.KEEPER_WAITS, "catalog"),
        (
            told(backlog=Backlog(parts=1, oldest_us=NOW_US - 601 * SECOND_US)),
            AlarmCode.BACKLOG_OLD,
            "",
        ),
        (told(counts={"disk_failed": 1}), AlarmCode.PARTS_STUCK, ""),
        (
            told(disks=(DiskState(name="archive", refuses="away"),)),
            AlarmCode.DISK_REFUSES,
            "archive",
        ),
        (replace(WELL, refuses={"catalog": "ENOSPC"}), AlarmCode.DISK_REFUSES, "catalog"),
        (
            replace(WELL, keys=replace(KEYS, refuses="EROFS")),
            AlarmCode.DISK_REFUSES,
            "keystore",
        ),
        (
            told(disks=(DiskState(name="spool", free_bytes=1, size_bytes=51),)),
            AlarmCode.DISK_FILLS,
            "spool",
        ),
        (replace(WELL, catalog=CatalogSeen(away="no way")), AlarmCode.CATALOG_SILENT, ""),
        (replace(WELL, keys=None), AlarmCode.KEYS_SILENT, ""),
        (replace(WELL, capture=CaptureSeen(answers=False)), AlarmCode.CAPTURE_SILENT, ""),
        (replace(WELL, capture=CaptureSeen(full="ports")), AlarmCode.CALLS_REFUSED, ""),
        (
            replace(WELL, certificates=(CertificateSeen(door="http", ends_us=NOW_US + DAY_US),)),
            AlarmCode.CERTIFICATE_ENDS,
            "http",
        ),
        (
            replace(WELL, certificates=(CertificateSeen(door="sip", reason="gone"),)),
            AlarmCode.CERTIFICATE_ENDS,
            "sip",
        ),
        (
            replace(WELL, keys=replace(KEYS, set_us=NOW_US - 49 * HOUR_US)),
            AlarmCode.BACKUP_OLD,
            "keystore",
        ),
        (
            replace(WELL, upkeep=NO_SET),
            AlarmCode.BACKUP_OLD,
            "catalog",
        ),
        (
            replace(WELL, catalog=CatalogSeen(unguarded=("journal_keeps_its_rows",))),
            AlarmCode.CATALOG_UNGUARDED,
            "",
        ),
        (
            replace(WELL, upkeep=UpkeepSeen(verified=VerifiedSeen(at_us=1, findings=1))),
            AlarmCode.VERIFY_FAILED,
            "",
        ),
        (replace(WELL, catalog=CatalogSeen(altered_plans=1)), AlarmCode.PLAN_ALTERED, ""),
    ],
)
def test_each_cause_raises_its_alarm_alone(seen: Seen, code: AlarmCode, about: str) -> None:
    """And one that is shown at nought before."""
    assert alarms_of(seen) == (Alarm(code, about),)
    assert Alarm(code, about) in ALL


def test_a_backup_that_is_not_ours_or_was_not_due_yet_is_not_missed() -> None:
    """A server of PostgreSQL has its own; an installation of yesterday need not have one."""
    young = replace(KEYS, since_us=NOW_US - 47 * HOUR_US, set_us=0)

    assert alarms_of(replace(WELL, upkeep=UpkeepSeen())) == ()
    assert alarms_of(replace(WELL, keys=young, upkeep=NO_SET)) == ()
