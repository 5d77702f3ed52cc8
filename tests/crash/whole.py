"""A whole Rokuon in a folder of its own, started as an operator would, and killed as nobody would.

Knows its command line and its configuration file. It signals only processes that it started.
"""

import os
import random
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.processes import family_of
from rokuon.config.load import load
from rokuon.config.schema import Config
from rokuon.machine.notify import NOTIFY_VARIABLE, READY

# 110 pairs, for 50 calls with two streams; blocks, so that several runs find room, and for each
# process of a parallel test run its own, so that two do not choose the same at the same moment.
RTP_PORTS: Final = 220
# Above what the kernel gives away by itself: the default range may belong to a Rokuon at work.
_BLOCKS: Final = range(61_000, 62_980, RTP_PORTS)
_PROCESS: Final = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PROCESSES: Final = min(len(_BLOCKS), int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
_RTP_BLOCKS: Final = _BLOCKS[_PROCESS % _PROCESSES :: _PROCESSES]
# As the configuration below says.
WORKERS: Final = 2
# Python, its libraries and a new key store, on a machine that does other things as well.
START_WITHIN_S: Final = 150.0
STOP_WITHIN_S: Final = 40.0
POLL_S: Final = 0.01
SUPERVISORS: Final = ("", "capture")
# Where SIP and HTTP of these tests lie.
_PORTS: Final = range(7_000, 8_000)
_CONFIG: Final = """\
[node]
data = "{data}"
clock = "host"

[sip]
port = {sip_port}

[http]
port = {http_port}

[rtp]
first_port = {first_rtp}
last_port = {last_rtp}
quarantine_s = 1

[media]
workers = 2

[spool]
min_free_bytes = 0
min_free_inodes = 0
"""


class NotInTime(AssertionError):
    """What was waited for did not come."""


def wait_until(holds: Callable[[], bool], *, within_s: float, what: str) -> float:
    """Ask until it holds; after how many seconds it did. Raises `NotInTime`."""
    begun_s = time.monotonic()
    while not holds():
        if time.monotonic() - begun_s > within_s:
            raise NotInTime(f"{what}: not within {within_s:g} s")
        time.sleep(POLL_S)
    return time.monotonic() - begun_s


def is_free(port: int, *kinds: socket.SocketKind) -> bool:
    """Whether nobody has bound that port."""
    for kind in kinds:
        with socket.socket(type=kind) as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def free_ports(count: int) -> list[int]:
    """Ports of ours that nobody has, for UDP and TCP."""
    both = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
    found = [port for port in random.sample(_PORTS, 10 * count) if is_free(port, *both)]
    return found[:count]


def free_rtp_block() -> int:
    """The first port of a block for RTP that nobody uses, waited for. Raises `NotInTime`."""
    found: list[int] = []

    def is_one_free() -> bool:
        for first in random.sample(_RTP_BLOCKS, len(_RTP_BLOCKS)):
            if all(is_free(port, socket.SOCK_DGRAM) for port in range(first, first + RTP_PORTS)):
                found.append(first)
                return True
        return False

    wait_until(is_one_free, within_s=START_WITHIN_S, what="a free block of RTP ports")
    return found[0]


def own_rtp_ports() -> tuple[int, int]:
    """Of a block that nobody uses, the first ports of the first and of the last pair."""
    first = free_rtp_block()
    return first, first + RTP_PORTS - 2


def state_of(pid: int) -> str:
    """The letter of proc(5); "" for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_gone(pid: int) -> bool:
    """Whether a process has ended (a zombie has)."""
    return state_of(pid) in ("", "Z", "X")


def part_of(pid: int) -> str:
    """Which part a process is: `keys`, `ingest-1`, …; "" for the supervisor of all."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    said = words[words.index("serve") + 1 : -1] if "serve" in words else []
    return f"{said[0]}-{said[2]}" if said[1:2] == ["--number"] else "".join(said[:1])


@dataclass(slots=True)
class Whole:
    """Configuration, folder, and the processes that run now."""

    folder: Path
    sip_port: int = 0
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sip_port, http_port = free_ports(2)
        first_rtp = free_rtp_block()
        text = _CONFIG.format(
            data=self.folder / "var",
            sip_port=self.sip_port,
            http_port=http_port,
            first_rtp=first_rtp,
            last_rtp=first_rtp + RTP_PORTS - 2,
        )
        self.file.write_text(text)

    @property
    def file(self) -> Path:
        return self.folder / "rokuon.toml"

    @property
    def log(self) -> Path:
        return self.folder / "serve.log"

    @property
    def config(self) -> Config:
        return load(self.file)

    def command(self, *words: str) -> list[str]:
        """A command line of `rokuon` with this configuration."""
        return rokuon_command(self.file, *words)

    def start(self, *part: str) -> None:
        """`rokuon serve`, all of it or one part; it is ready when this returns (sd_notify)."""
        self._processes.append(start_part(self.command("serve", *part), self.log))

    @property
    def pids(self) -> list[int]:
        """All processes that run now, the supervisors first."""
        roots = [process.pid for process in self._processes if process.poll() is None]
        return [pid for root in roots for pid in family_of(root)]

    def pid_of(self, name: str) -> int | None:
        """The process of a part, None while there is none."""
        return next((pid for pid in self.pids if part_of(pid) == name and not is_gone(pid)), None)

    def running(self, name: str) -> int:
        """The process of a part, waited for."""
        found: list[int] = []

        def is_there() -> bool:
            found[:] = [pid for pid in (self.pid_of(name),) if pid is not None]
            return bool(found)

        wait_until(is_there, within_s=START_WITHIN_S, what=name)
        return found[0]

    def kill(self, name: str) -> int:
        """kill -9 of one process; it is dead when this returns."""
        pid = self.running(name)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: is_gone(pid), within_s=STOP_WITHIN_S, what=f"the end of {name}")
        return pid

    def kill_everything(self) -> None:
        """kill -9 of all processes, the last ones first.

        Supervisors are stopped before, so that nobody is started again; a child whose supervisor
        dies first would get SIGTERM and end its calls in order.
        """
        pids = self.pids
        for pid in pids:
            if part_of(pid) in SUPERVISORS:
                os.kill(pid, signal.SIGSTOP)
        for pid in reversed(pids):
            os.kill(pid, signal.SIGKILL)
        for process in self._processes:
            process.wait()
        wait_until(lambda: all(map(is_gone, pids)), within_s=STOP_WITHIN_S, what="the end of all")
        self._processes.clear()

    def stop(self) -> None:
        """SIGTERM, as an operator would."""
        stop_all(self._processes)


def rokuon_command(config: Path, *words: str) -> list[str]:
    """A command line of `rokuon`."""
    return [sys.executable, "-m", "rokuon", "--config", str(config), *words]


def start_part(
    command: list[str], log: Path, environment: Mapping[str, str] = os.environ
) -> subprocess.Popen[bytes]:
    """Start a part; it is ready when this returns (sd_notify). Raises `NotInTime`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear, log.open("ab") as said:
        ear.bind("")  # the kernel chooses a name in the abstract namespace
        ear.settimeout(0)
        name = "@" + ear.getsockname()[1:].decode()
        process = subprocess.Popen(
            command,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**environment, NOTIFY_VARIABLE: name},
        )
        # Unlike select, poll takes descriptors beyond 1,023: who runs all tests has many open.
        heard = select.poll()
        heard.register(ear, select.POLLIN)
        try:
            wait_until(
                lambda: bool(heard.poll(1_000 * POLL_S)) or process.poll() is not None,
                within_s=START_WITHIN_S,
                what="the start",
            )
        except NotInTime:
            # Nobody else knows of it.
            stop_all([process])
            raise
        assert process.poll() is None, log.read_text()[-2_000:]
        assert READY in ear.recv(4_096)
    return process


def stop_all(processes: list[subprocess.Popen[bytes]]) -> None:
    """SIGTERM to each, the last first, and wait; -9 to whoever overstays."""
    while processes:
        process = processes.pop()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            for pid in reversed(family_of(process.pid)):
                os.kill(pid, signal.SIGKILL)
            process.wait()


def options(local_port: int, port: int, transport: bytes, branch: bytes = b"z9hG4bKalive") -> bytes:
    """An OPTIONS request that asks whether somebody is there (RFC 3261 §11)."""
    local, server = b"127.0.0.1:%d" % local_port, b"127.0.0.1:%d" % port
    return b"".join((
        b"OPTIONS sip:srs@", server, b" SIP/2.0\r\nVia: SIP/2.0/", transport, b" ", local,
        b";branch=", branch, b";rport\r\nMax-Forwards: 70\r\nFrom: <sip:crash@", local,
        b">;tag=alive\r\nTo: <sip:srs@", server, b">\r\nCall-ID: ", branch, b"@", local,
        b"\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
    ))  # fmt: skip
