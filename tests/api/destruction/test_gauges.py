"""What a monitoring system sees of retention."""

from prometheus_client import CollectorRegistry

from api.destruction.figures import RetentionFigures
from api.destruction.gauges import RetentionGauges
from archive.catalog.destruction.due_counts import DueCount


def seen(registry: CollectorRegistry) -> dict[str, float]:
    """Each sample, with its reason."""
    return {
        ":".join((sample.name, *sample.labels.values())): sample.value
        for metric in registry.collect()
        for sample in metric.samples
    }


def test_each_figure_is_a_gauge_and_a_reason_that_is_over_is_shown_no_more() -> None:
    """An alert on it must end."""
    registry = CollectorRegistry()
    gauges = RetentionGauges(registry)
    gauges.show(RetentionFigures(overdue={"not_planned": 9}), 3)
    count = DueCount(at_us=5_000_000, no_end=7, oldest_no_end_us=2_000_000)
    gauges.show(RetentionFigures(overdue={"waits": 2}, count=count), 4)

    assert seen(registry) == {
        "rokuon_due_recordings": 2,
        "rokuon_overdue_recordings:waits": 2,
        "rokuon_destroyed_recordings": 4,
        "rokuon_recordings_without_end": 7,
        "rokuon_oldest_without_end_timestamp_seconds": 2,
        "rokuon_retention_counted_timestamp_seconds": 5,
    }
