"""A deployment as `deploy/README.md` describes it: a configuration, a folder and a user per part.

Users are numbers without names, the seams between them groups, as in `deploy/systemd`. Knows the
command line and the configuration; run as root.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from archive.keys.store.key_service import create_passphrase
from rokuon.config.load import load
from rokuon.config.schema import Config
from tests.crash.whole import (
    RTP_PORTS,
    free_ports,
    free_rtp_block,
    rokuon_command,
    start_part,
    stop_all,
)

USERS: Final = {"keys": 20_001, "capture": 20_002, "keeper": 20_003, "api": 20_004}
SPOOL, ADOPT, OPEN, ARCHIVE = 20_010, 20_011, 20_012, 20_013
GROUPS: Final = {
    "keys": (ADOPT, OPEN),
    "capture": (SPOOL,),
    "keeper": (SPOOL, ADOPT, ARCHIVE),
    "api": (OPEN, ARCHIVE),
}
_CONFIG: Final = """\
[node]
data = "{site}/{part}"
clock = "host"

[sip]
port = {sip_port}

[http]
port = {http_port}

[rtp]
first_port = {first_rtp}
last_port = {last_rtp}

[media]
workers = 1

[spool]
path = "{site}/spool"
min_free_bytes = 0
min_free_inodes = 0

[archive]
path = "{site}/archive"

[catalog]
url = "sqlite:///{site}/catalog/catalog.db"

[keys]
path = "{keys}"
passphrase_file = "{keys}/passphrase"
keeper_group = "{adopt}"
api_group = "{open}"
"""


@dataclass(slots=True)
class Split:
    """A site whose parts share nothing but what they must."""

    site: Path
    sip_port: int = 0
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site.chmod(0o755)
        self.sip_port, http_port = free_ports(2)
        first_rtp = free_rtp_block()
        for part in USERS:
            # Capture is not even told where the keys are.
            keys = self.site / ("keys" if part != "capture" else "capture/keys")
            text = _CONFIG.format(
                site=self.site, part=part, sip_port=self.sip_port, http_port=http_port,
                first_rtp=first_rtp, last_rtp=first_rtp + RTP_PORTS - 2, keys=keys,
                adopt=ADOPT, open=OPEN,
            )  # fmt: skip
            self.file(part).write_text(text)
        self._make_folders()

    def _make_folders(self) -> None:
        """`deploy/systemd/rokuon.tmpfiles`, with numbers for names."""
        own = USERS
        for name, mode, user, group in (
            ("keys", 0o751, own["keys"], own["keys"]),
            ("keys/nodes", 0o755, own["keys"], own["keys"]),
            ("capture", 0o700, own["capture"], own["capture"]),
            ("capture/capture", 0o700, own["capture"], own["capture"]),
            ("capture/run", 0o700, own["capture"], own["capture"]),
            ("spool", 0o2770, own["capture"], SPOOL),
            ("archive", 0o2750, own["keeper"], ARCHIVE),
            ("catalog", 0o2770, own["keeper"], ARCHIVE),
            ("keeper", 0o700, own["keeper"], own["keeper"]),
            ("keeper/pages", 0o700, own["keeper"], own["keeper"]),
            ("api", 0o700, own["api"], own["api"]),
        ):
            (self.site / name).mkdir()
            os.chown(self.site / name, user, group)
            (self.site / name).chmod(mode)
        passphrase = self.site / "keys/passphrase"
        create_passphrase(passphrase)
        os.chown(passphrase, own["keys"], own["keys"])

    def file(self, part: str) -> Path:
        """The configuration of a part."""
        return self.site / f"{part}.toml"

    def config(self, part: str) -> Config:
        """The same, read."""
        return load(self.file(part))

    def start_all(self) -> None:
        """In the order of `deploy/README.md`, the public lists copied by the administrator."""
        self.start("keys")
        for name in ("intake-keys.json", "signing.pub"):
            self.copy(self.site / "keys" / name, self.site / "capture/capture", "capture")
        self.start("capture")
        for public in (self.site / "capture/capture").glob("*.pub"):
            if public.name != "signing.pub":
                self.copy(public, self.site / "keys/nodes", "keys")
        self.start("keeper")
        self.start("api")

    def start(self, part: str) -> None:
        """`rokuon serve PART` as its user; ready when this returns."""
        command = as_user(part, "serve", part, config=self.file(part))
        self._processes.append(start_part(command, self.site / f"{part}.log", environment()))

    def copy(self, file: Path, folder: Path, part: str) -> None:
        """Copy a public file and give it to the user of a part."""
        shutil.copy(file, folder)
        # As `install -m 0644` does: who verifies reads the nodes' keys.
        (folder / file.name).chmod(0o644)
        os.chown(folder / file.name, USERS[part], USERS[part])

    def run(self, part: str, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of `rokuon` as the user of a part, with its configuration."""
        return self._run(as_user(part, *words, config=self.file(part)), environment())

    def run_as_root(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of `rokuon` as root, which asks the API."""
        return self._run(list(rokuon_command(self.file("api"), *words)), dict(os.environ))

    def _run(
        self, command: list[str], variables: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=60, cwd=self.site,
            env=variables,
        )  # fmt: skip

    def stop(self) -> None:
        """SIGTERM to each, the last first."""
        stop_all(self._processes)


@cache
def interpreter() -> str:
    """A Python with which other users can run this checkout; "" where they cannot.

    Ours may be root's, and the checkout may lie in a folder of root's alone.
    """
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    again = (
        "import subprocess, sys;subprocess.run([sys.executable, '-c', 'import rokuon'], check=True)"
    )
    nobody = ["setpriv", "--reuid", "20000", "--regid", "20000", "--clear-groups", "--"]
    for path in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        tried = subprocess.run(
            [*nobody, path, "-c", again],
            capture_output=True,
            check=False,
            cwd="/",
            env=environment(),
        )
        if tried.returncode == 0:
            return path
    return ""


def environment() -> dict[str, str]:
    """Where that Python finds what ours has."""
    return {**os.environ, "PYTHONPATH": ":".join(path or str(Path.cwd()) for path in sys.path)}


def as_user(part: str, *words: str, config: Path) -> list[str]:
    """A command line of `rokuon` that runs as the user of a part and in its groups alone."""
    user = str(USERS[part])
    groups = ",".join(map(str, GROUPS[part]))
    command = ["setpriv", "--reuid", user, "--regid", user, "--groups", groups, "--"]
    return [*command, interpreter(), *rokuon_command(config, *words)[1:]]
