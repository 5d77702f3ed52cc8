"""Tests of how rates are tried."""

from bench.setups import HEADS, Rate, set_up_at, until_failure
from tests.bench.examples import rate
from tests.rokuon.selftest.server import RecordingServer, listening


def test_rates_are_tried_up_to_and_with_the_first_that_fails() -> None:
    """Beyond it nothing is promised, and a recorder that is full says nothing about speed."""
    tried: list[float] = []

    def one(per_s: float) -> Rate:
        tried.append(per_s)
        return rate(per_s, {"503": 1} if per_s >= 200 else None)

    reached = until_failure([100, 200, 300], one)

    assert tried == [100, 200]
    assert [each.failures for each in reached] == [0, 1]


def test_a_row_has_a_cell_for_each_head_and_names_failures() -> None:
    """By what the client got."""
    row = rate(20, {"503": 2, "silent": 1}).row()

    assert len(row) == len(HEADS)
    assert row[2] == "2 × 503, 1 × silent"


async def test_a_rate_counts_what_was_answered_and_what_was_not() -> None:
    """Over loopback, with a server that refuses everything."""
    async with listening(RecordingServer((1, 2), refuse_with=503)) as target:
        reached = await set_up_at(target, 100.0, 1)

    assert reached.setup.tried == 100
    assert reached.failures == 100
    assert reached.busy_cores >= 0
