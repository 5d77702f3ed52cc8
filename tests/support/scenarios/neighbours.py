"""What tests of neighbours share."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.request import urlopen

from tests.crash.whole import family_of, is_gone
from tests.scenarios.server import HOST, STARTED_WITHIN_S, free_media, free_ports
from tests.scenarios.waiting import met

ALICE, BOB, PROXY = "127.0.0.11", "127.0.0.12", "127.0.0.20"


_CONFIGURATION: Final = """\
[node]
data = "var"
[sip]
port = {sip}
[http]
port = {http}
[rtp]
first_port = {first}
last_port = {last}
[media]
workers = 1
[spool]
min_free_bytes = {min_free_bytes}
[limits]
max_calls = 100
"""


BEHIND_KAMAILIO: Final = """\
[[source]]
name = "trunk"
address = ["127.0.0.20/32"]
zone = "UTC"
[[target]]
name = "pbx"
uri = "{pbx}"
check_s = 0
[[route]]
name = "inbound"
source = ["trunk"]
to = ["pbx"]
notice = ["notice-en"]
direction = "inbound"
"""


@dataclass(frozen=True, slots=True)
class Node:
    """A Rokuon that runs."""

    folder: Path
    sip_port: int
    process: subprocess.Popen[bytes]

    @property
    def uri(self) -> str:
        """Where it is called."""
        return f"sip:{HOST}:{self.sip_port}"

    def kill(self) -> None:
        """End all of it at once, as a power cut does; nobody is left when this returns."""
        family = family_of(self.process.pid)
        for pid in reversed(family):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
        met(lambda: all(map(is_gone, family)), "the end of the node")

    def ran(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of its."""
        command = [*_command(self.folder), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def value(self, *arguments: str) -> Any:
        """What a command says to a program."""
        return json.loads(self.ran(*arguments, "-o", "json").stdout)


def _command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "rokuon", "--config", str(folder / "rokuon.toml")]


@contextmanager
def serving(blocks: str, *, min_free_bytes: int = 0) -> Iterator[Node]:
    """A Rokuon with these blocks while the context lasts; it must end well, unless it is killed."""
    (sip, http), media = free_ports(2), free_media()
    text = _CONFIGURATION.format(
        sip=sip, http=http, first=media[0], last=media[-1] - 1, min_free_bytes=min_free_bytes
    )
    with tempfile.TemporaryDirectory(prefix="rk") as name:
        folder, log = Path(name), Path(name, "rokuon.log")
        (folder / "rokuon.toml").write_text(text + blocks)
        with log.open("wb") as output:
            command = [*_command(folder), "serve", "--one-person"]
            process = subprocess.Popen(command, stdout=output, stderr=output, env=dict(os.environ))
            try:
                met(lambda: _is_up(http, process, log), "the server", within_s=STARTED_WITHIN_S)
                yield Node(folder, sip, process)
            finally:
                process.send_signal(signal.SIGTERM)
                code = process.wait(30)
        assert code in {0, -signal.SIGKILL}, log.read_text()


def _is_up(http: int, process: subprocess.Popen[bytes], log: Path) -> bool:
    """The API is started last."""
    assert process.poll() is None, log.read_text()
    try:
        return bool(urlopen(f"http://{HOST}:{http}/api/v1/health").status == 200)
    except URLError:
        return False
