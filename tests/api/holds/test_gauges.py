"""What a monitoring system sees of legal holds."""

from prometheus_client import CollectorRegistry

from api.holds.gauges import HoldGauges
from archive.catalog.register.legal_holds import HoldFigures


def test_each_figure_is_a_gauge_without_a_label() -> None:
    """A matter is nobody's business there."""
    registry = CollectorRegistry()
    HoldGauges(registry).show(HoldFigures(held=7, placing=(1,), past_review=(2, 3)))

    assert {
        sample.name: (sample.value, sample.labels)
        for metric in registry.collect()
        for sample in metric.samples
    } == {
        "rokuon_held_recordings": (7, {}),
        "rokuon_holds_placing": (1, {}),
        "rokuon_holds_past_review": (2, {}),
    }
