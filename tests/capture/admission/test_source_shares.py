"""Who has how much of what is let in."""

from math import inf

import pytest

from capture.admission.source_shares import SourceShares, fair_level


@pytest.mark.parametrize(
    ("asked", "level"),
    [
        ({"a": 10.0, "b": 20.0}, inf),
        ({"a": 10.0, "b": 200.0}, 90.0),
        ({"a": 200.0, "b": 300.0}, 50.0),
        ({}, inf),
    ],
)
def test_what_small_ones_do_not_ask_for_the_large_ones_share(
    asked: dict[str, float], level: float
) -> None:
    """Of 100 a second."""
    assert fair_level(asked, 100.0) == level


def test_a_source_is_let_in_as_often_as_its_share_says() -> None:
    """One that asks for less is not even counted."""
    shares = SourceShares(asked_per_s={"small": 5.0, "large": 500.0}, level=50.0)
    counts = {"small": 0, "large": 0}
    for tick in range(500):
        for source in counts:
            shares, is_taken = shares.taken(source, tick / 500)
            counts[source] += is_taken

    assert counts["small"] == 500
    assert 49 <= counts["large"] <= 52
