"""What has to stand beside a figure: the machine and the versions it was measured with.

Knows nothing of the measurements.
"""

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path
from typing import Final

PACKAGES: Final = ("numpy", "cryptography", "sqlalchemy", "fastapi", "uvicorn")
SYSTEM_SETTINGS: Final = ("net/core/rmem_max", "net/core/rmem_default", "net/ipv4/udp_mem")


def _first_line(command: list[str]) -> str:
    """The first line that a command says, or that it is not there."""
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "not installed"
    return (said.stdout + said.stderr).strip().partition("\n")[0]


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_mib() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20


def machine_facts() -> dict[str, object]:
    """Everything that a reader needs to compare: kernel, CPU, memory, Python, packages, limits."""
    return {
        "uname": " ".join(platform.uname()),
        "cpu": _cpu_model(),
        "cpus": os.cpu_count(),
        "memory_mib": _memory_mib(),
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
        "gcc": _first_line(["gcc", "--version"]),
        "rtpengine": _first_line(["rtpengine", "--version"]),
        "sysctl": {
            name: " ".join((Path("/proc/sys") / name).read_text().split())
            for name in SYSTEM_SETTINGS
        },
    }
