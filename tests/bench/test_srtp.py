"""Tests of what is measured of a packet of SRTP: that the ways compared come to the same."""

import pytest

from archive.srtp.suites import SUITES
from bench.srtp import PROFILES, cipher_ways, suite_row, tables, tag_ways


def test_every_way_to_a_tag_is_as_long() -> None:
    """Ours is of the rollover counter too, so the bytes differ."""
    assert [len(work()) for _, work, _ in tag_ways()] == [20] * 4  # type: ignore[arg-type]


def test_every_way_to_counter_mode_gives_its_packets() -> None:
    """The first of a batch is what a kept cipher makes of the same counter."""
    (_, anew, _), (_, kept, _), (_, batch, packets) = cipher_ways()
    found = batch()

    assert isinstance(found, list)
    assert len(set(found)) == packets
    assert found[0] == kept()
    assert kept() != anew()


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_is_measured_beside_libsrtp_where_that_has_it(name: str) -> None:
    """A dash elsewhere."""
    row = suite_row(name, turns=1)

    assert all(isinstance(cell, float) and cell > 0 for cell in row[1:3])
    assert ("–" in row) is (name not in PROFILES)


def test_both_tables_are_printed() -> None:
    """A line a suite, a line a way."""
    assert tables(1).count("\n| ") == len(SUITES) + 1 + 7 + 1 + 1
