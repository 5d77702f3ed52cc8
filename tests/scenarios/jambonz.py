"""jambonz' SIPREC client, which nobody here wrote, with the rtpengine that forks its media.

Installs them once, and starts both for one call. Knows nothing of the recorder but its address.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.scenarios.phones import rtpengine
from tests.scenarios.server import HOST, KNOWN_PEER, Server, free_port

_SOURCE: Final = Path(__file__).parent / "jambonz"
_INSTALLED: Final = Path(__file__).parents[2] / "build/jambonz"
_NEEDED: Final = ("node", "npm", "rtpengine")


def missing() -> list[str]:
    """The programs that are not on this machine."""
    return [name for name in _NEEDED if shutil.which(name) is None]


def install() -> None:
    """What its lock file names, unless it is there."""
    _INSTALLED.mkdir(parents=True, exist_ok=True)
    for file in _SOURCE.iterdir():
        shutil.copy(file, _INSTALLED)
    if not (_INSTALLED / "node_modules").is_dir():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=_INSTALLED, check=True, capture_output=True)


@dataclass(frozen=True, slots=True)
class ForkedCall:
    """A call of two telephones that is recorded; where each of them has to send."""

    process: subprocess.Popen[str]
    call_id: str
    caller_port: int
    called_port: int

    def tell(self, word: str) -> None:
        """`pause`, `resume` or `stop`; the client must have done it."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        assert _said(self.process) is True


def _said(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"the client ended: {process.wait(10)}"
    return json.loads(line)


@contextmanager
def forked_call(server: Server, caller: str, called: str) -> Iterator[ForkedCall]:
    """Two telephones that talk through rtpengine, and are recorded; ended when the block ends."""
    with rtpengine.running(KNOWN_PEER) as engine:
        asked = {
            "host": KNOWN_PEER,
            "port": free_port(),
            "recorder": f"sip:srs@{HOST}:{server.sip_port}",
            "engine": engine,
            "caller": caller,
            "called": called,
        }
        command = ["node", str(_INSTALLED / "client.js"), json.dumps(asked)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, text=True, env=dict(os.environ)
        )
        try:
            told = _said(process)
            yield ForkedCall(process, told["call_id"], told["caller"], told["called"])
        finally:
            process.kill()
            process.wait()
