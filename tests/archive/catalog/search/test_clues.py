"""What each clue fits; how calls are found by them is told with the search."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, strategies as st

from archive.access.query import SearchQuery
from archive.catalog.search.clues import Span
from archive.catalog.search.search import overlong, recent
from tests.support.catalog.search import DAY


@given(after=st.integers(0, 500), length=st.integers(1, 9), end=st.integers(0, 999))
def test_stretches_are_a_span_without_a_gap_newest_first(after: int, length: int, end: int) -> None:
    """A moment between two would be a call that nobody finds."""
    stretches = list(Span(after, 1_000).until(end, length))
    held = [at for each in stretches for at in range(each.before_us - 1, each.after_us, -1)]

    assert held == list(range(end - 1, after, -1))
    assert len(stretches) <= 4


@dataclass(frozen=True)
class MoodClue:
    """A clue that nobody has taught the search."""

    mood: str


@pytest.mark.parametrize("question", [recent, overlong])
def test_a_clue_that_search_does_not_handle_is_no_clue_that_fits_every_call(
    question: Callable[[int, SearchQuery], object],
) -> None:
    """Who asked for one customer would be shown the calls of all."""
    unknown = SearchQuery(window=DAY, clues=(MoodClue("angry"),))  # type: ignore[arg-type]  # none of ours

    with pytest.raises(AssertionError, match="MoodClue"):
        question(1, unknown)
