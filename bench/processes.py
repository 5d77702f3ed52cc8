"""What /proc says of processes and sockets: CPU used, descendants, packets dropped.

Linux only. Knows nothing of what the processes do.
"""

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
# Fields of /proc/<pid>/stat after the name in parentheses (proc(5)): ppid, utime, stime, starttime.
_PARENT, _USER, _SYSTEM, _STARTED = 1, 11, 12, 19
_LOCAL, _DROPS = 1, -1
# Fields of the first line of /proc/stat (proc(5)).
_IDLE, _WAITING, _STOLEN = 4, 5, 8


def _stat_of(pid: int) -> list[str]:
    """The fields after the name; empty for a process that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def cpu_s(pid: int) -> float:
    """User and system time of all threads of a process, in seconds; 0 if it has ended."""
    fields = _stat_of(pid)
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / TICKS_PER_S if fields else 0.0


def family_of(pid: int) -> list[int]:
    """The process and all its descendants, parents first, of siblings the elder one.

    Numbers tell no age: behind the highest one the kernel begins anew.
    """
    children: dict[int, list[tuple[int, int]]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat_of(int(entry.name))):
            child = int(fields[_STARTED]), int(entry.name)
            children.setdefault(int(fields[_PARENT]), []).append(child)
    family = [pid]
    for member in family:
        family += [child for _, child in sorted(children.get(member, []))]
    return family


def name_of(pid: int) -> str:
    """The last words of its command line, enough to tell parts from each other."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return f"{pid} (ended)"
    shown = words[-3:] if words[-2:-1] == [b"--number"] else words[-2:]
    return f"{pid} {b' '.join(shown).decode(errors='replace')[-60:]}"


def cpu_by_process(pids: Iterable[int]) -> dict[int, float]:
    """CPU seconds of each process up to now."""
    return {pid: cpu_s(pid) for pid in pids}


def machine_cpu_s() -> float:
    """CPU seconds that all cores were not idle, from some beginning: only differences count.

    Idle time is exact on a kernel without ticks; what was worked is sampled by ticks, and short
    work that timers wake falls between them. What a host took for others was not worked.
    """
    rested_s = _machine_s(_IDLE) + _machine_s(_WAITING) + stolen_cpu_s()
    return (os.cpu_count() or 1) * time.monotonic() - rested_s


def stolen_cpu_s() -> float:
    """CPU seconds that the machine's host gave to others while there was work for them here."""
    return _machine_s(_STOLEN)


def _machine_s(field: int) -> float:
    return int(Path("/proc/stat").read_text().partition("\n")[0].split()[field]) / TICKS_PER_S


def drops_by_port() -> dict[int, int]:
    """Datagrams that the UDP sockets of each port have dropped up to now."""
    drops: dict[int, int] = {}
    for line in Path("/proc/net/udp").read_text().splitlines()[1:]:
        fields = line.split()
        port = int(fields[_LOCAL].rpartition(":")[2], 16)
        drops[port] = drops.get(port, 0) + int(fields[_DROPS])
    return drops


def dropped_packets(first_port: int, last_port: int) -> int:
    """Datagrams that UDP sockets bound in that range of ports have dropped up to now."""
    return sum(count for port, count in drops_by_port().items() if first_port <= port <= last_port)


def dropped_since(before: Mapping[int, int], ports: Iterable[int]) -> int:
    """What the sockets of these ports have dropped since `drops_by_port` said `before`."""
    now = drops_by_port()
    return sum(now.get(port, 0) - before.get(port, 0) for port in ports)
