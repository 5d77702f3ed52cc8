"""A second node beside a Rokuon: its own capture and spool, one archive, catalog and keys.

Set up as `deploy/README.md` has an administrator do it. Knows the command line and the files.
"""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from bench.processes import family_of
from tests.crash.whole import is_gone, rokuon_command, start_part, stop_all
from tests.scenarios.server import Server, free_media, free_ports
from tests.scenarios.waiting import met

_PUBLIC: Final = ("intake-keys.json", "signing.pub")
_SHARED: Final = """\
[archive]
path = "{var}/archive"
[catalog]
url = "sqlite:///{var}/catalog/catalog.db"
[keys]
path = "{var}/keys"
"""


@dataclass(slots=True)
class SecondNode:
    """A capture that runs, and its keeper."""

    server: Server
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, part: str) -> None:
        """`rokuon serve PART`; ready when this returns."""
        command = rokuon_command(self.server.configuration, "serve", part)
        self._processes[part] = start_part(command, self.server.folder / f"{part}.log")

    def lose_capture(self) -> None:
        """kill -9 of all that takes calls, the last first; the spool stays."""
        process = self._processes.pop("capture")
        family = family_of(process.pid)
        os.kill(process.pid, signal.SIGSTOP)
        for pid in reversed(family):
            os.kill(pid, signal.SIGKILL)
        process.wait()
        met(lambda: all(map(is_gone, family)), "the end of capture")

    def stop(self) -> None:
        """SIGTERM to what is left."""
        stop_all(list(self._processes.values()))


@contextmanager
def second_node(first: Server) -> Iterator[SecondNode]:
    """Serve beside the first one while the block lasts."""
    folder, var = first.folder / "second", first.folder / "var"
    (folder / "var/capture").mkdir(parents=True)
    (sip, tls, metrics), media = free_ports(3), free_media()
    text = first.configuration.read_text()
    for name, value in (
        ("port = (?=.*\ntls_port)", sip), ("tls_port = ", tls), ("first_port = ", media[0]),
        ("last_port = ", media[-1] - 1), (r"\[metrics\]\nport = ", metrics),
    ):  # fmt: skip
        text = re.sub(rf"({name})\d+", rf"\g<1>{value}", text)
    text = text.replace('data = "var"', f'data = "{folder}/var"')
    for name in ("node.crt", "node.key"):
        shutil.copy(first.folder / name, folder)
    for name in _PUBLIC:
        shutil.copy(var / "keys" / name, folder / "var/capture")
    server = replace(
        first, folder=folder, sip_port=sip, tls_port=tls, metrics_port=metrics, media=media
    )
    server.configuration.write_text(_SHARED.format(var=var) + text)
    node = SecondNode(server)
    try:
        node.start("capture")
        for public in (folder / "var/capture").glob("*.pub"):
            if public.name not in _PUBLIC:
                shutil.copy(public, var / "keys/nodes")
        node.start("keeper")
        yield node
    finally:
        node.stop()
