"""Parts of months and years: thirds, halves, weeks, weekdays of a month.

Pure. Knows nothing of fiscal years, holidays or clocks.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from archive.locate.when.fiscal import fiscal_end
from archive.locate.when.grammar import Rule
from archive.locate.when.month_weeks import either_monthly
from archive.locate.when.periods import (
    Days,
    Month,
    Monthly,
    Period,
    Setting,
    Spans,
    Year,
    Yearly,
    month_of_year,
    of_year,
    part_of,
    parted,
    real_day,
    resolved,
    shifted,
    week_of,
    whole_month,
    year_span,
)
from archive.locate.when.pieces import Piece, has, integer, numbers, unit, word
from archive.locate.when.values import DaySpan

Pieces = tuple[Piece, ...]
# Seasons as people say them, not as astronomers do: first month, months, days on either side.
_SEASONS: Final = {
    "spring": (3, 3, 15), "summer": (6, 3, 15), "autumn": (9, 3, 15), "winter": (12, 3, 15),
    "early_spring": (2, 2, 10), "early_summer": (5, 2, 10), "early_autumn": (9, 1, 10),
    "late_autumn": (11, 1, 10), "early_winter": (12, 1, 15), "midwinter": (1, 2, 10),
}  # fmt: skip
# First and last day, days on either side.
_HOLIDAY_SEASONS: Final = {
    "summer_holidays": ((7, 20), (8, 31), 5), "winter_holidays": ((12, 23), (1, 8), 4),
    "spring_holidays": ((3, 20), (4, 8), 5), "rains": ((6, 5), (7, 20), 7),
    "midsummer": ((7, 20), (8, 31), 10),
}  # fmt: skip


def monthly_part(part: str) -> Monthly:
    """Early, mid, late in any month."""
    return Monthly(of=lambda year, month: parted(whole_month(year, month), part))


def _third(_setting: Setting, pieces: Pieces) -> Monthly | None:
    if pieces[0].value not in {"early", "mid", "late"} or pieces[0].lead in {"in", "on"}:
        return None
    return monthly_part(str(pieces[0].value))


def _part_of_unit(_setting: Setting, pieces: Pieces) -> Monthly | None:
    """At the end of the month."""
    if pieces[1].value != "month" or pieces[1].lead != "of":
        return None
    return monthly_part(str(pieces[0].value))


def _month_part(_setting: Setting, pieces: Pieces) -> Monthly:
    return monthly_part(str(pieces[0].value))


def _part_of_month(_setting: Setting, pieces: Pieces) -> Yearly | None:
    """10月末, 10月初め."""
    month, part = numbers(pieces)[0], str(pieces[1].value)
    return Yearly(of=lambda year: parted(whole_month(year, month), part)) if month <= 12 else None


def _week_part(setting: Setting, pieces: Pieces) -> Days:
    return _part_of_weeks((week_of(setting.today, setting),), word(pieces, "weekpart"))


def _part_of_week(setting: Setting, pieces: Pieces) -> Days | None:
    """先週の週半ば, midweek last week."""
    if has(pieces, "week"):
        weeks = integer(pieces, "week")
    elif unit(pieces) == "week":
        weeks = -has(pieces, "last", "prev")
    else:
        return None
    week = shifted(week_of(setting.today, setting), 7 * weeks)
    return _part_of_weeks((week,), word(pieces, "weekpart"))


def _part_of_weeks(weeks: Spans, part: str) -> Days:
    if part == "monday":
        return Days(spans=tuple(map(_monday, weeks)))
    return Days(spans=tuple(part_of(each, "begin" if part == "begin" else "mid") for each in weeks))


def _monday(week: DaySpan) -> DaySpan:
    """The Monday of a week, softly the day after it."""
    at = week.first + timedelta(days=-week.first.weekday() % 7)
    return DaySpan(first=at, last=at, after_days=1)


def season(name: str) -> Yearly:
    """A season of any year."""
    if name in _HOLIDAY_SEASONS:
        first, last, around = _HOLIDAY_SEASONS[name]
        return replace(_between(first, last, around), named=True)
    month, length, around = _SEASONS[name]
    last_month = (month + length - 2) % 12 + 1

    def of(year: int) -> Spans:
        whole = whole_month(year + (last_month < month), last_month)
        return tuple(
            DaySpan(
                first=date(year, month, 1), last=each.last, before_days=around, after_days=around
            )
            for each in whole
        )

    return Yearly(of=of)


def _between(first: tuple[int, int], last: tuple[int, int], around: int) -> Yearly:
    def of(year: int) -> Spans:
        begin, end = real_day(year, *first), real_day(year + (last < first), *last)
        if begin is None or end is None:
            return ()
        return (DaySpan(first=begin, last=end, before_days=around, after_days=around),)

    return Yearly(of=of)


def _season(_setting: Setting, pieces: Pieces) -> Yearly:
    return season(str(pieces[0].value))


# What follows joins what the rules above made.


def _value(piece: Piece) -> Period:
    assert isinstance(piece.value, Days | Year | Month | Yearly | Monthly)
    return piece.value


def _of(pieces: Pieces, kind: type) -> object:
    return next(each.value for each in pieces if isinstance(each.value, kind))


def _month_in_year(setting: Setting, pieces: Pieces) -> Month | None:
    year, month = _of(pieces, Year), _of(pieces, Month)
    assert isinstance(year, Year)
    assert isinstance(month, Month)
    return month_of_year(month, year, setting) if month.year is None else None


def _in_year(setting: Setting, pieces: Pieces) -> Days | None:
    year, yearly = _of(pieces, Year), _of(pieces, Yearly)
    assert isinstance(year, Year)
    assert isinstance(yearly, Yearly)
    spans = of_year(yearly, year, setting)
    return Days(spans=spans) if spans else None


def _in_month(_setting: Setting, pieces: Pieces) -> Days | Yearly | None:
    month, monthly = _of(pieces, Month), _of(pieces, Monthly)
    assert isinstance(month, Month)
    assert isinstance(monthly, Monthly)
    if month.year is None:
        return Yearly(of=lambda year: monthly.of(year, month.month))
    spans = monthly.of(month.year, month.month)
    return Days(spans=spans) if spans else None


def _two_in_month(setting: Setting, pieces: Pieces) -> Days | Yearly | None:
    """10月の1週目か2週目, early to mid October: both, or from one to the other."""
    one, other = (each for each in pieces if isinstance(each.value, Monthly))
    assert isinstance(one.value, Monthly)
    assert isinstance(other.value, Monthly)
    month = next(each for each in pieces if isinstance(each.value, Month))
    joined = either_monthly if has(pieces, "or") else _from_to
    both = replace(one, value=joined(one.value, other.value))
    return _in_month(setting, (month, both))


def _from_to(one: Monthly, other: Monthly) -> Monthly:
    return Monthly(of=lambda year, month: _spanned(one.of(year, month), other.of(year, month)))


def _spanned(begin: Spans, end: Spans) -> Spans:
    """From the begin of some days to the end of others behind them."""
    if not begin or not end or end[-1].last < begin[0].first:
        return ()
    return (replace(begin[0], last=end[-1].last, after_days=end[-1].after_days),)


def _two_parts(setting: Setting, pieces: Pieces) -> Period | None:
    """10月上旬か中旬, 10月中旬から下旬: both, or from one to the other."""
    whole = next(each for each in pieces if isinstance(each.value, Period))
    words = [each for each in pieces if each.kind in _PART_WORDS]
    periods = [_part(setting, (whole, each)) for each in words]
    one, other = periods
    if not isinstance(one, Yearly) or not isinstance(other, Yearly):
        return None
    if has(pieces, "or"):
        return Yearly(of=lambda year: one.of(year) + other.of(year))
    return Yearly(of=lambda year: _spanned(one.of(year), other.of(year)))


_PART_WORDS: Final = ("third", "later", "旬", "末")


def _part(setting: Setting, pieces: Pieces) -> Period | None:
    """Early October, 去年の初め, late last week."""
    part = word(pieces, "third", "later", "旬") or "end"
    period = next(_value(each) for each in pieces if each.kind not in _PART_WORDS)
    match period:
        case Month(year=None):
            month = period.month
            return Yearly(of=lambda year: parted(whole_month(year, month), part))
        case Month():
            return Days(spans=parted(whole_month(period.year or 0, period.month), part))
        case Yearly():
            of = period.of
            return Yearly(of=lambda year: parted(of(year), part), fiscal=period.fiscal)
        case Year():
            return Days(spans=_of_year(period, part, setting))
    days = resolved(period, setting)
    return Days(spans=parted(days.spans, part)) if days.spans else None


def _of_year(year: Year, part: str, setting: Setting) -> Spans:
    """A part of a year; its end is that of its last month, not its last quarter."""
    if part == "end":
        return fiscal_end(setting).of(year.year) if year.fiscal else _year_end_of(year.year)
    return parted(year_span(year.year, setting.calendar.fiscal_month if year.fiscal else 1), part)


def _year_end_of(year: int) -> Spans:
    first, last = real_day(year, 12, 16), real_day(year, 12, 31)
    if first is None or last is None:
        return ()
    return (DaySpan(first=first, last=last, before_days=15, after_days=3),)


def _itself(_setting: Setting, pieces: Pieces) -> Period:
    """10月中, the first quarter of the fiscal year."""
    return next(each.value for each in pieces if isinstance(each.value, Period))


def _last_of(setting: Setting, pieces: Pieces) -> Days | None:
    """Last summer, last Christmas: the latest that is over."""
    yearly = _of(pieces, Yearly)
    assert isinstance(yearly, Yearly)
    for year in range(setting.today.year, setting.today.year - 9, -1):
        spans = yearly.of(year)
        if spans and spans[-1].last < setting.today:
            return Days(spans=spans)
    return None


def _this_of(setting: Setting, pieces: Pieces) -> Days | None:
    """This summer, next Christmas."""
    yearly = _of(pieces, Yearly)
    assert isinstance(yearly, Yearly)
    spans = yearly.of(setting.today.year + (pieces[0].kind == "next"))
    return Days(spans=spans) if spans else None


def _year_end(_setting: Setting, _pieces: Pieces) -> Yearly:
    """年初 alone or of a year."""
    return Yearly(of=lambda year: parted(whole_month(year, 1), "first_half"))


def _monday_after(setting: Setting, pieces: Pieces) -> Days:
    """週明け of a week that was said."""
    spans = resolved(_value(pieces[0]), setting).spans
    return Days(spans=tuple(_monday(week_of(each.first, setting)) for each in spans))


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("third !last|this|prev|day|week|rel_month|before_last|feast|season", _third),
    ("third unit", _part_of_unit),
    ("month_part", _month_part),
    ("n month_part", _part_of_month),
    ("weekpart", _week_part),
    ("week weekpart", _part_of_week),
    ("weekpart last|this|prev unit", _part_of_week),
    ("last|this|prev unit weekpart", _part_of_week),
    ("year_part", _year_end),
    ("season", _season),
)
BINDING: Final[tuple[tuple[str, Rule], ...]] = (
    ("year month_of", _month_in_year),
    ("month_of year", _month_in_year),
    ("year yearly", _in_year),
    ("yearly year", _in_year),
    ("last|prev yearly", _last_of),
    ("this|next yearly", _this_of),
    ("month_of monthly", _in_month),
    ("monthly month_of", _in_month),
    ("month_of monthly or|to monthly", _two_in_month),
    ("monthly or|to monthly month_of", _two_in_month),
)
PARTING: Final[tuple[tuple[str, Rule], ...]] = (
    ("third|later month_of|year|yearly|days", _part),
    ("month_of|year|yearly|days third|旬|末", _part),
    ("month_of third|旬|末 to|or third|旬|末", _two_parts),
    ("month_of|days|year|yearly 中", _itself),
    ("fiscal_year yearly", _itself),
    ("yearly fiscal_year", _itself),
    ("days weekpart", _monday_after),
)
