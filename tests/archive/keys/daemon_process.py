"""A key daemon in a process of its own: on its sockets, its clock standing still.

`python -m tests.archive.keys.daemon_process FOLDER` serves until it is killed.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.keys.daemon.assembly import KeysConfig
from archive.keys.daemon.sockets import serve_keys
from tests import ROOT
from tests.archive.keys.scene import CHEAP, NOW_US


def config_in(folder: Path) -> KeysConfig:
    """A key daemon's settings, its passphrase cheap."""
    return KeysConfig(
        folder=folder, passphrase_file=folder / "passphrase", makes_passphrase=True, cost=CHEAP
    )


@contextmanager
def daemon_process(folder: Path) -> Iterator[KeysConfig]:
    """Start it, wait until it answers, kill it in the end."""
    command = [sys.executable, "-m", "tests.archive.keys.daemon_process", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield config_in(folder)
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(
        serve_keys(
            config_in(Path(sys.argv[1])),
            asyncio.Event(),
            now_us=lambda: NOW_US,
            on_ready=lambda: print("ready", flush=True),  # noqa: T201 - who started it reads it
            protect=lambda: None,
        )
    )
