"""The part `capture`, put together from the configuration: which processes it has, and their lives.

Knows in which order they start and stop, nothing of what they do; loads nothing of it.
"""

import asyncio
import os
import time
from collections.abc import Callable

from capture.drain import DRAIN_FILE
from rokuon.compose.instances import CAPTURE_ENDS_S, locks_of_capture
from rokuon.config.schema import Config
from rokuon.identity import make_capture_folders, publish_identity
from rokuon.lock import former_ends
from rokuon.part_plan import PartPlan, Pauses
from rokuon.supervisor import Supervisor

# Live calls must not wait: what dies is started again at once, and often where it dies again.
PAUSES = Pauses(first_s=0.02, longest_s=2.0)
GRACE_S = 10.0


def wall_us() -> int:
    """µs since 1970 UTC."""
    return time.time_ns() // 1000


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


async def run_capture(
    config: Config,
    stop: asyncio.Event,
    ready: Callable[[], None],
    command: Callable[[str], tuple[str, ...]],
) -> None:
    """Start the processes, keep them running, stop signalling first and the holder last.

    Where the holder dies, all end what they do with its sockets and start anew.

    Those of a former supervisor that was killed are waited for: they have the sockets. Raises
    `AlreadyRunning` where one does not end.
    """
    make_capture_folders(config)
    await former_ends(locks_of_capture(config), stop, CAPTURE_ENDS_S)
    publish_identity(config.capture_path)
    (config.run_path / DRAIN_FILE).unlink(missing_ok=True)
    names = part_names(config)
    plans = tuple(
        PartPlan(
            name=name,
            command=command(name),
            grace_s=GRACE_S,
            pauses=PAUSES,
            has_spare=has_spare(name),
            carries_others=name == "holder",
        )
        for name in names
    )
    supervisor = Supervisor(plans, os.environ, stop_order=tuple(reversed(names)))
    supervisor.pass_on_hangup("signalling")
    await supervisor.run(stop, on_ready={"signalling": ready})
