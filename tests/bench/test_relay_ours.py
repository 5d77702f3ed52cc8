"""The bench finds every recording it has made, however many began at once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench import relay_ours
from bench.relay_ours import FOUND_WITHIN_S, PAGE, recordings, wait_for_recordings
from bench.server import Running

BEGAN = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
ENDED = BEGAN + timedelta(minutes=5)
NOBODY = Running(
    process=None,  # type: ignore[arg-type]  # it is not asked
    config=Path(),
    log=Path(),
    sip_port=0,
    http_port=0,
)


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


class Keeper:
    """Archives so many recordings between two questions, up to some; the clock is its own."""

    def __init__(self, at_once: int, up_to: int) -> None:
        self.at_once, self.up_to, self.kept, self.now_s = at_once, up_to, 0, 0.0

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, _: float) -> None:
        self.now_s += FOUND_WITHIN_S / 3
        self.kept = min(self.kept + self.at_once, self.up_to)

    def recordings(self, *_: object) -> dict[str, dict[str, object]]:
        return {f"{number}": {} for number in range(self.kept)}


@pytest.mark.parametrize("up_to", [100, 70])
def test_recordings_are_awaited_as_long_as_any_come(
    up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keeper that had no core meanwhile takes its time; what is lost is waited for once."""
    keeper = Keeper(at_once=10, up_to=up_to)
    monkeypatch.setattr(relay_ours, "time", keeper)
    monkeypatch.setattr(relay_ours, "recordings", keeper.recordings)

    assert len(wait_for_recordings(NOBODY, BEGAN, ENDED, 100)) == up_to
