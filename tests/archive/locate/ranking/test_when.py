from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from archive.locate.clues import WhenClue
from archive.locate.stretches import Stretch
from tests.support.archive.ranked_calls import (
    TOKYO,
    Call,
    between,
    months_of,
    places,
    ranked,
    score,
    us,
)

AFTERNOON = datetime(2026, 10, 20, 14, tzinfo=TOKYO)
CALLS = [
    Call(row=51 + day, at=AFTERNOON - timedelta(days=day, minutes=-30)) for day in range(-10, 20)
]


def _on_the_20th(**more: bool) -> WhenClue:
    return between(AFTERNOON, AFTERNOON + timedelta(hours=1), **more)


def test_what_is_told_comes_first_then_what_days_are_taken_for() -> None:
    """A day off is likelier than three, a week less likely; five days off are not known."""
    ranking = ranked(CALLS, _on_the_20th())

    def of(days: int) -> float:
        return score(ranking, 51 + days)

    assert places(ranking)[0] == 51
    assert of(1) == pytest.approx(of(-1))
    assert of(1) > of(3) > of(14) > of(7) > of(5)


def test_a_day_is_not_moved_where_only_the_time_of_day_is_told() -> None:
    ranking = ranked(CALLS, _on_the_20th(days=False))

    assert score(ranking, 52) == pytest.approx(score(ranking, 56))


def test_a_time_of_day_alone_says_as_much_of_each_day() -> None:
    """However sure a reading is of late days: that new calls are asked for sooner comes once."""
    days = [AFTERNOON - timedelta(days=each) for each in (0, 5)]
    told = [
        Stretch(begin_us=us(at), end_us=us(at + timedelta(hours=1)), weight=weight)
        for at, weight in zip(days, (1.0, 0.25), strict=True)
    ]
    ranking = ranked(CALLS, WhenClue(tuple(reversed(told)), days=False))

    assert score(ranking, 51) == pytest.approx(score(ranking, 56))
    assert score(ranking, 51) > score(ranking, 54)


@pytest.mark.parametrize(("hours", "likelier"), [(0.5, 1), (1, 2), (2, 5), (-12, 5)])
def test_a_time_is_taken_for_what_lies_near_and_for_the_other_half_of_the_day(
    hours: float, likelier: float
) -> None:
    at = AFTERNOON + timedelta(minutes=5)
    calls = [
        Call(row=1, at=at + timedelta(hours=hours)),
        Call(row=2, at=at + timedelta(hours=likelier)),
    ]

    told = between(AFTERNOON, AFTERNOON + timedelta(minutes=20), days=False)

    assert places(ranked(calls, told)) == [1, 2]


def test_the_clock_is_not_moved_where_only_a_day_is_told() -> None:
    midnight = datetime(2026, 10, 20, tzinfo=TOKYO)
    calls = [
        Call(row=1, at=midnight - timedelta(hours=1)),
        Call(row=2, at=midnight - timedelta(hours=20)),
    ]

    told = between(midnight, midnight + timedelta(days=1), clock=False)
    ranking = ranked(calls, told)

    assert score(ranking, 1) == pytest.approx(score(ranking, 2))


def test_nobody_remembers_a_day_to_come() -> None:
    """Told of today, a call of yesterday is likelier than of any other day before what is told."""
    calls = CALLS[10:14]

    def lost(now: datetime) -> float:
        ranking = ranked(calls, _on_the_20th(clock=False), now_us=us(now))
        return score(ranking, 51) - score(ranking, 52)

    assert lost(AFTERNOON + timedelta(hours=2)) < lost(AFTERNOON + timedelta(days=5)) - 0.3


def test_at_midnight_the_day_that_begins_is_to_come() -> None:
    """As of a date is as of its beginning: what is told of the day before is told of late days."""
    calls = CALLS[10:14]

    def lost(now: datetime) -> float:
        ranking = ranked(calls, _on_the_20th(clock=False), now_us=us(now))
        return score(ranking, 51) - score(ranking, 52)

    midnight = datetime(2026, 10, 21, tzinfo=TOKYO)
    assert lost(midnight) == pytest.approx(lost(midnight - timedelta(minutes=1)))


def test_a_month_off_is_the_same_day_of_the_month() -> None:
    calls = [
        Call(row=1, at=datetime(2026, 9, 20, 14, 30, tzinfo=TOKYO)),
        Call(row=2, at=datetime(2026, 9, 22, 14, 30, tzinfo=TOKYO)),
    ]

    assert places(ranked(calls, _on_the_20th())) == [1, 2]


def test_the_other_half_of_the_day_is_that_of_the_local_day() -> None:
    """Three at night for three in the afternoon: the same day's, not the next one's."""
    night = datetime(2026, 10, 20, 3, tzinfo=TOKYO)
    calls = [
        Call(row=1, at=night + timedelta(hours=12)),
        Call(row=2, at=night - timedelta(hours=12)),
    ]

    ranking = ranked(calls, between(night, night + timedelta(hours=1), days=True))

    assert places(ranking) == [1, 2]
    assert score(ranking, 1) > score(ranking, 2)


def test_days_are_local_ones_where_the_clocks_change() -> None:
    """A day off across the change is at the same local hour, not 24 hours away."""
    new_york = ZoneInfo("America/New_York")
    told = datetime(2026, 11, 1, 15, tzinfo=new_york)
    calls = [
        Call(row=1, at=datetime(2026, 10, 31, 15, 10, tzinfo=new_york)),
        Call(row=2, at=datetime(2026, 10, 31, 14, 50, tzinfo=new_york)),
    ]

    clue = between(told, told + timedelta(minutes=20), clock=False)
    ranking = ranked(calls, clue, zone=new_york, now_us=us(told + timedelta(days=9)))

    assert places(ranking) == [1, 2]
    assert score(ranking, 1) > score(ranking, 2) + 1


def test_an_edge_falls_and_an_alternative_weighs_as_it_is_read() -> None:
    begin = us(AFTERNOON)
    hour = 3_600_000_000
    clue = WhenClue(
        (
            Stretch(begin_us=begin, end_us=begin + hour, after_us=2 * hour),
            Stretch(begin_us=begin + 8 * hour, end_us=begin + 9 * hour, weight=0.5),
        ),
        clock=False,
        days=False,
    )
    ends = [Call(row=at, at=AFTERNOON + timedelta(hours=at)) for at in (0, 1, 2, 4, 8)]
    calls = [replace(each, at=each.at + timedelta(minutes=30), row=each.row + 1) for each in ends]

    ranking = ranked(calls, clue)

    assert places(ranking) == [1, 2, 9, 3, 5]


def test_what_is_certain_is_certain_to_the_millisecond() -> None:
    begin = AFTERNOON + timedelta(minutes=1, milliseconds=17)
    steps = [timedelta(milliseconds=each) for each in (-1, 0, 60_000, 60_001)]
    calls = [Call(row=at + 1, at=begin + step) for at, step in enumerate(steps)]

    ranking = ranked(calls, between(begin, begin + timedelta(minutes=1)), certain=True)

    assert sorted(places(ranking)) == [2, 3]


def test_new_calls_are_asked_for_sooner() -> None:
    ranking = ranked([Call(row=1, at=AFTERNOON - timedelta(days=90)), Call(row=2, at=AFTERNOON)])

    assert places(ranking) == [2, 1]
    assert ranking.candidates[0].chance > 2 * ranking.candidates[1].chance


def test_a_time_at_which_there_are_no_calls_speaks_for_none() -> None:
    long_ago = AFTERNOON - timedelta(days=900)

    ranking = ranked(CALLS, between(long_ago, long_ago + timedelta(hours=1)))

    assert ranking.chances.never > 0.7
    assert len({each.score for each in ranking.candidates}) == 1


def test_nothing_within_reach_is_no_call() -> None:
    assert ranked([], _on_the_20th()).chances.never == 1
    assert months_of([]) == ()
