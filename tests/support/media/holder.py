"""What tests of holder share."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from capture.holder.server import HolderPlan
from tests.capture.media import scene

SERVE = """
import sys
from pathlib import Path
from capture.holder.server import Holder, HolderPlan
path, first, pairs, workers, rtp = sys.argv[1:]
plan = HolderPlan(socket_path=Path(path), sip_bind="127.0.0.1", sip_port=0, rtp_bind=rtp,
    first_port=int(first), last_port=int(first) + 2 * int(pairs) - 1, workers=int(workers))
Holder(plan).serve(lambda: print("ready", flush=True))
"""


@contextmanager
def serving(
    folder: Path, pairs: int, workers: int = 1, rtp: str = scene.LOOPBACK
) -> Iterator[HolderPlan]:
    """A holder in its own process, ready."""
    plan = scene.plan_of(folder, pairs, workers=workers, rtp=rtp)
    arguments = [str(plan.socket_path), str(plan.first_port), str(pairs), str(workers), rtp]
    with subprocess.Popen([sys.executable, "-c", SERVE, *arguments], stdout=-1) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            yield plan
        finally:
            process.kill()
