"""Tests of what is said of the load."""

import resource
import socket

import numpy as np

from bench.generator import generated, raise_descriptor_limit, speaking
from rokuon.selftest.engine import MediaReport
from rokuon.selftest.sender import MAX_LATE_MS


def report(
    at_s: float, packets: int, cpu_s: float, failed: int = 0, late: tuple[int, ...] = ()
) -> MediaReport:
    """The engine's figures of an instant; `late` has the ms of each slot."""
    late_ms = np.bincount(np.array(late, np.int64), minlength=MAX_LATE_MS + 1)
    return MediaReport(at_s, packets, failed, cpu_s, late_ms)


def test_the_cost_of_a_packet_is_what_was_used_in_between_by_what_was_sent_in_between() -> None:
    """What came before the first reading, start-up among it, is in neither."""
    sent = generated(
        report(5.0, 1_000, 3.0, 1, (0, 900)), report(15.0, 21_000, 3.03, 4, (0, 900, 0, 30))
    )

    assert (sent.packets, sent.failed, sent.seconds) == (20_000, 3, 10.0)
    assert round(sent.us_per_packet, 6) == 1.5
    assert (sent.missed_slots, sent.worst_late_ms) == (1, 30)


def test_nothing_sent_costs_nothing() -> None:
    """And divides by nothing."""
    assert generated(report(0.0, 5, 1.0), report(1.0, 5, 1.1)).us_per_packet == 0.0


def test_the_limit_of_descriptors_is_as_high_as_it_can_be() -> None:
    """The answer is the limit in force, which the largest number of calls hangs on."""
    assert raise_descriptor_limit() == resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def test_each_target_gets_a_stream_of_its_own() -> None:
    """Different SSRCs: a recorder that mixed two streams up would be seen."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
    ):
        for ear in (one, other):
            ear.bind(("127.0.0.1", 0))
            ear.settimeout(5.0)
        with speaking([one.getsockname(), other.getsockname()]):
            first, second = one.recv(2_048), other.recv(2_048)

    assert len(first) == len(second) == 172
    assert first[8:12] != second[8:12]
