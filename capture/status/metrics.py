"""What a monitoring system is told of capture.

Counts begin anew with signalling, as counters may. No name, number or id of a
call is a label. Knows nothing of what is measured.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkerFigures:
    """How busy each worker is, and the loop that each relay runs (worker and loop: 1)."""

    busy_permille: dict[Labels, int] = field(default_factory=dict)
    loops: dict[Labels, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is so now, and counts since the start; made anew at each tick."""

    calls: int = 0
    begun: dict[Labels, int] = field(default_factory=dict)
    refused: dict[Labels, int] = field(default_factory=dict)
    strangers: int = 0
    troubles: dict[Labels, int] = field(default_factory=dict)
    full: str = ""
    workers: WorkerFigures = field(default_factory=WorkerFigures)
    silent_sources: tuple[str, ...] = ()
    outsiders: dict[Labels, int] = field(default_factory=dict)


class Metrics(Collector):
    """The figures of the last tick."""

    def __init__(self) -> None:
        self.now = Figures()
        self.registry = CollectorRegistry(auto_describe=False)
        self.registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """Everything, for the registry."""
        now = self.now
        yield GaugeMetricFamily("rokuon_calls", "Recording sessions that are up", now.calls)
        yield GaugeMetricFamily("rokuon_full", "1 where new calls are refused", bool(now.full))
        yield _family(
            GaugeMetricFamily, "rokuon_troubled_calls", "Calls up with a trouble",
            ("source", "trouble"), now.troubles,
        )  # fmt: skip
        yield _family(
            GaugeMetricFamily, "rokuon_worker_busy_ratio", "Time that a worker works",
            ("worker",), {key: value / 1000 for key, value in now.workers.busy_permille.items()},
        )  # fmt: skip
        yield _family(
            GaugeMetricFamily, "rokuon_relay_loop", "1 for the loop that a relay runs",
            ("worker", "loop"), now.workers.loops,
        )  # fmt: skip
        silent: dict[Labels, int] = {(name,): 1 for name in now.silent_sources}
        yield _family(
            GaugeMetricFamily, "rokuon_source_silent", "1 where a source lives and sends no call",
            ("source",), silent,
        )  # fmt: skip
        yield _family(
            CounterMetricFamily, "rokuon_recordings", "Recording sessions begun",
            ("source",), now.begun,
        )  # fmt: skip
        yield _family(
            CounterMetricFamily, "rokuon_refused_calls", "Calls of known sources refused",
            ("source", "reason"), now.refused,
        )  # fmt: skip
        yield _family(
            CounterMetricFamily, "rokuon_outsider_requests", "Requests within another's call",
            ("source", "standing"), now.outsiders,
        )  # fmt: skip
        strangers = CounterMetricFamily("rokuon_stranger_calls", "INVITEs of unknown addresses")
        strangers.add_metric([], now.strangers)
        yield strangers


def _family(
    kind: type[GaugeMetricFamily] | type[CounterMetricFamily],
    name: str,
    words: str,
    labels: Labels,
    values: dict[Labels, float] | dict[Labels, int],
) -> Metric:
    family = kind(name, words, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family
