"""Tests of the arithmetic between two readings."""

import numpy as np

from bench.ours import Reading, difference
from rokuon.selftest.engine import MediaReport
from rokuon.selftest.sender import MAX_LATE_MS
from tests.bench.examples import setup

# Numbers that no process has: only the difference of their times counts.
ONE, OTHER = 2**30, 2**30 + 1


def reading(cpu: dict[int, float], at_s: float, packets: int, machine_cpu_s: float) -> Reading:
    """What is read at one instant."""
    media = MediaReport(at_s, packets, 0, at_s, np.zeros(MAX_LATE_MS + 1, np.int64))
    return Reading(cpu, media, machine_cpu_s)


def test_cost_is_the_cpu_of_all_our_processes_by_the_packets_sent_meanwhile() -> None:
    """Start-up and set-ups are before the first reading."""
    before = reading({ONE: 3.0, OTHER: 1.0}, 100.0, 50_000, 40.0)
    after = reading({ONE: 3.2, OTHER: 1.1}, 110.0, 250_000, 52.0)

    run = difference(before, after, setup(3), 3)

    assert (run.packets, run.seconds, run.streams, run.dropped) == (200_000, 10.0, 6, 3)
    assert round(run.us_per_packet, 6) == 1.5
    assert round(run.machine_cpu_s, 6) == 12.0
    assert sorted(run.cpu_by_process.values()) == [0.1, 0.2]


def test_a_process_that_began_meanwhile_is_not_counted_from_its_birth() -> None:
    """Only processes of the first reading have a difference."""
    run = difference(reading({ONE: 1.0}, 0, 0, 0), reading({ONE: 2.0}, 1, 0, 1), setup(), 0)

    assert run.cpu_s == 1.0
    assert run.us_per_packet == 0.0
