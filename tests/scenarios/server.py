"""A whole Rokuon as a process of its own, in a folder of its own, and its command line.

Knows nothing of the calls that it is sent.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.request import urlopen

from tests.scenarios.waiting import met

KNOWN_PEER: Final = "127.0.0.2"
STRANGER: Final = "127.0.0.3"
HOST: Final = "127.0.0.1"
MEDIA_TIMEOUT_S: Final = 3
_SIGNALLING_PORTS: Final = range(6000, 7000)
# Pairs for every call of a run; above the default range too, which a Rokuon at work may have, and
# below the ports that the kernel gives away by itself.
_MEDIA_PORTS: Final = 200
_MEDIA_RANGES: Final = (range(26_000, 27_800, _MEDIA_PORTS), range(30_000, 32_600, _MEDIA_PORTS))
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
quarantine_s = 1
[media]
workers = 1
media_timeout_s = {timeout}
[spool]
min_free_bytes = 0
[[source]]
name = "pbx"
address = ["{peer}/32"]
zone = "UTC"
internal_domains = ["pbx.example"]
"""


def free_port() -> int:
    """A port for signalling that nobody uses, neither over UDP nor over TCP."""
    for port in _SIGNALLING_PORTS:
        if all(_is_free(port, kind) for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM)):
            return port
    raise AssertionError("no port for signalling is free")


def _free_media() -> range:
    """As many ports for media as a run needs, none of them in use."""
    for first in chain(*_MEDIA_RANGES):
        ports = range(first, first + _MEDIA_PORTS)
        if all(_is_free(port, socket.SOCK_DGRAM) for port in ports):
            return ports
    raise AssertionError("no ports for media are free")


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as trial:
        try:
            trial.bind(("", port))
        except OSError:
            return False
    return True


@dataclass(frozen=True, slots=True)
class Server:
    """A Rokuon that runs."""

    folder: Path
    sip_port: int
    media: range

    @property
    def traffic(self) -> str:
        """A capture filter for its signalling and for the media that it is sent."""
        media = f"udp dst portrange {self.media[0]}-{self.media[-1]}"
        return f"port {self.sip_port} or {media}"

    def command(self, *arguments: str, expected: int | None = 0) -> str:
        """What `rokuon` writes; its exit code is as expected, or any where None is."""
        done = subprocess.run(
            [*_rokuon(self.folder), *arguments], capture_output=True, text=True, check=False
        )
        assert expected in {None, done.returncode}, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def rows(self, *arguments: str, expected: int | None = 0) -> list[dict[str, Any]]:
        """The same as values."""
        return list(json.loads(self.command(*arguments, "-o", "json", expected=expected)))


def _rokuon(folder: Path) -> list[str]:
    return [sys.executable, "-m", "rokuon", "--config", str(folder / "rokuon.toml")]


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Serve while the block lasts. It must end by itself when told to, and well."""
    sip, media = free_port(), _free_media()
    with socket.socket() as taken:
        taken.bind(("", sip))
        http = free_port()
    text = _CONFIGURATION.format(
        sip=sip,
        http=http,
        first=media[0],
        last=media[-1] - 1,
        timeout=MEDIA_TIMEOUT_S,
        peer=KNOWN_PEER,
    )
    (folder / "rokuon.toml").write_text(text)
    log = folder / "rokuon.log"
    with log.open("wb") as output:
        command = [*_rokuon(folder), "serve"]
        process = subprocess.Popen(command, stdout=output, stderr=output, env=dict(os.environ))
        try:
            met(lambda: _answers(http, process, log), "the server", within_s=60)
            yield Server(folder, sip, media)
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(30)
    assert code == 0, log.read_text()


def _answers(port: int, process: subprocess.Popen[bytes], log: Path) -> bool:
    """Everything is up once the API is: it is started last."""
    assert process.poll() is None, log.read_text()
    try:
        with urlopen(f"http://{HOST}:{port}/api/v1/health") as answer:  # our own
            return int(answer.status) == 200
    except URLError:
        return False
