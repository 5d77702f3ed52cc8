"""Verdicts of times: a call inside of those that are told, at the edge, days or hours off.

Pure. What is called near is what the ranking knows to be got wrong; nothing of words.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from archive.locate.answer.facts import Times
from archive.locate.answer.verdict import Because, Verdict, conflicts, is_near, matches, not_known
from archive.locate.clues import WhenClue
from archive.locate.ranking.local_cells import CELL_US
from archive.locate.ranking.memory_rates import GUESSED
from archive.locate.stretches import Stretch
from archive.moments import microseconds, moment

_MINUTE_US: Final = 60_000_000
_HALF_DAY: Final = timedelta(hours=12)
_HALF_DAY_US: Final = 12 * 60 * _MINUTE_US
# The same day of the month before or after is at most so far away, and a night more.
_MONTH_DAYS: Final = 32
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

    def is_beside(self, clue: WhenClue) -> bool:
        """It is off in what is not told: a day is told, and this is off by the clock."""
        return bool((self.days and not clue.days) or (self.minutes and not clue.clock))


def when_verdict(clue: WhenClue, times: Times, zone: ZoneInfo, today: date | None) -> Verdict:
    """Of the beginning of a call, of a destroyed one of its hour; nobody tells of days to come."""
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
    away = min(ways, key=lambda each: (each.is_beside(clue), each.cost))
    is_mistaken = abs(away.days) <= _MONTH_DAYS and _is_mistaken(clue, times, zone, today)
    if away.days and abs(away.minutes) > _NEAR_MINUTES:
        return _both(away, is_mistaken=is_mistaken)
    is_far = abs(away.minutes) > _NEAR_MINUTES
    if is_far and is_mistaken and _is_half_day(beside, times.begin_us, zone):
        return is_near(Because.HALF_DAY)
    return _one(away, is_mistaken=is_mistaken)


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
    local = moment(at_us).astimezone(zone)
    other = microseconds(
        local - _HALF_DAY if local.hour >= _HALF_DAY.seconds // 3600 else local + _HALF_DAY
    )
    return any(each.begin_us <= other < _end_us(each) for each in stretches)


def _is_mistaken(clue: WhenClue, times: Times, zone: ZoneInfo, today: date | None) -> bool:
    """Whether memory is known to take this time for one that is told: days, then the clock."""
    local = moment(times.begin_us).astimezone(zone)
    into_us = (local - datetime.combine(local.date(), time(), zone)) // timedelta(microseconds=1)
    days = _days_told(local.date(), today) if clue.days else (local.date(),)
    clocks = tuple(_clocks_told(into_us)) if clue.clock else (into_us,)
    return any(
        _is_told(clue.stretches, midnight_us + own_us, times.within_us)
        for day in days
        for midnight_us in _midnights_us(day, zone)
        for own_us in clocks
    )


def _days_told(day: date, today: date | None) -> Iterator[date]:
    """The days for which one is taken; for today where they are still to come."""
    moves = [timedelta(days=way * by) for by, _ in GUESSED.day.days for way in (-1, 1)]
    told = [day, *(day + each for each in moves), _month_off(day, -1), _month_off(day, 1)]
    to_come = today is not None and day <= today
    yield from (min(each, today) if to_come and today else each for each in told)


def _month_off(day: date, by: int) -> date:
    months = day.year * 12 + day.month - 1 + by
    first = date(months // 12, months % 12 + 1, 1)
    behind = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), behind - timedelta(days=1))


def _clocks_told(into_us: int) -> Iterator[int]:
    """The times since midnight for which one is taken."""
    yield into_us
    for minutes, _ in GUESSED.clock.minutes:
        yield from (into_us - minutes * _MINUTE_US, into_us + minutes * _MINUTE_US)
    yield (into_us + _HALF_DAY_US) % (2 * _HALF_DAY_US)


def _midnights_us(day: date, zone: ZoneInfo) -> frozenset[int]:
    """From when the times of a day are counted: of one that changes its offset by either."""
    begins = (datetime.combine(day + timedelta(days=each), time(), zone) for each in (0, 1))
    since_us = microseconds(datetime.combine(day, time(), UTC))
    offsets = (each.utcoffset() or timedelta() for each in begins)
    return frozenset(since_us - each // timedelta(microseconds=1) for each in offsets)


def _is_told(stretches: Sequence[Stretch], at_us: int, within_us: int) -> bool:
    """Whether a stretch covers any of it, to the cells of the ranking."""
    begin_us = at_us - at_us % CELL_US
    end_us = at_us + max(within_us - 1, 0)
    end_us += CELL_US - end_us % CELL_US
    for each in _beside(stretches, at_us):
        length_us = each.end_us - each.begin_us + each.before_us + each.after_us
        wider_us = max(CELL_US - length_us, 0) // 2
        if (
            each.begin_us - each.before_us - wider_us < end_us
            and begin_us < each.end_us + each.after_us + wider_us
        ):
            return True
    return False


def _one(away: _Away, *, is_mistaken: bool) -> Verdict:
    """Days off, with the clock about right; or hours off on the right day."""
    say = is_near if is_mistaken else conflicts
    if away.days:
        because = Because.DAYS_LATER if away.days > 0 else Because.DAYS_EARLIER
        return say(because, days=abs(away.days))
    because = Because.CLOCK_LATER if away.minutes > 0 else Because.CLOCK_EARLIER
    return say(because, minutes=abs(away.minutes))


def _both(away: _Away, *, is_mistaken: bool) -> Verdict:
    say = is_near if is_mistaken else conflicts
    return say(Because.OTHER_DAY_AND_CLOCK, days=abs(away.days), minutes=abs(away.minutes))
