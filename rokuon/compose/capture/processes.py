"""The part `capture`, put together from the configuration: which processes it has, and their lives.

Knows in which order they start and stop, nothing of what they do; loads nothing of it.
"""

import asyncio
import os
from collections.abc import Callable

from capture.admission.drain import DRAIN_FILE
from rokuon.compose.capture.node_identity import make_capture_folders, publish_identity
from rokuon.compose.processes.instances import CAPTURE_ENDS_S, locks_of_capture
from rokuon.compose.processes.lock import former_ends
from rokuon.compose.processes.part_plan import PartPlan, Pauses
from rokuon.compose.processes.process_names import has_spare, part_names
from rokuon.compose.processes.supervisor import Supervisor
from rokuon.config.schema import Config

# Live calls must not wait: what dies is started again at once, and often where it dies again.
PAUSES = Pauses(first_s=0.02, longest_s=2.0)
GRACE_S = 10.0


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
