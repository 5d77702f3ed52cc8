"""Tests of what a host has room for."""

from bench.room import HOLDERS_OWN, by_descriptors, by_ports, capped, tightest
from bench.server import FIRST_RTP_PORT, LAST_RTP_PORT
from capture.holder.server import RESERVED_DESCRIPTORS


def test_a_call_takes_four_descriptors_of_the_process_that_holds_them() -> None:
    """Two streams, RTP and RTCP each; the figure of a host whose limit nobody can raise."""
    assert HOLDERS_OWN == RESERVED_DESCRIPTORS
    assert by_descriptors(20_000).calls == 4_936
    assert by_descriptors(100).calls == 0
    assert "RLIMIT_NOFILE of 20,000" in by_descriptors(20_000).told


def test_the_bench_has_ports_for_the_number_of_calls_aimed_at() -> None:
    """Otherwise the range would be what limits, and not the recorder."""
    assert by_ports(FIRST_RTP_PORT, LAST_RTP_PORT).calls >= 5_500
    assert by_ports(10_000, 10_006).calls == 2


def test_what_is_beyond_the_tightest_bound_is_tried_at_the_bound() -> None:
    """Once, and named: a number that cannot be tried is no crash and no zero."""
    bound = tightest(by_ports(10_000, 32_766), by_descriptors(20_000))

    assert bound.name == "descriptors"
    assert capped([3_000, 5_000, 6_000], bound) == [3_000, 4_936]
