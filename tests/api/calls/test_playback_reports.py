"""What a browser says it has played: bounded, merged, and in the journal."""

from itertools import pairwise

import pytest

from api.calls.playback_reports import MAX_STRETCHES, Played, Report, StretchesRefused, merged


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ([(0, 1_000)], [(0, 1_000)]),
        ([(5_040, 6_001), (10, 20)], [(0, 100), (5_000, 6_100)]),
        ([(0, 500), (400, 900), (900, 1_000), (5_000, 5_050)], [(0, 1_000), (5_000, 5_100)]),
        ([(9_950, 12_000)], [(9_900, 10_000)]),
        ([(10_000, 12_000), (7, 7), (9, 3)], []),
    ],
)
def test_stretches_are_merged_rounded_outwards_and_within_the_call(
    said: list[tuple[int, int]], kept: list[tuple[int, int]]
) -> None:
    """Never less than was heard, never more than there was."""
    assert merged(said, 9_960) == kept


def test_stretches_stay_in_order_and_apart_whatever_is_said() -> None:
    """An auditor reads them one after the other."""
    said = [((37 * n) % 9_000, (37 * n) % 9_000 + 150) for n in range(MAX_STRETCHES)]
    kept = merged(said, 9_000)

    assert all(a[1] < b[0] for a, b in pairwise(kept))
    assert sum(until - first for first, until in kept) <= 9_000


@pytest.mark.parametrize("count", [0, MAX_STRETCHES + 1])
async def test_nobody_is_asked_where_there_is_nothing_or_too_much(count: int) -> None:
    """Before the catalog: it costs nothing to refuse."""
    with pytest.raises(StretchesRefused):
        await Played(None).report(None, None, Report(stretches=[(0, 1)] * count))  # type: ignore[arg-type]  # never looked at
