"""Verdicts of times: a call inside of those that are told, at the edge, days or hours off.

Pure. What is called near is what the ranking knows to be got wrong; nothing of words.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from archive.locate.answer.facts import Times
from archive.locate.answer.verdict import Because, Verdict, conflicts, is_near, matches, not_known
from archive.locate.clues import WhenClue
from archive.locate.ranking.memory_rates import GUESSED
from archive.locate.stretches import Stretch
from archive.moments import microseconds, moment

_MINUTE_US: Final = 60_000_000
_HALF_DAY: Final = timedelta(hours=12)
# The same day of the month before or after is at most so far away.
_MONTH_DAYS: Final = 31
_NEAR_MINUTES: Final = max(minutes for minutes, _ in GUESSED.clock.minutes)
# Which of two ways of being off is told: a day weighs as three hours do.
_DAY_MINUTES: Final = 180
# So many stretches before and behind a call are looked at: two days off at most of an evening.
_BESIDE: Final = 3


@dataclass(frozen=True, slots=True)
class _Away:
    """So many days and minutes later than told, below 0 earlier."""

    days: int
    minutes: int

    @property
    def cost(self) -> int:
        return abs(self.days) * _DAY_MINUTES + abs(self.minutes)


def when_verdict(clue: WhenClue, times: Times, zone: ZoneInfo) -> Verdict:
    """Of the beginning of a call, of a destroyed one of its hour."""
    beside = _beside(clue.stretches, times.begin_us)
    if not beside:
        return not_known(Because.NO_TIME)
    last_us = times.begin_us + max(times.within_us - 1, 0)
    if any(each.begin_us <= last_us and times.begin_us < _end_us(each) for each in beside):
        return matches(Because.IN_THE_HOUR if times.within_us else Because.INSIDE)
    if any(
        each.begin_us - each.before_us < last_us + 1
        and times.begin_us < each.end_us + each.after_us
        for each in beside
    ):
        return is_near(Because.AT_THE_EDGE)
    ways = [way for each in beside for way in _ways(each, times.begin_us, zone)]
    away = min(ways, key=lambda each: each.cost)
    if away.days and abs(away.minutes) > _NEAR_MINUTES:
        return _both(away)
    if abs(away.minutes) > _NEAR_MINUTES and _is_half_day(beside, times.begin_us, zone):
        return is_near(Because.HALF_DAY)
    return _one(away)


def _end_us(stretch: Stretch) -> int:
    """A moment has an end too."""
    return max(stretch.end_us, stretch.begin_us + 1)


def _beside(stretches: Sequence[Stretch], at_us: int) -> Sequence[Stretch]:
    place = bisect_right(stretches, at_us, key=lambda each: each.begin_us)
    return stretches[max(place - _BESIDE, 0) : place + _BESIDE]


def _ways(stretch: Stretch, at_us: int, zone: ZoneInfo) -> Iterator[_Away]:
    """Moves that bring the call there, by whole days of the zone and then by the clock."""
    local = moment(at_us).astimezone(zone)
    first = moment(stretch.begin_us).astimezone(zone).date()
    last = moment(_end_us(stretch) - 1).astimezone(zone).date()
    nearest = min(max(local.date(), first), last)
    days = (local.date() - nearest).days
    for moved in (days - 1, days, days + 1):
        at = microseconds(local - timedelta(days=moved))
        yield _Away(moved, _minutes_outside(stretch, at))


def _minutes_outside(stretch: Stretch, at_us: int) -> int:
    if at_us < stretch.begin_us:
        return (at_us - stretch.begin_us) // _MINUTE_US
    return max(0, -(-(at_us - _end_us(stretch) + 1) // _MINUTE_US))


def _is_half_day(stretches: Sequence[Stretch], at_us: int, zone: ZoneInfo) -> bool:
    """It fits the other half of the same day."""
    local = moment(at_us).astimezone(zone)
    other = microseconds(
        local - _HALF_DAY if local.hour >= _HALF_DAY.seconds // 3600 else local + _HALF_DAY
    )
    return any(each.begin_us <= other < _end_us(each) for each in stretches)


def _one(away: _Away) -> Verdict:
    """Days off, with the clock about right; or hours off on the right day."""
    if away.days:
        because = Because.DAYS_LATER if away.days > 0 else Because.DAYS_EARLIER
        say = is_near if abs(away.days) <= _MONTH_DAYS else conflicts
        return say(because, days=abs(away.days))
    because = Because.CLOCK_LATER if away.minutes > 0 else Because.CLOCK_EARLIER
    say = is_near if abs(away.minutes) <= _NEAR_MINUTES else conflicts
    return say(because, minutes=abs(away.minutes))


def _both(away: _Away) -> Verdict:
    return conflicts(Because.OTHER_DAY_AND_CLOCK, days=abs(away.days), minutes=abs(away.minutes))
