"""Tests of what is said of calls that were recorded while an archive was destroyed."""

from dataclasses import replace

import pytest

from bench.beside import Kept
from bench.destruction_beside import HEADS, DestructionBeside, Found
from tests.bench.examples import ours, setup

FOUND = Found(delays_s=[0.5, 5.0], never=0, destroyed=100, through_s=10.0)
WHOLE = DestructionBeside(
    calls=500,
    recordings=100,
    seconds=10.0,
    run=ours(1.5, began=setup(500)),
    kept=Kept(sent=10_000, recordings=500, packets=10_000),
    found=FOUND,
)


def test_nothing_is_missed_where_all_is_recorded_found_in_time_and_destroyed() -> None:
    """Up to and with what is promised; the table has a cell for each head."""
    heads, _, row = WHOLE.told().strip().splitlines()

    assert WHOLE.missed == []
    assert heads.count("|") == row.count("|") == len(HEADS) + 1
    assert "| 100 | 10.00 |" in row


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({"kept": Kept(sent=10_000, recordings=500, packets=9_997)}, "3 packets lost"),
        ({"calls": 501}, "1 calls not answered"),
        ({"recordings": 102}, "2 recordings still there"),
        (
            {"found": replace(FOUND, delays_s=[6.0])},
            "6 s until a call was found",
        ),
        (
            {"found": replace(FOUND, delays_s=[], never=2)},
            "2 calls never found",
        ),
    ],
)
def test_what_is_missed_is_said_with_its_figure(changed: dict[str, object], missed: str) -> None:
    """Each by itself."""
    assert replace(WHOLE, **changed).missed == [missed]  # type: ignore[arg-type]  # of any field
