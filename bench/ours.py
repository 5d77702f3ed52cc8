"""Our recorder under a given load: CPU per packet of all its processes, and packets lost.

Knows the recorder by its command line and its wire. The load is real calls with metadata.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from bench.call_load import CallLoad, SetupReport, open_load
from bench.generator import Generated, generated
from bench.processes import cpu_by_process, dropped_packets, machine_cpu_s, name_of
from bench.server import FIRST_RTP_PORT, LAST_RTP_PORT, Running, fresh_rokuon
from rokuon.selftest.engine import MediaReport
from rokuon.selftest.signalling import Target

# After the last set-up: a few sweeps, and whatever a new call makes the recorder do once.
WARM_S: Final = 5.0
SETUPS_PER_S: Final = 150.0
# Admission by number must not be what ends a measurement.
ROOM: Final = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read at one instant."""

    cpu: dict[int, float]
    media: MediaReport
    machine_cpu_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OursRun:
    """What our processes used per packet in `seconds` of steady state; CPU seconds by process.

    `machine_cpu_s` is what everybody on the machine used, the kernel's interrupts included.
    """

    streams: int
    packets: int
    seconds: float
    cpu_s: float
    us_per_packet: float
    cpu_by_process: dict[str, float]
    machine_cpu_s: float
    dropped: int
    setup: SetupReport
    generator: Generated


def reading(load: CallLoad, pids: list[int]) -> Reading:
    """CPU and packets of now; quick, so that the reading disturbs nothing that is read."""
    return Reading(cpu_by_process(pids), load.media(), machine_cpu_s())


def difference(before: Reading, after: Reading, setup: SetupReport, dropped: int) -> OursRun:
    """What happened between two instants; `setup` says how the calls began."""
    used = {pid: after.cpu[pid] - cpu_s for pid, cpu_s in before.cpu.items()}
    sent = generated(before.media, after.media)
    return OursRun(
        streams=2 * setup.answered,
        packets=sent.packets,
        seconds=sent.seconds,
        cpu_s=sum(used.values()),
        us_per_packet=1e6 * sum(used.values()) / sent.packets if sent.packets else 0.0,
        cpu_by_process={name_of(pid): round(cpu_s, 2) for pid, cpu_s in used.items()},
        machine_cpu_s=after.machine_cpu_s - before.machine_cpu_s,
        dropped=dropped,
        setup=setup,
        generator=sent,
    )


async def measure(running: Running, calls: int, seconds: int, *, per_s: float) -> OursRun:
    """Set up `calls`, let them settle, measure for `seconds`, end them.

    `dropped` counts from before the first call. Asking the kernel for it, and its answer of a line
    a socket, hold up the generator: not while CPU is measured.
    """
    async with open_load(Target(port=running.sip_port), max_calls=calls) as load:
        dropped_before = dropped()
        setup = await load.place(calls, per_s=per_s)
        await asyncio.sleep(WARM_S)
        before = reading(load, running.pids)
        await asyncio.sleep(seconds)
        after = reading(load, list(before.cpu))
        dropped_after = dropped()
        await load.end(per_s=per_s)
    return difference(before, after, setup, dropped_after - dropped_before)


def dropped() -> int:
    """What the recorder's sockets have dropped up to now."""
    return dropped_packets(FIRST_RTP_PORT, LAST_RTP_PORT + 1)


def run_ours(streams: int, seconds: int) -> OursRun:
    """A fresh recorder, measured once."""
    calls = streams // 2
    with fresh_rokuon(max_calls=calls + ROOM) as running:
        return asyncio.run(measure(running, calls, seconds, per_s=SETUPS_PER_S))
