"""A Debian of its own that is booted: systemd as PID 1, in namespaces of its own, on this kernel.

Needs root, debootstrap, a cgroup2 hierarchy. Its network is its own: nobody here meets its ports,
and it reaches no registry; what an installation takes from there is put into it before.
Knows nothing of Rokuon but what it needs from the registries.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.processes import family_of
from tests.scenarios.waiting import until

ROOT: Final = Path(__file__).parents[2]
ADDRESS: Final = "192.0.2.20"
WHEELS: Final = "/opt/wheels"
# As tests/bare/run takes it.
SUITE: Final = os.environ.get("SUITE", "trixie")
MIRROR: Final = os.environ.get("MIRROR", "http://deb.debian.org/debian")
PACKAGES: Final = tuple(ROOT / f"deploy/debian-packages-{each}.txt" for each in ("run", "compiler"))
LOCK: Final = ROOT / "requirements/run.txt"
# A time server's client, as deploy/install has it; what the page of moving the archive asks for.
_MORE: Final = ("chrony", "rsync")
_PATH: Final = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_VARIABLES: Final = (_PATH, "HOME=/root", f"PIP_FIND_LINKS={WHEELS}", "PIP_NO_INDEX=1")
_NAMESPACES: Final = ("--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup")
_VERSION: Final = ("python3", "-c", "import sys; print(*sys.version_info[:2], sep='.')")
BOOTED_WITHIN_S: Final = 120
_BOOT: Final = """\
set -eu
root=$1
mount --make-rprivate /
mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for each in null zero full random urandom tty; do
    touch dev/$each
    mount --bind /dev/$each dev/$each
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
ip link set lo up
ip link add wire type veth peer name other
ip addr add $2/24 dev wire
ip link set wire up
ip link set other up
pivot_root . mnt
cd /
umount -l /mnt
# As systemd has it where it is no container's.
mount --make-rshared /
exec env -i container=rokuon /lib/systemd/systemd
"""


def why_not() -> str:
    """Why no Debian can be booted here; "" where one can."""
    if os.geteuid() != 0:
        return "booting a Debian needs root"
    if shutil.which("debootstrap") is None:
        return "Debian's debootstrap is not there"
    return "" if _cgroups() else "there is no cgroup2 hierarchy here"


def _cgroups() -> str:
    found = subprocess.run(
        ["findmnt", "-n", "-t", "cgroup2", "-o", "TARGET"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found.stdout.partition("\n")[0]


def make_base() -> Path:
    """A clean Debian with the packages that run Rokuon and the wheels of the lock; made once."""
    lists = "".join(each.read_text() for each in PACKAGES)
    more = " ".join((SUITE, *_MORE))
    wanted = hashlib.sha256((lists + more).encode() + LOCK.read_bytes())
    base = ROOT / "build" / f"debian-{wanted.hexdigest()[:12]}"
    if (base / "made").exists():
        return base
    shutil.rmtree(base, ignore_errors=True)
    base.parent.mkdir(exist_ok=True)
    included = "--include=systemd,systemd-sysv,dbus,passwd"
    _run("debootstrap", "--variant=minbase", included, SUITE, str(base), MIRROR)
    for name in ("etc/resolv.conf", "etc/hosts"):
        shutil.copy(Path("/") / name, base / name)
    _in_base(base, "apt-get", "update", "-qq")
    # What deploy/install has apt do, too: its network is not ours.
    named = [line.split("#")[0].strip() for line in lists.splitlines()]
    packages = [*filter(None, named), *_MORE]
    _in_base(base, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)
    python = _in_base(base, *_VERSION)
    download(LOCK, base / WHEELS[1:], python.strip())
    (base / "made").touch()
    return base


def download(lock: Path, folder: Path, python: str) -> None:
    """The wheels of a lock for a version of Python."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    pip += ["--python-version", python, "--only-binary=:all:", "--require-hashes"]
    _run(*pip, "--requirement", str(lock), "--dest", str(folder))


def _in_base(base: Path, *words: str) -> str:
    return _run("chroot", str(base), "env", _PATH, "DEBIAN_FRONTEND=noninteractive", *words)


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout[-2_000:]}{done.stderr[-2_000:]}"
    return done.stdout


@dataclass(slots=True)
class Machine:
    """One, while it is on; it may be switched off and on again."""

    root: Path
    cgroup: Path
    process: subprocess.Popen[bytes] | None = None

    def boot(self) -> None:
        """Switch it on; its services have been started, or have failed, when this returns."""
        self.cgroup.mkdir(exist_ok=True)
        join = 'echo $$ > "$1/cgroup.procs"; shift; exec "$@"'
        shown = ["unshare", *_NAMESPACES, "--fork", "--kill-child"]
        command = ["sh", "-c", join, "sh", str(self.cgroup), *shown]
        command += ["sh", "-c", _BOOT, "sh", str(self.root), ADDRESS]
        with (self.root / "console.log").open("ab") as console:
            self.process = subprocess.Popen(command, stdout=console, stderr=console)
        until(self._is_up, "the machine", within_s=BOOTED_WITHIN_S)

    def _is_up(self) -> bool | None:
        assert self.process is not None
        assert self.process.poll() is None, (self.root / "console.log").read_text()[-2_000:]
        if len(family_of(self.process.pid)) == 1:
            return None
        # Kernel modules are not a container's to load: such a machine is up and `degraded`.
        state = self.run("systemctl", "is-system-running").stdout.strip()
        return state in {"running", "degraded"} or None

    def run(self, *words: str, told: str = "") -> subprocess.CompletedProcess[str]:
        """A command as its root."""
        assert self.process is not None
        init = family_of(self.process.pid)[1]
        inside = ["nsenter", "--target", str(init), "--all", "env", "-i", *_VARIABLES, *words]
        return subprocess.run(inside, capture_output=True, text=True, check=False, input=told)

    def python(self) -> str:
        """The version of its Python, as pip names it."""
        return self.run(*_VERSION).stdout.strip()

    def type(self, login: str, *words: str, expected: int = 0) -> str:
        """What somebody reads who is signed in there."""
        done = self.run("runuser", "-u", login, "--", *words)
        assert done.returncode == expected, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def switch_off(self) -> None:
        """In order, as its administrator does; by force where that does not come to an end."""
        if self.process is None:
            return
        if len(family_of(self.process.pid)) > 1:
            self.run("systemctl", "poweroff", "--no-block")
        try:
            self.process.wait(BOOTED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@contextmanager
def debian(folder: Path) -> Iterator[Machine]:
    """A clean one that is on, with this checkout at /root/rokuon, while the block lasts."""
    root, base = folder / "root", make_base()
    _run("cp", "-a", "--reflink=auto", str(base), str(root))
    _run("git", "-C", str(ROOT), "checkout-index", "-a", f"--prefix={root}/root/rokuon/")
    machine = Machine(root, Path(_cgroups()) / f"{folder.name}-{os.getpid()}")
    try:
        machine.boot()
        yield machine
    finally:
        machine.switch_off()
        for each in (*sorted(machine.cgroup.rglob("*/"), reverse=True), machine.cgroup):
            if each.is_dir():
                each.rmdir()
