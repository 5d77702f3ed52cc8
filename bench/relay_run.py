"""What one server used per relayed packet, and what it added to a packet's way.

The same for every server under test. Knows none of them.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bench.chorus import ChorusEngine
from bench.generator import Generated, generated
from bench.probe import Delays, Probe
from bench.processes import cpu_by_process, machine_cpu_s, name_of, stolen_cpu_s

# After the last set-up: whatever a new call makes a server do once.
WARM_S: Final = 3.0
# How a call is refused that there is no room for.
NO_ROOM: Final = "503"


@dataclass(slots=True, kw_only=True)
class RelayRun:
    """`seconds` of steady state; CPU seconds by process. `packets` came in, the probe's too.

    `dropped` were never read from the server's sockets; `found` and `lossy` are recordings, and
    those of them that say that packets are missing: -1 where nobody looked. `stolen_cpu_s` is what
    the machine's host took meanwhile: who waits for that is late.
    """

    server: str
    secure: bool
    recording: bool
    calls: int
    failures: dict[str, int]
    packets: int
    seconds: float
    cpu_s: float
    us_per_packet: float
    cpu_by_process: dict[str, float]
    machine_cpu_s: float
    stolen_cpu_s: float
    delays: Delays
    generator: Generated
    dropped: int = 0
    recorded_bytes: int = 0
    found: int = -1
    lossy: int = -1

    @property
    def relays_us_per_packet(self) -> float:
        """What our relay processes used of it; 0 of another server."""
        used = [cpu_s for name, cpu_s in self.cpu_by_process.items() if " relay " in name]
        return 1e6 * sum(used) / self.packets if self.packets else 0.0

    @property
    def stolen_share(self) -> float:
        """Of the machine's cores, in percent."""
        return 100 * self.stolen_cpu_s / (self.seconds * (os.cpu_count() or 1))

    @property
    def failed(self) -> int:
        """Calls that a node with room for them did not bring about, or did not end."""
        return sum(count for name, count in self.failures.items() if name != NO_ROOM)

    @property
    def lost(self) -> int:
        """Packets that the server did not read, and those of the probe that did not come."""
        return self.dropped + self.delays.lost

    @property
    def is_wrong(self) -> bool:
        """Whether a packet said something else, or SRTP came out as it went in."""
        stale = self.secure and not self.delays.resealed
        return stale or self.delays.right < self.delays.heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A server with its calls up: its name, processes, and the probe's call."""

    server: str
    secure: bool
    recording: bool
    calls: int
    pids: Sequence[int]
    start_probe: Callable[[float], Probe]
    failures: dict[str, int] = field(default_factory=dict)


def measure(subject: Subject, engine: ChorusEngine, seconds: float) -> RelayRun:
    """The calls speak already; let them settle, then read before and after. Blocks."""
    time.sleep(WARM_S)
    # It needs a moment to begin, and is there a little longer than it sends: a beat in a thousand.
    probe = subject.start_probe(seconds)
    cpu, sent, worked_s = cpu_by_process(subject.pids), engine.report(), machine_cpu_s()
    stolen_s = stolen_cpu_s()
    time.sleep(seconds)
    after, sent_after, worked_after_s = (
        cpu_by_process(subject.pids), engine.report(), machine_cpu_s(),
    )  # fmt: skip
    stolen_s = stolen_cpu_s() - stolen_s
    delays = probe.result()
    load = generated(sent, sent_after)
    used = {pid: after[pid] - cpu_s for pid, cpu_s in cpu.items()}
    packets = load.packets + delays.sent
    return RelayRun(
        server=subject.server,
        secure=subject.secure,
        recording=subject.recording,
        calls=subject.calls,
        failures=subject.failures,
        packets=packets,
        seconds=load.seconds,
        cpu_s=sum(used.values()),
        us_per_packet=1e6 * sum(used.values()) / packets if packets else 0.0,
        cpu_by_process={name_of(pid): round(cpu_s, 2) for pid, cpu_s in used.items()},
        machine_cpu_s=worked_after_s - worked_s,
        stolen_cpu_s=stolen_s,
        delays=delays,
        generator=load,
    )
