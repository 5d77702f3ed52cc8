"""What retention has to destroy and has destroyed, for a monitoring system.

Knows nothing of who asks; no rule, queue or number is a label here.
"""

from typing import Final

from prometheus_client import CollectorRegistry, Gauge

from api.destruction.figures import RetentionFigures

_US: Final = 1_000_000


class RetentionGauges:
    """As of when it was last looked."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._due = Gauge(
            "rokuon_due_recordings", "Recordings that must go by now", registry=registry
        )
        self._overdue = Gauge(
            "rokuon_overdue_recordings",
            "Recordings that must go and are there, by what keeps them",
            ["reason"],
            registry=registry,
        )
        self._destroyed = Gauge(
            "rokuon_destroyed_recordings", "Tombstones of destroyed recordings", registry=registry
        )
        self._no_end = Gauge(
            "rokuon_recordings_without_end",
            "Recordings of which no rule says when they go",
            registry=registry,
        )
        self._oldest = Gauge(
            "rokuon_oldest_without_end_timestamp_seconds",
            "When the oldest of these calls began; 0: there is none",
            registry=registry,
        )
        self._counted = Gauge(
            "rokuon_retention_counted_timestamp_seconds",
            "When all recordings were last judged; 0: never",
            registry=registry,
        )

    def show(self, figures: RetentionFigures, destroyed: int) -> None:
        """From now on these are shown."""
        self._due.set(figures.due)
        self._overdue.clear()
        for reason, count in figures.overdue.items():
            self._overdue.labels(reason).set(count)
        self._destroyed.set(destroyed)
        if counted := figures.count:
            self._no_end.set(counted.no_end)
            self._oldest.set((counted.oldest_no_end_us or 0) / _US)
            self._counted.set(counted.at_us / _US)
