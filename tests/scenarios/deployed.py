"""Rokuon as `deploy/` ships it: each unit with its user, its groups, what it may see, write, call.

Users are numbers without names. Read from the units themselves, so that what is tried is what is
shipped. Knows the command line; run as root.
"""

import json
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from archive.keys.store.key_service import create_passphrase
from bench.processes import family_of
from tests.crash.split import interpreter
from tests.crash.whole import part_of, start_part, stop_all
from tests.scenarios import call_filter
from tests.scenarios.server import HOST, STRANGER, Server, free_media, free_ports

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
# In the order of `deploy/install`.
PARTS: Final = ("keys", "capture", "keeper", "retention", "api")
_FIRST_ID: Final = 21_000
_SOURCE: Final = f"""
[[source]]
name = "trial"
address = ["{STRANGER}/32"]
zone = "UTC"
queue = "trial"
internal_domains = ["pbx.example"]
"""
# As `ProtectSystem=strict` does: nothing below the site may be written but what the unit names.
_CONFINED: Final = """\
set -e
site=$1 writable=$2 fixed=$3 hidden=$4
shift 4
again() { mount --bind "$1" "$1"; mount -o "remount,bind,$2" "$1"; }
again "$site" ro
for each in $writable; do again "$each" rw; done
for each in $fixed; do again "$each" ro; done
for each in $hidden; do [ ! -e "$each" ] || mount -t tmpfs -o mode=000,ro none "$each"; done
exec "$@"
"""
_LIMITS: Final = {
    "LimitCORE": ("core", resource.RLIMIT_CORE),
    "LimitNOFILE": ("nofile", resource.RLIMIT_NOFILE),
    "LimitMEMLOCK": ("memlock", resource.RLIMIT_MEMLOCK),
}
_SOCKETS: Final = ("adopt", "open", "destroy")


@dataclass(slots=True)
class Site:
    """Folders and configuration of a machine, and the units that run."""

    folder: Path
    ids: dict[str, int] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def here(self, text: str) -> str:
        """A text of `deploy/` with the places and the numbers of this site."""
        for there, here in (
            ("/var/lib/rokuon", "var"), ("/var/spool/rokuon", "spool"), ("/etc/rokuon", "."),
        ):  # fmt: skip
            text = text.replace(there, str(self.folder / here))
        return text

    def number_of(self, name: str) -> int:
        """The number of a user or group."""
        return 0 if name == "root" else self.ids.setdefault(name, _FIRST_ID + len(self.ids))

    def make_folders(self) -> None:
        """What systemd-tmpfiles makes of `rokuon.tmpfiles`."""
        for line in self.here((DEPLOY / "systemd/rokuon.tmpfiles").read_text()).splitlines():
            match line.split():
                case ["d", path, mode, user, group, "-"]:
                    Path(path).mkdir(exist_ok=True)
                    os.chown(path, self.number_of(user), self.number_of(group))
                    Path(path).chmod(int(mode, 8))
                case ["a+", path, *_, acl]:
                    acl = re.sub(r"rokuon-\w+", lambda it: str(self.number_of(it[0])), acl)
                    subprocess.run(["setfacl", "-m", acl, path], check=True)

    def _unit(self, part: str) -> dict[str, str]:
        text = self.here((DEPLOY / f"systemd/rokuon-{part}.service").read_text())
        lines = (line.partition("=") for line in text.splitlines() if line[:1].isalpha())
        return {name: value for name, _, value in lines}

    def as_unit(self, part: str, *words: str) -> list[str]:
        """A command line of `rokuon` with the user, the groups and the view of a unit."""
        return self.as_user_of(part, "-m", "rokuon", "--config", str(self.configuration), *words)

    def as_user_of(self, part: str, *words: str) -> list[str]:
        """The same of any code."""
        unit = self._unit(part)
        user = str(self.number_of(unit["User"]))
        groups = [str(self.number_of(each)) for each in unit["SupplementaryGroups"].split()]
        paths = (
            unit.get(name, "").replace("-/", "/")
            for name in ("ReadWritePaths", "ReadOnlyPaths", "InaccessiblePaths")
        )
        confined = ("unshare", "--mount", "sh", "-c", _CONFINED, "sh", str(self.folder), *paths)
        known = ("setpriv", "--reuid", user, "--regid", user, "--groups", ",".join(groups))
        limited = [*_limits(unit), *known, "--bounding-set=-all", "--no-new-privs"]
        return [*confined, *limited, *self._filtered(part, unit), str(interpreter()), *words]

    def _filtered(self, part: str, unit: dict[str, str]) -> list[str]:
        """The option by which the kernel refuses what the unit's filter does, where one can be."""
        if call_filter.why_not():
            return []
        file = self.folder / f"{part}.filter"
        if not file.exists():
            call_filter.write_filter(unit, file)
        return ["--seccomp-filter", str(file)]

    def hand_over_list(self) -> None:
        """What `rokuon-intake-list.service` does when the list changes, with its own words."""
        command = shlex.split(self._unit("intake-list")["ExecStart"])
        subprocess.run([self._named(word) for word in command], check=True)

    def _named(self, word: str) -> str:
        """A word, the number instead of a user of ours."""
        return str(self.number_of(word)) if word.startswith("rokuon-") else word

    @property
    def configuration(self) -> Path:
        """Of all parts."""
        return self.folder / "rokuon.toml"

    def configure(self) -> Server:
        """What `deploy/rokuon.toml` says, with addresses and ports of this machine."""
        (sip, tls, http, metrics, of_api), media = free_ports(5), free_media(HOST)
        text = self.here((DEPLOY / "rokuon.toml").read_text())
        for there, here in {
            '"0.0.0.0"': f'"{HOST}"', '"192.0.2.20"': f'"{HOST}"', "[rtp]": f"port = {sip}\n[rtp]",
            "10000": f"{media[0]}", "29998": f"{media[-1] - 1}", "9464": f"{metrics}",
            "9465": f"{of_api}", "[http]": f"[http]\nport = {http}",
            "[spool]": "[spool]\nmin_free_bytes = 0", "[node]": '[node]\nclock = "host"',
            **{f'"rokuon-{it}"': f'"{self.number_of(f"rokuon-{it}")}"' for it in _SOCKETS},
        }.items():  # fmt: skip
            text = text.replace(there, here)
        self.configuration.write_text(text + _SOURCE)
        return Server(self.folder, HOST, sip, tls, http, metrics, media, process_id=0)

    def start(self, part: str) -> None:
        """As its unit does; ready when this returns."""
        log = self.folder / f"{part}.log"
        self.processes[part] = start_part(self.as_unit(part, "serve", part), log, _environment())

    def start_all(self) -> None:
        """In the order of `deploy/install`, which copies the node's key as here."""
        keys, capture = self.folder / "var/keys", self.folder / "var/capture"
        for part in PARTS:
            if part == "keeper":
                for each in capture.glob("*.pub"):
                    if each.name != "signing.pub":
                        self._copy(each, keys / "nodes", "rokuon-keys")
            self.start(part)
            if part == "keys":
                self.hand_over_list()

    def run(self, part: str, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of `rokuon` as the user of a unit, with its groups, limits and view."""
        return subprocess.run(
            self.as_unit(part, *words), capture_output=True, text=True, check=False,
            env=_environment(),
        )  # fmt: skip

    def overtake(self, part: str) -> dict[str, Any]:
        """What somebody does who has taken a part over (`overtaken.py`)."""
        return self._printed(part, "-m", "tests.scenarios.overtaken", str(self.folder / "var"))

    def code(self, part: str, code: str) -> dict[str, Any]:
        """What code prints that runs as a unit does."""
        return self._printed(part, "-c", code)

    def _printed(self, part: str, *words: str) -> dict[str, Any]:
        done = subprocess.run(
            self.as_user_of(part, *words), capture_output=True, text=True, check=False,
            env=_environment(),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    def locked(self) -> set[str]:
        """The processes of which the kernel keeps memory out of swap (proc(5), VmLck)."""
        family = (pid for each in self.processes.values() for pid in family_of(each.pid))
        return {part_of(pid) for pid in family if _locked_kib(pid)}

    def _copy(self, file: Path, folder: Path, owner: str) -> None:
        shutil.copy(file, folder)
        (folder / file.name).chmod(0o644)
        os.chown(folder / file.name, self.number_of(owner), self.number_of(owner))


@contextmanager
def deployed(folder: Path) -> Iterator[tuple[Site, Server]]:
    """All units, while the block lasts."""
    folder.chmod(0o755)
    site = Site(folder)
    site.make_folders()
    passphrase = folder / "var/keys/passphrase"
    create_passphrase(passphrase)
    os.chown(passphrase, site.number_of("rokuon-keys"), site.number_of("rokuon-keys"))
    server = site.configure()
    try:
        site.start_all()
        yield site, server
    finally:
        stop_all([*site.processes.values()])


def _locked_kib(process_id: int) -> int:
    lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmLck:"))


def _limits(unit: dict[str, str]) -> list[str]:
    """The command that sets what a unit limits (`Limit…=`).

    Where a limit may not be raised, to what there is, as systemd does.
    """
    command = ["prlimit"]
    for name, (word, kind) in _LIMITS.items():
        if name in unit:
            wanted = -1 if unit[name] == "infinity" else int(unit[name])
            limit = wanted if may_set(kind, wanted) else resource.getrlimit(kind)[1]
            command.append(f"--{word}={'unlimited' if limit == -1 else limit}")
    return command


def may_set(kind: int, limit: int) -> bool:
    """Whether this process may give that limit to another one; not in every container."""
    hard = resource.getrlimit(kind)[1]
    if hard in (resource.RLIM_INFINITY, limit) or 0 <= limit <= hard:
        return True
    try:
        resource.setrlimit(kind, (resource.getrlimit(kind)[0], limit))
    except ValueError:
        return False
    return True


def _environment() -> dict[str, str]:
    """Where that Python finds what ours has, behind what a test puts in front."""
    paths = (os.environ.get("PYTHONPATH", ""), *(path or str(Path.cwd()) for path in sys.path))
    return {**os.environ, "PYTHONPATH": ":".join(filter(None, paths))}
