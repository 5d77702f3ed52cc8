"""What has to stand beside a figure: the machine and the versions it was measured with.

Knows nothing of the measurements.
"""

import importlib.metadata
import os
import platform
import resource
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.awake import rested_page_us

PACKAGES: Final = ("numpy", "cryptography", "sqlalchemy", "fastapi", "uvicorn")
SYSTEM_SETTINGS: Final = ("net/core/rmem_max", "net/core/rmem_default", "net/ipv4/udp_mem")
ROOT: Final = Path(__file__).parents[1]


def first_line(command: list[str]) -> str:
    """The first line that a command says, or that it is not there."""
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "not installed"
    return (said.stdout + said.stderr).strip().partition("\n")[0]


def cpu_model(cpuinfo: str) -> str:
    """The model's name in the text of /proc/cpuinfo, else the machine's."""
    for line in cpuinfo.splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def volume_of(folder: str, mounts: str) -> str:
    """The kind of file system that `folder` lies on, by the text of /proc/self/mounts."""
    best, kind = "", "unknown"
    for line in mounts.splitlines():
        _, mounted, filesystem, *_ = line.split()
        inside = Path(folder).is_relative_to(mounted)
        if inside and len(mounted) >= len(best):
            best, kind = mounted, filesystem
    return kind


def _memory_mib() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20


def _commit() -> str:
    return first_line(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"])


def machine_facts() -> dict[str, object]:
    """Everything that a reader needs to compare: kernel, CPU, memory, Python, packages, limits."""
    mounts = Path("/proc/self/mounts").read_text()
    return {
        "measured on": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": _commit(),
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpu": cpu_model(Path("/proc/cpuinfo").read_text()),
        "cores": os.cpu_count(),
        "memory, MiB": _memory_mib(),
        "a page that has rested, µs": round(rested_page_us(), 2),
        "recordings lie on": volume_of(tempfile.gettempdir(), mounts),
        "descriptors a process": resource.getrlimit(resource.RLIMIT_NOFILE)[1],
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PACKAGES},
        "gcc": first_line(["gcc", "--version"]),
        "rtpengine": first_line(["rtpengine", "--version"]),
        **{
            name.replace("/", "."): " ".join((Path("/proc/sys") / name).read_text().split())
            for name in SYSTEM_SETTINGS
        },
    }
