"""The load of the benchmarks: speech sent to given addresses, and what sending it cost.

Knows nothing of who receives.
"""

import resource
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rokuon.selftest.engine import MediaEngine, MediaReport
from rokuon.selftest.sender import BEAT_S
from rokuon.selftest.slot import OutgoingStream
from rokuon.selftest.sources import open_sources
from rokuon.selftest.speech_files import Language, Side, speech

# As the load of real calls has them: a socket and a thread for each side.
THREADS: Final = 2
# A packet that leaves a whole beat late is one that the receiver may take for a lost one.
MISSED_AFTER_S: Final = BEAT_S


@dataclass(frozen=True, slots=True)
class Lateness:
    """How punctual the sender itself was: slots sent, those a whole beat late, and by how much."""

    slots: int
    missed: int
    p99_ms: int
    worst_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """What the generator did between two instants, and how punctual it was."""

    packets: int
    failed: int
    seconds: float
    cpu_s: float
    us_per_packet: float
    missed_slots: int
    p99_late_ms: int
    worst_late_ms: int


def lateness_of(late_ms: NDArray[np.int64]) -> Lateness:
    """How late slots were sent, from their counts by ms."""
    slots = int(late_ms.sum())
    if slots == 0:
        return Lateness(0, 0, 0, 0)
    p99_ms = int(np.searchsorted(late_ms.cumsum(), 0.99 * slots))
    missed = int(late_ms[int(1_000 * MISSED_AFTER_S) :].sum())
    return Lateness(slots, missed, p99_ms, int(np.flatnonzero(late_ms)[-1]))


def generated(before: MediaReport, after: MediaReport) -> Generated:
    """The difference of two reports of one engine."""
    packets, cpu_s = after.packets - before.packets, after.cpu_s - before.cpu_s
    late = lateness_of(after.late_ms - before.late_ms)
    return Generated(
        packets=packets,
        failed=after.failed - before.failed,
        seconds=after.at_s - before.at_s,
        cpu_s=cpu_s,
        us_per_packet=1e6 * cpu_s / packets if packets else 0.0,
        missed_slots=late.missed,
        p99_late_ms=late.p99_ms,
        worst_late_ms=late.worst_ms,
    )


def raise_descriptor_limit() -> int:
    """Allow this process and its children as many descriptors as the kernel does; how many."""
    most = int(Path("/proc/sys/fs/nr_open").read_text())
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    except (ValueError, PermissionError):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def begin_streams(engine: MediaEngine, targets: Sequence[tuple[str, int]]) -> None:
    """Let a stream speak to each target, voices in turn, each somewhere else in its speech."""
    voices = cycle([speech(language, side) for language in Language for side in Side])
    for number, ((host, port), voice) in enumerate(zip(targets, voices, strict=False)):
        engine.add(
            OutgoingStream(
                host=host,
                port=port,
                ssrc=secrets.randbelow(1 << 32),
                speech=voice,
                source=number % engine.sources,
                sequence=secrets.randbelow(1 << 16),
                timestamp=secrets.randbelow(1 << 32),
                first_packet=secrets.randbelow(1 << 16),
            )
        )


@contextmanager
def speaking(targets: Sequence[tuple[str, int]]) -> Iterator[MediaEngine]:
    """An engine with one stream per target for as long as the block lasts."""
    with (
        open_sources("127.0.0.1", THREADS) as sources,
        MediaEngine(sources, max_streams=len(targets)) as engine,
    ):
        begin_streams(engine, targets)
        yield engine
