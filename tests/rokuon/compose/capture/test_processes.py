"""The part `capture` as it is put together: its processes."""

import asyncio
import sys
from pathlib import Path

from rokuon.compose.capture.processes import run_capture
from tests.rokuon.installation import Installation
from tests.support.node_processes import configured

PART = """
import os, pathlib, signal, sys
from rokuon.machine.notify import READY, tell
log = pathlib.Path(sys.argv[1])
log.open("a").write(f"+{sys.argv[2]} ")
def end(*_):
    log.open("a").write(f"-{sys.argv[2]} ")
    sys.exit()
signal.signal(signal.SIGTERM, end)
tell(READY, os.environ)
signal.pause()
"""


async def test_signalling_stops_first_and_the_holder_last(
    site: Installation, tmp_path: Path
) -> None:
    """Refuse and hang up, then seal, then let go of the sockets."""
    log, stop = tmp_path / "log", asyncio.Event()
    config = configured(site, "[media]\nworkers = 2\n")
    await asyncio.wait_for(
        run_capture(
            config, stop, stop.set, lambda name: (sys.executable, "-c", PART, str(log), name)
        ),
        60.0,
    )

    assert log.read_text().split() == [
        *("+holder", "+ingest-0", "+ingest-1", "+signalling"),
        *("-signalling", "-ingest-1", "-ingest-0", "-holder"),
    ]
