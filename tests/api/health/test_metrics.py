"""What a monitoring system is told."""

import re

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from api.health.board import Health, HealthBoard
from api.health.judge import ALL, Alarm, AlarmCode
from api.health.metrics import HealthMetrics
from api.health.seen import (
    BackupsSeen,
    CaptureSeen,
    CertificateSeen,
    KeysSeen,
    Seen,
    UpkeepSeen,
    VerifiedSeen,
)
from archive.disk.room import DiskState, RoomSample
from archive.keeper.state_file import Backlog, KeeperState

DAY_US = 86_400_000_000
SEEN = Seen(
    at_us=60_000_000,
    keeper=KeeperState(
        at_us=59_000_000,
        round_us=58_000_000,
        backlog=Backlog(parts=3, size_bytes=70, oldest_us=20_000_000, live=4),
        counts={"disk_failed": 2, "of_tomorrow": 1},
        disks=(
            DiskState(
                name="archive",
                free_bytes=40,
                size_bytes=100,
                refuses="ENOSPC",
                samples=(RoomSample(0, 50), RoomSample(DAY_US, 40)),
            ),
            DiskState(name="spool", refuses="ENOENT"),
            DiskState(name="pages", free_bytes=40, size_bytes=100),
        ),
    ),
    keys=KeysSeen(since_us=0, epoch_us=5_000_000, set_us=6_000_000, unbacked=7),
    certificates=(CertificateSeen(door="sip", ends_us=8_000_000),),
    capture=CaptureSeen(),
    upkeep=UpkeepSeen(
        backups=BackupsSeen(is_ours=True, catalog_us=9_000_000),
        verified=VerifiedSeen(at_us=10_000_000, findings=11),
    ),
)


def test_no_figure_tells_who_is_on_which_side() -> None:
    """What is a guess of one call would be a fact of a thousand (docs/siprec.md)."""
    told = shown(Health(seen=SEEN, alarms=tuple(Alarm(code=each) for each in AlarmCode)))

    assert told
    assert not re.search(r"side|direction|customer|agent|inbound|outbound", repr([*told]))


def shown(health: Health) -> dict[tuple[str, ...], float]:
    """Name and values of the labels of each sample, as Prometheus' own parser reads them."""
    registry, board = CollectorRegistry(), HealthBoard(lambda: health.seen, latest=health)
    HealthMetrics(registry, board)
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {
        (sample.name.removeprefix("rokuon_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_everything_that_is_seen_is_shown() -> None:
    """Seconds and bytes, as Prometheus has them."""
    found = shown(Health(SEEN))
    whole = {key: value for key, value in found.items() if value and key[0] != "alarm"}

    assert whole == {
        ("backlog_parts",): 3,
        ("backlog_bytes",): 70,
        ("oldest_waiting_part_seconds",): 40,
        ("live_parts",): 4,
        ("keeper_told_timestamp_seconds",): 59,
        ("keeper_round_timestamp_seconds",): 58,
        ("stuck_parts", "disk_failed"): 2,
        ("stuck_parts", "other"): 1,
        ("disk_free_bytes", "archive"): 40,
        ("disk_free_bytes", "pages"): 40,
        ("disk_size_bytes", "archive"): 100,
        ("disk_size_bytes", "pages"): 100,
        ("disk_days_left", "archive"): 4,
        ("disk_refuses", "archive"): 1,
        ("disk_refuses", "spool"): 1,
        ("key_daemon_up",): 1,
        ("key_epoch_timestamp_seconds",): 5,
        ("keys_without_backup",): 7,
        ("capture_up",): 1,
        ("catalog_up",): 1,
        ("certificate_expiry_timestamp_seconds", "sip"): 8,
        ("backup_timestamp_seconds", "keystore"): 6,
        ("backup_timestamp_seconds", "catalog"): 9,
        ("verified_timestamp_seconds",): 10,
        ("verify_findings",): 11,
    }


def test_every_alarm_is_shown_before_it_rings() -> None:
    """What appears with the first alarm has not risen."""
    ringing = Alarm(AlarmCode.DISK_REFUSES, "archive")
    found = shown(Health(Seen(at_us=1), (ringing,)))

    assert {key[1:]: value for key, value in found.items() if key[0] == "alarm"} == {
        (each.about, each.code.value): float(each == ringing) for each in ALL
    }
    assert found["stuck_parts", "disk_failed"] == 0
