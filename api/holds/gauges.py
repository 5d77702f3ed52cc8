"""How much is held, for a monitoring system.

Knows nothing of who asks; no name, matter or number is a label here.
"""

from prometheus_client import CollectorRegistry, Gauge

from archive.catalog.register.legal_holds import HoldFigures


class HoldGauges:
    """As of when it was last looked."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._held = Gauge(
            "rokuon_held_recordings", "Recordings that legal holds keep", registry=registry
        )
        self._placing = Gauge(
            "rokuon_holds_placing",
            "Legal holds being placed; nothing is destroyed while one is",
            registry=registry,
        )
        self._past_review = Gauge(
            "rokuon_holds_past_review",
            "Legal holds in force whose review date is over",
            registry=registry,
        )

    def show(self, figures: HoldFigures) -> None:
        """From now on these are shown."""
        self._held.set(figures.held)
        self._placing.set(len(figures.placing))
        self._past_review.set(len(figures.past_review))
