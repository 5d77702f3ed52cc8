"""The alerts that come with Rokuon."""

import re
from pathlib import Path

from prometheus_client import CollectorRegistry

from api.alarms import Alarms
from api.destruction.gauges import RetentionGauges
from api.holds.gauges import HoldGauges
from api.stuck_gauge import show_stuck_parts

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "deploy" / "prometheus-alerts.yml").read_text("utf-8")
# Of capture, which has a registry of its own.
OF_CAPTURE = {"rokuon_source_silent"}


def exposed() -> set[str]:
    """The names at `metrics.api_port`; a counter has a suffix."""
    registry: CollectorRegistry = Alarms().registry
    RetentionGauges(registry)
    HoldGauges(registry)
    show_stuck_parts(registry, int)
    names = {(metric.name, metric.type) for metric in registry.collect()}
    return {f"{name}_total" if kind == "counter" else name for name, kind in names}


def test_an_alert_asks_for_nothing_that_is_not_exposed() -> None:
    """One on a name that nobody exposes never rings."""
    asked = set(re.findall(r"\brokuon_[a-z_]+", TEXT))

    assert asked <= exposed() | OF_CAPTURE
    assert {"rokuon_overdue_recordings", "rokuon_holds_placing", "rokuon_stuck_parts"} <= asked


def test_an_alert_names_only_commands_that_there_are() -> None:
    """Whoever is woken by it types them."""
    named = set(re.findall(r"rokuon ((?:audit|hold|retention) [a-z-]+)", TEXT))
    documented = (ROOT / "docs" / "cli.md").read_text("utf-8")

    assert {each for each in named if f"rokuon {each}" not in documented} == set()
    assert len(named) == 5
