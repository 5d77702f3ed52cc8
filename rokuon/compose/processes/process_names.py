"""Which processes capture has, by name, as the configuration wants them.

Knows nothing of how they are put together.
"""

import os

from rokuon.config.schema import Config


def workers_of(config: Config) -> int:
    """How many ingest workers run: one per core unless the configuration says otherwise."""
    return config.media.workers or os.cpu_count() or 1


def part_names(config: Config) -> tuple[str, ...]:
    """The processes of capture in the order of their start."""
    numbers = range(workers_of(config))
    ingest = tuple(f"ingest-{number}" for number in numbers)
    relays = tuple(f"relay-{number}" for number in numbers) if config.has_inline else ()
    return ("holder", *ingest, *relays, "signalling")


def has_spare(name: str) -> bool:
    """Whether calls would notice the time in which a process loads."""
    return name == "signalling" or name.startswith("relay-")
