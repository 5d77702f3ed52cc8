"""Weeks, weekdays and working days of a month by their number: the second Tuesday, 10月3週.

Pure. Knows nothing of parts of months that have no number.
"""

from datetime import timedelta
from typing import Final

from archive.locate.when.feasts import rest_days
from archive.locate.when.fiscal import quarter
from archive.locate.when.grammar import Rule
from archive.locate.when.periods import (
    Monthly,
    Setting,
    Spans,
    Weekdays,
    Yearly,
    day,
    real_day,
    whole_month,
)
from archive.locate.when.pieces import Pieces, has, integers, numbers, numerals, unit
from archive.locate.when.values import DaySpan


def numbered_week(number: int) -> Monthly:
    """The first, second, ... week of any month: that of its days 1-7, 8-14, softly; -1 the last."""

    def of(year: int, month: int) -> Spans:
        whole = whole_month(year, month)
        if not whole:
            return ()
        first = whole[0].first + timedelta(days=7 * (number - 1))
        last = first + timedelta(days=6)
        if number < 0:
            first, last = whole[0].last - timedelta(days=6), whole[0].last
        if first > whole[0].last:
            return ()
        last = min(last, whole[0].last)
        return (DaySpan(first=first, last=last, before_days=3, after_days=3),)

    return Monthly(of=of)


def numbered_weekday(number: int, weekday: int) -> Monthly:
    """The second Tuesday of any month; -1 the last."""

    def of(year: int, month: int) -> Spans:
        whole = whole_month(year, month)
        if not whole:
            return ()
        first, last = whole[0].first, whole[0].last
        at = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
        if number < 0:
            at = last - timedelta(days=(last.weekday() - weekday) % 7)
        return (day(at),) if at <= last else ()

    return Monthly(of=of)


_WORKING: Final = frozenset(range(5))


def numbered_working_day(number: int, setting: Setting) -> Monthly:
    """The first or last working day of any month."""

    def of(year: int, month: int) -> Spans:
        off = set(rest_days(whole_month(year, month), setting.calendar.country))
        days = [
            at
            for whole in whole_month(year, month)
            for step in range((whole.last - whole.first).days + 1)
            if (at := whole.first + timedelta(days=step)) not in off
        ]
        place = number - 1 if number > 0 else number
        return (day(days[place]),) if place < len(days) else ()

    return Monthly(of=of)


def _ordinal_week(_setting: Setting, pieces: Pieces) -> Monthly | None:
    number = _ordinal(pieces)
    return numbered_week(number) if -1 <= number <= 5 and number else None


def _week_of_month(_setting: Setting, pieces: Pieces) -> Yearly | None:
    """10月3週, October week 3, week 3 of October."""
    named = integers(pieces, "month")
    month, number = (*named, *numbers(pieces))
    if unit(pieces) != "week" or not (1 <= month <= 12 and 1 <= number <= 5):
        return None
    week = numbered_week(number)
    return Yearly(of=lambda year: week.of(year, month))


def _either_week(_setting: Setting, pieces: Pieces) -> Monthly | None:
    """The first or second week."""
    first, last = numbers(pieces)
    ordinal = all(each.written == "ordinal" for each in numerals(pieces))
    if unit(pieces) != "week" or not ordinal or not (1 <= first <= 5 and 1 <= last <= 5):
        return None
    return either_monthly(numbered_week(first), numbered_week(last))


def _either_weekday(_setting: Setting, pieces: Pieces) -> Monthly | None:
    """第1か第3月曜, the first and third Monday."""
    numbered = numerals(pieces)
    days = next((each.value for each in pieces if isinstance(each.value, frozenset)), frozenset())
    ordinal = pieces[0].kind == "第" or all(each.written == "ordinal" for each in numbered)
    coupled = has(pieces, "or", "and") or pieces[2].lead in {"・", "、", ","}
    if not (ordinal and coupled and all(1 <= each.value <= 5 for each in numbered)):
        return None
    if len(days) > 1:
        return None
    one, other = (
        numbered_weekday(each.value, *days) if days else numbered_week(each.value)
        for each in numbered
    )
    return either_monthly(one, other)


def either_monthly(one: Monthly, other: Monthly) -> Monthly:
    """The one or the other, of one month."""
    return Monthly(of=lambda year, month: one.of(year, month) + other.of(year, month))


def _ordinal(pieces: Pieces) -> int:
    found = numbers(pieces)
    if found:
        return found[0]
    return next((each.value for each in pieces if isinstance(each.value, int)), -1)


def _ordinal_weekday(setting: Setting, pieces: Pieces) -> Monthly | Weekdays | None:
    number = _ordinal(pieces)
    days = next(each.value for each in pieces if isinstance(each.value, frozenset))
    assert isinstance(days, frozenset)
    if pieces[0].kind == "n" and not has(pieces, "番目"):
        (counted,) = numerals(pieces)
        if counted.written != "ordinal":
            return Weekdays(days=days) if (number, counted.written) == (1, "word") else None
    if days == _WORKING:
        return numbered_working_day(number, setting) if -1 <= number <= 23 and number else None
    if not (-1 <= number <= 5 and number) or len(days) > 1:
        return None
    return numbered_weekday(number, *days)


def _last_day(year: int, month: int) -> Spans:
    return tuple(day(each.last) for each in whole_month(year, month))


def _ordinal_of_unit(setting: Setting, pieces: Pieces) -> object | None:
    """The first week, the second quarter; two weeks are none."""
    if any(each.written != "ordinal" for each in numerals(pieces)):
        return None
    match pieces[-1].value:
        case "week":
            return _ordinal_week(setting, pieces)
        case "quarter":
            return quarter(setting, pieces)
        case "day" if pieces[0].kind == "final":
            return Monthly(of=_last_day)
        case "month" if pieces[-1].lead == "of" and numbers(pieces):
            return _nth(numbers(pieces)[0])
    return None


def _nth(number: int) -> Monthly | None:
    """The first of the month."""

    def of(year: int, month: int) -> Spans:
        at = real_day(year, month, number)
        return (day(at),) if at else ()

    return Monthly(of=of) if 1 <= number <= 31 else None


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("第 n 週", _ordinal_week),
    ("n 目", _ordinal_week),
    ("n 番目 週", _ordinal_week),
    ("n 番目 weekday|営業日", _ordinal_weekday),
    ("n 月 n 週 !前|後", _week_of_month),
    ("month .? unit n !unit|:|ampm|month|oclock", _week_of_month),
    ("unit n month", _week_of_month),
    ("n or n unit", _either_week),
    ("第 n or|and? 第? n weekday|週", _either_weekday),
    ("n or|and n weekday", _either_weekday),
    ("最終|final 週", _ordinal_week),
    ("最終 count", _ordinal_week),
    ("第 n weekday|営業日", _ordinal_weekday),
    ("n weekday", _ordinal_weekday),
    ("最終|final weekday|営業日", _ordinal_weekday),
    ("n unit", _ordinal_of_unit),
    ("final unit", _ordinal_of_unit),
)
