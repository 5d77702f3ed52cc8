"""How much a number of calls needs."""

import itertools

import pytest

from rokuon.config.schema import RtpSettings
from rokuon.doctor import sizing_table


@pytest.mark.parametrize("calls", [1, 100, 4_499, 4_500, 14_000])
def test_the_pairs_for_so_many_calls_hold_so_many(calls: int) -> None:
    """Table and check agree at every size."""
    first = 10_000
    last = first + 2 * sizing_table.pairs_for(calls) - 2

    assert sizing_table.calls_in(RtpSettings(first_port=first, last_port=last)) >= calls


def test_the_default_range_holds_the_default_limit() -> None:
    """10,000 pairs, 4,500 calls."""
    assert sizing_table.pairs_in(RtpSettings()) == 10_000
    assert sizing_table.calls_in(RtpSettings()) == 4_500


def test_the_kernels_default_buffer_holds_ten_seconds_when_it_is_asked_for() -> None:
    """212,992 bytes hold 256 datagrams; asking doubles them."""
    assert sizing_table.buffer_s(212_992) == pytest.approx(10.24)


def test_the_table_grows_with_the_calls() -> None:
    """Each row is larger in everything than the one before."""
    rows = sizing_table.sizing_table(10_000)
    columns = [(r.calls, r.descriptors, r.udp_mem_pages, r.gigabytes_per_day) for r in rows]

    assert all(
        a < b for one, two in itertools.pairwise(columns) for a, b in zip(one, two, strict=True)
    )
    assert rows[4].port_range == "10000-29999/udp"


def test_hours_left_are_those_of_a_full_house() -> None:
    """1,000 calls write 69 GB an hour."""
    assert sizing_table.hours_left(690_000_000_000, 1_000) == pytest.approx(10)
