"""Starts the recorder as an operator would, in a folder of its own, and stops it again.

Knows its command line and its configuration file, nothing of its inside.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.processes import family_of
from rokuon.selftest.signalling import PeerGone, PeerSilent, Target, connect

FIRST_RTP_PORT: Final = 10_000
# Up to the kernel's ephemeral ports: 11,384 pairs, 5,692 calls. Wider than the default.
LAST_RTP_PORT: Final = 32_766
# First start makes keys and a database; a slow disk, or a busy machine, needs its time.
READY_WITHIN_S: Final = 120.0
PORTS_TRIED: Final = 20
ASK_EVERY_S: Final = 0.2
STOP_WITHIN_S: Final = 30.0
HEALTH_WITHIN_S: Final = 2.0
REFUSING: Final = "new calls are refused"
_CONFIG: Final = """\
[node]
data = "{data}"

[sip]
port = {sip_port}

[rtp]
first_port = {first}
last_port = {last}
quarantine_s = {quarantine}

[limits]
max_calls = {max_calls}

[http]
port = {http_port}
requests_per_s = 100_000
burst = 100_000
"""


class ServerDidNotStart(Exception):
    """It ended, or did not answer OPTIONS in time; its log says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A recorder that answers."""

    process: subprocess.Popen[bytes]
    config: Path
    log: Path
    sip_port: int
    http_port: int

    @property
    def pids(self) -> list[int]:
        """All its processes at this instant."""
        return family_of(self.process.pid)

    def stop(self) -> int:
        """Ask it to end, wait, and insist where it does not; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            for pid in reversed(self.pids):
                os.kill(pid, signal.SIGKILL)
            return self.process.wait()


def free_port() -> int:
    """A port that nobody has bound, for TCP and UDP. Raises `OSError` where none is found."""
    for _ in range(PORTS_TRIED - 1):
        with suppress(OSError):
            return _bound_once()
    return _bound_once()


def _bound_once() -> int:
    """A port of TCP; what is free there may be taken for UDP."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        tcp.bind(("127.0.0.1", 0))
        port = int(tcp.getsockname()[1])
        udp.bind(("127.0.0.1", port))
        return port


def data_of(workdir: Path) -> Path:
    """Where its data lies; whole, for a path in the file would begin at the file's folder."""
    return workdir.resolve() / "var"


def start_rokuon(
    workdir: Path,
    *,
    max_calls: int = 5_000,
    quarantine_s: int = 30,
    rtp_ports: tuple[int, int] = (FIRST_RTP_PORT, LAST_RTP_PORT),
    more: str = "",
    first: tuple[str, ...] = ("--one-person",),
) -> Running:
    """`rokuon serve` with its data in `workdir`; it answers when this returns.

    `rtp_ports` are the first of its first and of its last pair: another program's are none, and
    without any it refuses every call. `more` are further lines of its configuration, which ends in
    the table `http`, `first` says who its first user is. Raises `ServerDidNotStart`.
    """
    sip_port, http_port = free_port(), free_port()
    config, log = workdir / "rokuon.toml", workdir / "serve.log"
    config.write_text(
        _CONFIG.format(
            data=data_of(workdir),
            sip_port=sip_port,
            http_port=http_port,
            first=rtp_ports[0],
            last=rtp_ports[1],
            quarantine=quarantine_s,
            max_calls=max_calls,
        )
        + more
    )
    command = [sys.executable, "-m", "rokuon", "--config", str(config), "serve", *first]
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
    running = Running(
        process=process, config=config, log=log, sip_port=sip_port, http_port=http_port
    )
    with ExitStack() as unless_ready:
        unless_ready.callback(running.stop)
        if not _answers_in_time(running):
            unless_ready.close()
            raise ServerDidNotStart(log.read_text(errors="replace")[-2_000:])
        unless_ready.pop_all()
    return running


@contextmanager
def fresh_rokuon(*, max_calls: int = 5_000) -> Iterator[Running]:
    """A recorder with an empty archive for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as folder:
        running = start_rokuon(Path(folder), max_calls=max_calls)
        try:
            yield running
        finally:
            running.stop()


def refusals(log: str) -> tuple[str, ...]:
    """Why the recorder refused calls for want of something, as its log says, each reason once."""
    reasons: dict[str, None] = {}
    for line in log.splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue  # what is meant for people
        if isinstance(said, dict) and said.get("event") == REFUSING:
            reasons[str(said.get("reason"))] = None
    return tuple(reasons)


def _answers_in_time(running: Running) -> bool:
    """Whether SIP and then the API answer; the API is the part that is started last."""
    until_s = time.monotonic() + READY_WITHIN_S
    while running.process.poll() is None and time.monotonic() < until_s:
        options = asyncio.run(_answers_options(Target(port=running.sip_port)))
        if options and _is_healthy(running.http_port):
            return True
        time.sleep(ASK_EVERY_S)
    return False


def _is_healthy(port: int) -> bool:
    address = f"http://127.0.0.1:{port}/api/v1/health"
    try:
        with urllib.request.urlopen(address, timeout=HEALTH_WITHIN_S) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


async def _answers_options(target: Target) -> bool:
    async with connect(target) as signalling:
        probe = b"".join((
            b"OPTIONS sip:srs@", target.address, b" SIP/2.0\r\nVia: SIP/2.0/UDP ",
            signalling.local, b";branch=z9hG4bKready;rport\r\nMax-Forwards: 70\r\n",
            b"From: <sip:bench@", signalling.local, b">;tag=ready\r\nTo: <sip:srs@",
            target.address, b">\r\nCall-ID: ready@", signalling.local,
            b"\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
        ))  # fmt: skip
        try:
            async with asyncio.timeout(1.0):
                response = await signalling.request(probe, b"z9hG4bKready")
        except (PeerGone, PeerSilent, TimeoutError):
            return False
        return response.status == 200
