"""Charts of candidates: every one is in a bar and in a square, and no day is left out."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from api.web.pages.calls.candidate_charts import CELL, day_bars, heat_cells
from archive.catalog.search.days import MAX_BARS

FIRST = date(2026, 9, 1)


@pytest.mark.parametrize("days", [1, 2, MAX_BARS, MAX_BARS + 1, 400, 4_000])
def test_bars_lie_without_a_hole_and_count_everybody(days: int) -> None:
    """Of a longer time several days share one."""
    told = [(FIRST, 3), (FIRST + timedelta(days=days // 2), 2), (FIRST + timedelta(days=days), 1)]

    bars = day_bars(told)

    assert len(bars) <= MAX_BARS
    assert sum(each.count or 0 for each in bars) == 6
    assert (bars[0].first, bars[-1].last) == (FIRST, FIRST + timedelta(days=days))
    assert all(later.first - earlier.last == timedelta(days=1) for earlier, later in pairwise(bars))


def test_without_candidates_nothing_is_drawn() -> None:
    """Where nothing fits there is no day."""
    assert day_bars(()) == ()
    assert heat_cells(((0,) * 24,) * 7) == ()


def test_a_square_has_the_area_of_its_count_and_stays_in_its_cell() -> None:
    """Told by size, not by colour; one call among many is seen, too."""
    hours = [[0] * 24 for _ in range(7)]
    hours[3][17], hours[4][9], hours[6][0] = 100, 25, 1

    cells = {(each.weekday, each.hour): each for each in heat_cells(hours)}

    assert {at: each.count for at, each in cells.items()} == {(3, 17): 100, (4, 9): 25, (6, 0): 1}
    assert cells[3, 17].side == 2 * cells[4, 9].side < CELL
    assert cells[6, 0].side > CELL / 5
