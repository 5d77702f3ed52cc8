"""How well an installation is, for a monitoring system: as of the latest look.

No name of a file, a person or a number is a label here. Knows nothing of how it is looked at.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.health.board import Health, HealthBoard
from api.health.judge import ALL, disks, refusals, waited_us
from api.health.seen import KEYSTORE, Seen
from archive.keeper.state_file import Backlog
from archive.keeper.stuck_parts import StuckReason

_US: Final = 1_000_000
# Of a keeper of another version.
_OTHER: Final = "other"

Row = tuple[str, float]


class HealthMetrics(Collector):
    """The figures of the latest look; from the start on all alarms, at nought."""

    def __init__(self, registry: CollectorRegistry, board: HealthBoard) -> None:
        self._board = board
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """Everything, for the registry."""
        health = self._board.latest
        yield _alarms(health)
        yield from _of_keeper(health.seen)
        yield from _of_disks(health.seen)
        yield from _of_keys(health.seen)
        yield from _of_others(health.seen)


def _alarms(health: Health) -> Metric:
    family = GaugeMetricFamily(
        "rokuon_alarm", "1 where something is not well (docs/health.md)", labels=("alarm", "about")
    )
    for alarm in ALL:
        family.add_metric((alarm.code.value, alarm.about), alarm in health.alarms)
    return family


def _of_keeper(seen: Seen) -> Iterator[Metric]:
    keeper = seen.keeper
    backlog = keeper.backlog if keeper else Backlog()
    yield _one("rokuon_backlog_parts", "Parts that wait to be archived", backlog.parts)
    yield _one("rokuon_backlog_bytes", "Bytes of parts that wait", backlog.size_bytes)
    yield _one(
        "rokuon_oldest_waiting_part_seconds",
        "For how long the oldest part has waited that is not archived",
        waited_us(seen) / _US,
    )
    yield _one("rokuon_live_parts", "Parts that are being written", backlog.live)
    yield _one(
        "rokuon_keeper_told_timestamp_seconds",
        "When the keeper last told how it is; 0: never",
        keeper.at_us / _US if keeper else 0,
    )
    yield _one(
        "rokuon_keeper_round_timestamp_seconds",
        "When the keeper last went through the spool; 0: never",
        keeper.round_us / _US if keeper else 0,
    )
    yield _many(
        "rokuon_stuck_parts",
        "Parts of recordings that the keeper cannot archive, and tries again",
        "reason",
        _stuck(seen),
    )


def _stuck(seen: Seen) -> Iterator[Row]:
    counts = dict(seen.keeper.counts) if seen.keeper else {}
    for reason in StuckReason:
        yield reason.value, counts.pop(reason.value, 0)
    yield _OTHER, sum(counts.values())


def _of_disks(seen: Seen) -> Iterator[Metric]:
    measured = [each for each in disks(seen) if each.size_bytes]
    yield _many(
        "rokuon_disk_free_bytes",
        "Bytes that are free",
        "disk",
        ((each.name, each.free_bytes) for each in measured),
    )
    yield _many(
        "rokuon_disk_size_bytes",
        "Bytes of the disk",
        "disk",
        ((each.name, each.size_bytes) for each in measured),
    )
    left = ((each.name, each.days_left) for each in measured)
    yield _many(
        "rokuon_disk_days_left",
        "Days until the disk is full at the rate of the last day; absent where it does not fill",
        "disk",
        ((name, days) for name, days in left if days is not None),
    )
    refusing = refusals(seen)
    names = dict.fromkeys([*(each.name for each in disks(seen)), KEYSTORE, *refusing])
    yield _many(
        "rokuon_disk_refuses",
        "1 where the disk takes no file",
        "disk",
        ((name, name in refusing) for name in names),
    )


def _of_keys(seen: Seen) -> Iterator[Metric]:
    keys = seen.keys
    yield _one("rokuon_key_daemon_up", "1 where the key daemon answers", keys is not None)
    if keys is None:
        return
    yield _one(
        "rokuon_key_epoch_timestamp_seconds", "When the epoch in force began", keys.epoch_us / _US
    )
    yield _one("rokuon_keys_without_backup", "Keys that no verified set has", keys.unbacked)


def _of_others(seen: Seen) -> Iterator[Metric]:
    if seen.capture is not None:
        up = seen.capture.answers
        yield _one("rokuon_capture_up", "1 where signalling answers", up)
    yield _one("rokuon_catalog_up", "1 where the catalog answers", not seen.catalog.away)
    yield _one(
        "rokuon_altered_plans",
        "Plans of destruction of the last 7 days that were altered after they were made",
        seen.catalog.altered_plans,
    )
    yield _one(
        "rokuon_altered_rows",
        "Rows that decide who may do what, and are not as they were written",
        seen.catalog.altered_rows,
    )
    yield _many(
        "rokuon_certificate_expiry_timestamp_seconds",
        "When the certificate of a door ends; 0: it cannot be read",
        "door",
        ((each.door, each.ends_us / _US) for each in seen.certificates),
    )
    yield _many(
        "rokuon_backup_timestamp_seconds",
        "When the newest backup set was made; 0: there is none",
        "of",
        _backups(seen),
    )
    verified = seen.upkeep.verified
    yield _one(
        "rokuon_verified_timestamp_seconds",
        "When the whole archive was last verified; 0: never",
        verified.at_us / _US if verified else 0,
    )
    yield _one(
        "rokuon_verify_findings",
        "What the last verification found",
        verified.findings if verified else 0,
    )


def _backups(seen: Seen) -> Iterator[Row]:
    if seen.keys is not None:
        yield KEYSTORE, seen.keys.set_us / _US
    if seen.upkeep.backups.is_ours:
        yield "catalog", seen.upkeep.backups.catalog_us / _US


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value)


def _many(name: str, words: str, label: str, rows: Iterable[Row]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=(label,))
    for key, value in rows:
        family.add_metric((key,), value)
    return family
