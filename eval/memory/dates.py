"""Clues of a day, and the days it is taken for."""

from datetime import date, timedelta
from typing import Final

import numpy as np

from eval.memory.clue import Clue, Said, Spoken, clue, mixed
from eval.memory.model import Model, Table
from eval.world.arrays import Floats
from eval.world.calendar import LAST_DAY, first_day

# Requests are made on this day.
ASKED: Final = LAST_DAY + timedelta(days=1)
# Days before the world's first that a day may be taken for.
_BEFORE: Final = 31
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SEASONS: Final = {
    "new_year": ((12, 28), (1, 5)), "golden_week": ((4, 28), (5, 6)), "obon": ((8, 12), (8, 16)),
    "summer": ((7, 1), (8, 31)), "before_christmas": ((12, 15), (12, 24)),
    "thanksgiving": ((11, 24), (11, 30)), "fiscal_first_half": ((4, 1), (9, 30)),
    "fiscal_second_half": ((10, 1), (3, 31)), "fiscal_first_quarter": ((4, 1), (6, 30)),
    "fiscal_second_quarter": ((7, 1), (9, 30)), "fiscal_third_quarter": ((10, 1), (12, 31)),
    "fiscal_fourth_quarter": ((1, 1), (3, 31)),
}  # fmt: skip


def spoken_dates(model: Model, days: int) -> Spoken:
    """Of each day of a world."""
    first = first_day(days) - timedelta(days=_BEFORE)
    taken = [first + timedelta(days=each) for each in range(days + _BEFORE)]
    wrong = model.errors["day"].get("weekday", 0.0)
    return Spoken(
        _kernel(model.errors["day"], taken, days),
        [said_of(day, model.kinds["date"], wrong) for day in taken],
    )


def _kernel(errors: Table, taken: list[date], days: int) -> Floats:
    place = {day: at for at, day in enumerate(taken)}
    kernel = np.zeros((days, len(taken)))
    shifts = {int(name): rate for name, rate in errors.items() if name.isdigit()}
    month = errors.get("month", 0.0)
    for row in range(days):
        day = taken[row + _BEFORE]
        moved = [(day + timedelta(days=s * n), r / 2) for n, r in shifts.items() for s in (-1, 1)]
        moved += [(month_off(day, by), month / 2) for by in (-1, 1)]
        moved.append((day, 1 - sum(shifts.values()) - month))
        for other, rate in moved:
            # Nobody remembers a day to come.
            kernel[row, place[min(other, LAST_DAY)]] += rate
    return kernel


def month_off(day: date, by: int) -> date:
    """The same day of the month before or after, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def said_of(day: date, kinds: Table, wrong_weekday: float) -> Said:
    """All that may be said of a day by who means that day."""
    month, number, weekday = day.month, day.day, WEEKDAYS[day.weekday()]
    weeks = (_monday(ASKED) - _monday(day)).days // 7
    ago = (ASKED - day).days
    said: dict[str, Said] = {
        "day": {clue("date.day", month=month, day=number): 1.0},
        "day_and_weekday": {
            clue("date.day", month=month, day=number, weekday=each): (
                1 - wrong_weekday if each == weekday else wrong_weekday / 6
            )
            for each in WEEKDAYS
            if each == weekday or wrong_weekday
        },
        "around_day": {clue("date.around_day", month=month, day=number): 1.0},
        "third_of_month": {clue("date.third_of_month", month=month, third=third_of(number)): 1.0},
        "month": {clue("date.month", month=month): 1.0},
        "week": {clue("date.week", month=month, week=(number - 1) // 7 + 1): 1.0},
        "weekday_of_week": (
            {clue("date.weekday_of_week", weekday=weekday, weeks=weeks): 1.0} if weeks < 4 else {}
        ),
        "relative": {clue("date.relative", days=ago): 1.0} if ago <= 10 else {},
        "weekdays": {clue("date.weekdays", month=month, weekday=weekday): 1.0},
        "either_weekday": {
            _either(month, weekday, each): 1 / 6 for each in WEEKDAYS if each != weekday
        },
        "season": {
            clue("date.season", season=each): 1.0 for each in _SEASONS if _within(day, each)
        },
        "from_day": {_from(day, after): 1 / 3 for after in (1, 2, 3)},
        "range": {_range(day, width, at): 1.0 for width in (3, 5, 7, 10) for at in range(width)},
    }
    return mixed({kind: (kinds[kind], each) for kind, each in said.items()})


def third_of(number: int) -> str:
    """上旬, 中旬, 下旬."""
    return "early" if number <= 10 else "mid" if number <= 20 else "late"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _either(month: int, one: str, other: str) -> Clue:
    first, second = sorted((one, other), key=WEEKDAYS.index)
    return clue("date.weekdays", month=month, weekday=first, or_weekday=second)


def _from(day: date, after: int) -> Clue:
    anchor = day - timedelta(days=after)
    return clue("date.from_day", month=anchor.month, day=anchor.day, after=after)


def _range(day: date, width: int, at: int) -> Clue:
    begin = day - timedelta(days=at)
    end = begin + timedelta(days=width - 1)
    return clue("date.range", month=begin.month, day=begin.day, to_month=end.month, to_day=end.day)


def _within(day: date, season: str) -> bool:
    begin, end = _SEASONS[season]
    here = (day.month, day.day)
    return begin <= here <= end if begin <= end else here >= begin or here <= end
