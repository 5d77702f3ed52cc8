"""Dates as they are written: with and without year, month or day first, in eras, as ranges.

Pure. Knows nothing of relative days or of parts.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from archive.locate.when.grammar import Rule
from archive.locate.when.numerals import Numeral
from archive.locate.when.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    Days,
    Month,
    Monthly,
    NoSuchDay,
    Setting,
    Spans,
    Year,
    Yearly,
    day,
    full_year,
    one_day,
    real_day,
    yearly_day,
    yearly_range,
)
from archive.locate.when.pieces import Piece, has, integers, numbers, numerals
from archive.locate.when.values import DaySpan

Pieces = tuple[Piece, ...]
# Of 3/4 in the order that the calendar has not.
OTHER_ORDER_WEIGHT: Final = 0.2
_MOST_DAYS: Final = 31
_YEARS_NEAR: Final = 5


def _year(setting: Setting, pieces: Pieces) -> Year | None:
    numeral = pieces[0].value
    assert isinstance(numeral, Numeral)
    if numeral.written == "word" or not (
        numeral.width == 4 or numeral.written == "kanji" or len(pieces) > 1
    ):
        return None
    year = full_year(numeral.value, max(numeral.width, 2), setting)
    return Year(year=year) if FIRST_YEAR <= year <= LAST_YEAR and numeral.value > 9 else None


def _led_year(setting: Setting, pieces: Pieces) -> Year | None:
    (year,) = numbers(pieces)
    near = setting.today.year - 30 <= year <= setting.today.year + 2
    return Year(year=year) if near and pieces[0].lead in {"in", "of"} else None


def _era(base: int, year: int) -> Year | None:
    return Year(year=base + year) if 1 <= year <= 64 else None


def _era_year(_setting: Setting, pieces: Pieces) -> Year | None:
    assert isinstance(pieces[0].value, int)
    found = numbers(pieces)
    return _era(pieces[0].value, found[0] if found else 1)


def _era_day(_setting: Setting, pieces: Pieces) -> Days | NoSuchDay | None:
    assert isinstance(pieces[0].value, int)
    year, month, number = numbers(pieces)
    found = _era(pieces[0].value, year)
    return one_day(found.year, month, number) if found else None


def _era_named(_setting: Setting, pieces: Pieces) -> Days | Month | NoSuchDay | None:
    """Reiwa 8 November 10, 10 November Reiwa 8, November Reiwa 8."""
    base, month = integers(pieces, "era")[0], integers(pieces, "month")[0]
    found = numbers(pieces)
    year = found.pop(0 if pieces[0].kind == "era" else -1)
    era = _era(base, year)
    if era is None:
        return None
    return one_day(era.year, month, found[0]) if found else Month(month=month, year=era.year)


def _month(_setting: Setting, pieces: Pieces) -> Month | NoSuchDay:
    (month,) = numbers(pieces)
    return Month(month=month) if 1 <= month <= 12 else NoSuchDay()


def _month_name(_setting: Setting, pieces: Pieces) -> Month:
    assert isinstance(pieces[0].value, int)
    return Month(month=pieces[0].value)


def _month_day(_setting: Setting, pieces: Pieces) -> Yearly | NoSuchDay | None:
    month, number = numbers(pieces)
    # Of 10月の三連休 and 10月のどこか四時 it is no day.
    if not has(pieces, "日") and (number > _MOST_DAYS or pieces[2].lead):
        return None
    return yearly_day(month, number) or NoSuchDay()


def _slashed(setting: Setting, pieces: Pieces) -> Yearly | NoSuchDay | None:
    first, second = numbers(pieces)
    if max(first, second) > 99 or (first, second) == (24, 7):
        return None
    pairs = [(first, second), (second, first)]
    if setting.calendar.date_order == "day_first":
        pairs.reverse()
    usual = yearly_day(*pairs[0])
    other = yearly_day(*pairs[1], weight=OTHER_ORDER_WEIGHT if usual else 1.0)
    if usual and other and first != second:
        return replace(usual, other=other)
    return usual or other or NoSuchDay()


def _named(month_at: int, day_at: int) -> Rule:
    """A month by its name and a day."""

    def rule(_setting: Setting, pieces: Pieces) -> Yearly | NoSuchDay | None:
        month, numeral = pieces[month_at].value, pieces[day_at].value
        assert isinstance(month, int)
        assert isinstance(numeral, Numeral)
        apart = pieces[1].lead in {",", "at"}  # October, 4 to 7 pm; in October, at 10 or so
        if apart or numeral.width > 2 or numeral.written == "word":
            return None
        return yearly_day(month, numeral.value) or NoSuchDay()

    return rule


def _named_year(_setting: Setting, pieces: Pieces) -> Days | NoSuchDay | None:
    month = next(each.value for each in pieces if each.kind == "month")
    assert isinstance(month, int)
    number, year = numbers(pieces)
    return one_day(year, month, number) if _is_year(year) and number < 99 else None


def _named_short_year(setting: Setting, pieces: Pieces) -> Days | NoSuchDay | None:
    """21 Oct 26; 21 Oct 15 is none of a year, for no call is as old."""
    month = integers(pieces, "month")[0]
    number, year = numbers(pieces)
    this = setting.today.year % 100
    near = range(this - _YEARS_NEAR, this + 1)
    widths = [each.width for each in numerals(pieces)]
    if year not in near or max(widths) > 2 or pieces[-1].lead:
        return None
    return one_day(full_year(year, 2, setting), month, number)


def _is_year(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR


def _dashed_name(_setting: Setting, pieces: Pieces) -> Days | NoSuchDay | None:
    """21-Oct-2026."""
    number, year = numbers(pieces)
    if not _is_year(year) or any(each.value != "sign" for each in pieces if each.kind == "to"):
        return None
    return one_day(year, integers(pieces, "month")[0], number)


def _month_year(_setting: Setting, pieces: Pieces) -> Month | None:
    month = pieces[0].value
    assert isinstance(month, int)
    (year,) = numbers(pieces)
    return Month(month=month, year=year) if _is_year(year) else None


def _full(setting: Setting, pieces: Pieces) -> Days | NoSuchDay | None:
    """2026-10-21, 2026/10/21, 10/21/2026, 21.10.2026, 26/10/21."""
    if pieces[1].kind != pieces[3].kind or pieces[1].value != pieces[3].value:
        return None
    widths = [each.value.width for each in pieces if isinstance(each.value, Numeral)]
    first, second, third = numbers(pieces)
    if widths[0] == 4:
        if max(widths[1:]) > 2 or not _is_year(first):
            return None
        return one_day(first, second, third)
    if (
        max(widths[:2]) > 2
        or widths[2] not in {2, 4}
        or (pieces[1].kind == "to" and widths[2] == 2)
    ):
        return None
    found = _short(setting, (first, second, third), year_last=widths[2] == 4)
    dashed = pieces[1].kind == "to"
    return None if dashed and isinstance(found, NoSuchDay) else found


def _short(
    setting: Setting, triple: tuple[int, int, int], *, year_last: bool
) -> Days | NoSuchDay | None:
    first, second, third = triple
    orders = [(third, first, second), (third, second, first)]
    if setting.calendar.date_order == "day_first" or first > 12:
        orders.reverse()
    if not year_last and setting.calendar.country == "JP":
        orders = _near(setting, [(first, second, third), *orders[::-1]])
    days = [real_day(full_year(year, 2, setting), month, number) for year, month, number in orders]
    found = list(dict.fromkeys(each for each in days if each))
    weights = (1.0, OTHER_ORDER_WEIGHT)
    spans = tuple(day(at, weight=weight) for at, weight in zip(found, weights, strict=False))
    return Days(spans=spans) if spans else NoSuchDay()


def _near(setting: Setting, orders: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """26/11/14; 14/11/26 is of this year and not of 2014, for no call is as old."""
    years = range(setting.today.year - _YEARS_NEAR, setting.today.year + 1)
    near = [
        each
        for each in orders
        if full_year(each[0], 2, setting) in years
        and real_day(full_year(each[0], 2, setting), *each[1:])
    ]
    return near if near and near[0] != orders[0] else orders[:1]


def _compact(setting: Setting, pieces: Pieces) -> Days | None:
    numeral = pieces[0].value
    assert isinstance(numeral, Numeral)
    near = range(setting.today.year - 20, setting.today.year + 2)
    if numeral.width != 8 or numeral.value // 10_000 not in near:
        return None
    at = real_day(numeral.value // 10_000, numeral.value // 100 % 100, numeral.value % 100)
    return Days(spans=(day(at),)) if at else None


def _day_of_month(_setting: Setting, pieces: Pieces) -> Monthly | NoSuchDay | None:
    numeral = pieces[0].value
    assert isinstance(numeral, Numeral)
    if len(pieces) == 1 and (numeral.written != "ordinal" or not numeral.width):
        return None
    if not 1 <= numeral.value <= 31:
        return NoSuchDay()
    return Monthly(of=_days_of_month(numeral.value, numeral.value))


def _days_of_month(first: int, last: int) -> Callable[[int, int], Spans]:
    def of(year: int, month: int) -> Spans:
        begin, end = real_day(year, month, first), real_day(year, month, last)
        return (DaySpan(first=begin, last=end),) if begin and end else ()

    return of


def _and_day(_setting: Setting, pieces: Pieces) -> Yearly | Monthly | None:
    """10月5日と12日, 5日、12日、19日: the later ones of the same month."""
    one, other = pieces[0].value, pieces[-1].value
    told = has(pieces, "or", "and") or pieces[-1].lead in {*_SIGNS, ""}
    assert isinstance(other, Monthly)
    if not told or not _is_days(other.of(2000, 1)):
        return None
    if isinstance(one, Monthly) and _is_days(one.of(2000, 1)):
        return Monthly(of=lambda year, month: one.of(year, month) + other.of(year, month))
    if not isinstance(one, Yearly) or one.other or one.named or not _is_days(one.of(2000)):
        return None

    def of(year: int) -> Spans:
        days = one.of(year)
        return (*days, *(other.of(year, days[-1].last.month) if days else ()))

    return Yearly(of=of)


def _is_days(spans: Spans) -> bool:
    """Days by their number, none of them a week or a part."""
    return bool(spans) and all(
        each.first == each.last and not each.before_days + each.after_days for each in spans
    )


def _range_of_month(_setting: Setting, pieces: Pieces) -> Monthly | None:
    first, last = numbers(pieces)
    both = real_day(2000, 1, first) and real_day(2000, 1, last)
    return Monthly(of=_days_of_month(first, last)) if both and first < last else None


_SIGNS: Final = frozenset({",", "、", "・"})


def _either_day(_setting: Setting, pieces: Pieces) -> Yearly | None:
    """10月3日か4日, 10/3,4, Oct 12 or 13, 5/6 October."""
    named = integers(pieces, "month")
    found = numbers(pieces)
    coupled = has(pieces, "or") or bool(named)
    apart = _SIGNS | {""} if pieces[1].kind == "月" else _SIGNS
    if not coupled and pieces[-1 - (pieces[-1].kind == "日")].lead not in apart:
        return None
    month, first, last = (*named, *found) if named else (found[0], found[1], found[2])
    wide = any(each.width > 2 or each.written == "word" for each in numerals(pieces))
    one, other = yearly_day(month, first), yearly_day(month, last)
    if wide or one is None or other is None:
        return None
    return Yearly(of=lambda year: one.of(year) + other.of(year))


def _either_of_month(_setting: Setting, pieces: Pieces) -> Monthly | None:
    """3日か4日, the 5th or the 6th: of one month."""
    first, last = numbers(pieces)
    ordinal = all(each.written == "ordinal" and each.width for each in numerals(pieces))
    if not (has(pieces, "日") or ordinal) or not (1 <= first <= 31 and 1 <= last <= 31):
        return None
    one, other = _days_of_month(first, first), _days_of_month(last, last)
    return Monthly(of=lambda year, month: one(year, month) + other(year, month))


def _month_range(_setting: Setting, pieces: Pieces) -> Yearly | NoSuchDay | None:
    """10/21-25, 10月21日から25日, Oct 21 - 25, 21 to 25 October."""
    named = next((each.value for each in pieces if each.kind == "month"), None)
    found = numbers(pieces)
    month = named if isinstance(named, int) else found.pop(0)
    first, last = found
    apart = pieces[0].kind == "month" and pieces[1].lead == ","
    if apart or last > 31 or first > 31 or last <= first:
        return None
    return yearly_range((month, first), (month, last)) or NoSuchDay()


def _between_days(_setting: Setting, pieces: Pieces) -> Yearly | NoSuchDay:
    """10/21から10/25."""
    month, first, other, last = numbers(pieces)
    return yearly_range((month, first), (other, last)) or NoSuchDay()


def _month_to_month(_setting: Setting, pieces: Pieces) -> Yearly | None:
    """10月から12月, October to December."""
    first, last = numbers(pieces) or integers(pieces, "month")
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return None

    def of(year: int) -> Spans:
        end = date(year + (last < first) + last // 12, last % 12 + 1, 1)
        return (DaySpan(first=date(year, first, 1), last=end.fromordinal(end.toordinal() - 1)),)

    return Yearly(of=of)


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("n to|/|. n to|/|. n", _full),
    ("n", _compact),
    ("n 年", _year),
    ("n", _led_year),
    ("era n 年", _era_year),
    ("era 元", _era_year),
    ("era_letter n 年", _era_year),
    ("era|era_letter n to|/|. n to|/|. n", _era_day),
    ("era n month n", _era_named),
    ("era n n month", _era_named),
    ("n month era n", _era_named),
    ("month n era n", _era_named),
    ("month era n", _era_named),
    ("era n month", _era_named),
    ("era n", _era_year),
    ("n 月", _month),
    ("month", _month_name),
    ("n 月 n !時|目|番目|週|count|分|日|前|後", _month_day),
    ("n 月 n 日", _month_day),
    ("n / n", _slashed),
    ("month n !ampm|:|時|oclock|ish", _named(0, 1)),
    ("month . n !ampm|:|時|oclock|ish", _named(0, 2)),
    ("n month .?", _named(1, 0)),
    ("n month .? n !ampm|:|時|oclock|ish|unit|count|part|unknown|month", _named_short_year),
    ("month .? n n !oclock", _named_year),
    ("n month .? n !ampm|:|時|oclock|ish", _named_year),
    ("month .? n !oclock", _month_year),
    ("n 日 !ほど|以内", _day_of_month),
    ("n", _day_of_month),
    ("n 月 n 日? or? n 日 !前|後", _either_day),
    ("n / n or n 日? !前|後|月|時|:|/|分|ampm|unit|count|年|.", _either_day),
    ("n / n n 日 !前|後", _either_day),
    ("n / n n !unknown|前|後|月|日|時|:|/|分|ampm|unit|count|年|.", _either_day),
    ("n to month to n", _dashed_name),
    ("month .? n or|/ n !ampm|:|時|oclock|month|unit|/|.", _either_day),
    ("n or|/ n month", _either_day),
    ("n 日? or n 日 !前|後", _either_of_month),
    ("n or n", _either_of_month),
    ("n 日 to n 日", _range_of_month),
    ("n to n 日", _range_of_month),
    ("n / n to n 日?", _month_range),
    ("n 月 n 日? to n 日 bound?", _month_range),
    ("month .? n to n !ampm|:|時|oclock|ish", _month_range),
    ("since|between? n to|and n month", _month_range),
    ("n / n to n / n bound?", _between_days),
    ("n 月 n 日? to n 月 n 日? bound?", _between_days),
    ("n 月? to n 月", _month_to_month),
    ("n 月 n 月", _month_to_month),
    ("month to month", _month_to_month),
)
LISTING: Final[tuple[tuple[str, Rule], ...]] = (("yearly|monthly or|and? monthly", _and_day),)
