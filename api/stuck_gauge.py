"""How many parts the keeper cannot archive, for a monitoring system: as of when it is asked.

Knows nothing of why, nor of which; no name or id is a label here.
"""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge


def show_stuck_parts(registry: CollectorRegistry, stuck: Callable[[], int]) -> None:
    """From now on what `stuck` says is shown."""
    Gauge(
        "rokuon_stuck_parts",
        "Parts of recordings that the keeper cannot archive, and tries again",
        registry=registry,
    ).set_function(stuck)
