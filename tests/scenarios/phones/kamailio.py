"""Kamailio as registrar with rtpengine in the way of media, and as the chooser among nodes.

They run `deploy/pbx/kamailio-registrar.cfg` and `deploy/pbx/kamailio-inline.cfg` themselves. Knows
nothing of who registers or calls.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tests.scenarios.phones import rtpengine
from tests.scenarios.phones.ports import signalling
from tests.scenarios.phones.rtpengine import said
from tests.scenarios.server import HOST
from tests.scenarios.waiting import met

_SHIPPED: Final = Path(__file__).parents[3] / "deploy/pbx"
_CHOOSER: Final = _SHIPPED / "kamailio-inline.cfg"
_REGISTRAR: Final = _SHIPPED / "kamailio-registrar.cfg"
# Groups and flags of the file of nodes.
_ALIVE, _LAST_RESORT = 1, 2
_NEVER_ASKED: Final = 32


def why_not() -> str:
    """Why it cannot run here; "" where it can."""
    missing = [name for name in ("kamailio", "rtpengine") if shutil.which(name) is None]
    return f"not on this machine: {', '.join(missing)}" if missing else ""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A Kamailio that runs."""

    process: subprocess.Popen[bytes]
    host: str
    port: int
    log: Path

    @property
    def target(self) -> str:
        """Its host and port."""
        return f"{self.host}:{self.port}"

    @property
    def uri(self) -> str:
        """Where phones register."""
        return f"sip:{self.target}"

    def says(self, text: str, *, within_s: float = 10.0) -> None:
        """Wait until its log has this."""
        met(lambda: text in self.log.read_text(), f"{text!r} of Kamailio", within_s=within_s)


@contextmanager
def chooser(
    folder: Path, nodes: Sequence[str], *, host: str = HOST, carrier: str = ""
) -> Iterator[Proxy]:
    """Each call goes to the first of the nodes (their URIs) that is alive, or takes it anyway.

    `carrier` is where a call for help goes that none of them takes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / "nodes.list"
    table.write_text(
        "".join(
            f"{group} {uri} {flags} {priority}\n"
            for group, flags in ((_ALIVE, 0), (_LAST_RESORT, _NEVER_ASKED))
            for priority, uri in enumerate(reversed(nodes), 1)
        )
    )
    words = {"NODES": str(table)} | ({"CARRIER": carrier} if carrier else {})
    with _kamailio(folder, _CHOOSER, host, words) as proxy:
        yield proxy


@contextmanager
def registrar(
    folder: Path,
    users: Mapping[str, str],
    *,
    host: str = HOST,
    recorder: str = "",
    words: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Proxy]:
    """Users (and their passwords) register and call each other, their media through rtpengine.

    With a `recorder` (host and port) every call passes there; `words` are defined besides.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f'    $sht(users=>{user}) = "{key}";\n' for user, key in users.items())
    (folder / "rokuon-users.cfg").write_text(f"event_route[htable:mod-init] {{\n{lines}}}\n")
    shutil.copy(_REGISTRAR, folder)
    with rtpengine.running(host) as engine:
        passes = {"UNRECORDED": "yes"}
        if recorder:
            address = recorder.rpartition(":")[0]
            passes = {"RECORDER": f"sip:{recorder}", "RECORDER_ADDRESS": address}
        told = {"ENGINE": f"udp:{host}:{engine}", **passes, **words}
        with _kamailio(folder, folder / _REGISTRAR.name, host, told) as proxy:
            yield proxy


@contextmanager
def _kamailio(folder: Path, file: Path, host: str, words: Mapping[str, str]) -> Iterator[Proxy]:
    port, log = signalling(host)[0], folder / "kamailio.log"
    command = ["kamailio", "-f", str(file), "-DD", "-E", "-m", "32", "-M", "4"]
    # Sockets and the process number where nobody else's are.
    command += ["-Y", str(folder), "-P", str(folder / "kamailio.pid"), "-w", str(folder)]
    command += ["-A", f"LISTEN=udp:{host}:{port}"]
    for name, value in words.items():
        command += ["-A", f'{name}="{value}"']
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, process_group=0
        )
    try:
        proxy = Proxy(process, host, port, log)
        met(lambda: _answers(proxy), "Kamailio")
        yield proxy
    finally:
        # It has nothing to keep. Told to end, it now and then waits for a child that is gone.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(proxy: Proxy) -> bool:
    """Whether it says anything to OPTIONS."""
    assert proxy.process.poll() is None, proxy.log.read_text()
    words = (
        f"OPTIONS sip:{proxy.target} SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP {HOST};branch=z9hG4bKready;rport\r\n"
        f"From: <sip:test@{HOST}>;tag=ready\r\nTo: <sip:{proxy.target}>\r\n"
        f"Call-ID: ready\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
    )
    return said(proxy.host, proxy.port, words.encode()).startswith(b"SIP/2.0 ")
