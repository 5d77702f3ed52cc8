"""The bench finds every recording it has made, however many began at once."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.relay_ours import PAGE, recordings

BEGAN = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
ENDED = BEGAN + timedelta(minutes=5)


class Archive:
    """Calls by the second in which they began; shows the newest of a page, as the search does."""

    def __init__(self, began: list[int]) -> None:
        self.began, self.asked = sorted(began, reverse=True), 0

    def page(self, until: datetime) -> list[dict[str, object]]:
        self.asked += 1
        times = [BEGAN + timedelta(seconds=second) for second in self.began]
        shown = [(number, at) for number, at in enumerate(times) if at < until][:PAGE]
        return [{"recording": f"{number}", "started_at": at.isoformat()} for number, at in shown]


def test_more_calls_than_a_page_shows_are_all_found() -> None:
    """Of 1,001 that a busy machine set up late, the bench has said that 264 were missing."""
    archive = Archive([second for second in range(20) for _ in range(120)])

    assert len(recordings(archive.page, ENDED)) == 20 * 120
    assert archive.asked == 3


def test_a_page_that_shows_all_is_asked_for_once() -> None:
    archive = Archive(list(range(30)))

    assert len(recordings(archive.page, ENDED)) == 30
    assert archive.asked == 1


def test_more_calls_in_one_second_than_a_page_shows_are_told_of() -> None:
    """Else it would ask for the same page for ever."""
    with pytest.raises(ValueError, match="1000 calls began in the second before"):
        recordings(Archive([7] * (PAGE + 1)).page, ENDED)
