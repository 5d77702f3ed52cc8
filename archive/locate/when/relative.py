"""Days said from today: yesterday, last week, three months ago, last Thursday, the day after.

Pure. Knows nothing of clocks.
"""

from datetime import timedelta
from typing import Final

from archive.locate.when.grammar import Rule
from archive.locate.when.numerals import Numeral
from archive.locate.when.periods import (
    Days,
    Month,
    Setting,
    Spans,
    Year,
    day,
    month_after,
    real_day,
    shifted,
    week_of,
)
from archive.locate.when.pieces import Piece, numbers, word
from archive.locate.when.values import DaySpan

Pieces = tuple[Piece, ...]
# Nobody remembers a call of longer ago.
MAX_DAYS: Final = 36_500
MAX_YEARS: Final = 99
# How many days around a day that is so many weeks, months or years back are meant as well.
WEEKS_AROUND: Final = 3
MONTHS_AROUND: Final = 15
YEARS_AROUND: Final = 60
# "Last Thursday", said on a Friday, of the day before.
YESTERDAY_WEIGHT: Final = 0.5
# What is "lately" or "a few days ago": from, to, and around, in days before today.
_RECENT: Final = {
    "just": (0, 0, 0), "lately": (10, 1, 7),
    "days": (5, 2, 2), "weeks": (35, 14, 10), "months": (150, 60, 30),
}  # fmt: skip


def _int(piece: Piece) -> int:
    assert isinstance(piece.value, int)
    return piece.value


def _day(setting: Setting, pieces: Pieces) -> Days:
    return Days(spans=(day(setting.today + timedelta(days=_int(pieces[0]))),))


def week_back(setting: Setting, weeks: int) -> Days:
    """The calendar's week so many weeks from this one."""
    return Days(spans=(shifted(week_of(setting.today, setting), 7 * weeks),))


def month_back(setting: Setting, months: int) -> Month:
    """The month so many months from this one."""
    year, month = month_after(setting.today.year, setting.today.month, months)
    return Month(year=year, month=month)


def _week(setting: Setting, pieces: Pieces) -> Days:
    return week_back(setting, _int(pieces[0]))


def _month(setting: Setting, pieces: Pieces) -> Month:
    return month_back(setting, _int(pieces[0]))


def _year(setting: Setting, pieces: Pieces) -> Year:
    return Year(year=setting.today.year + _int(pieces[0]))


def _next_year(setting: Setting, count: int) -> Year:
    return Year(year=setting.today.year + count)


def ago(setting: Setting, count: int, unit: str) -> Days | Month | Year | None:
    """So many days, weeks, months or years back."""
    if unit == "fortnight":
        count, unit = 2 * count, "week"
    match unit:
        case "day" if count <= MAX_DAYS:
            return Days(spans=(day(setting.today - timedelta(days=count)),))
        case "week" if count * 7 <= MAX_DAYS:
            return Days(spans=_about(setting, 7 * count, WEEKS_AROUND))
        case "month" if count <= MAX_YEARS * 12:
            month = month_back(setting, -count)
            assert month.year is not None
            at = real_day(month.year, month.month, min(setting.today.day, 28))
            assert at is not None
            back = (setting.today - at).days
            return Month(
                year=month.year, month=month.month, spans=_about(setting, back, MONTHS_AROUND)
            )
        case "year" if count <= MAX_YEARS:
            spans = _about(setting, round(365.25 * count), YEARS_AROUND)
            return Year(year=setting.today.year - count, spans=spans)
    return None


def _about(setting: Setting, back: int, around: int) -> Spans:
    at = setting.today - timedelta(days=back)
    days = timedelta(days=around)
    soft = max(around // 2, 1)
    return (DaySpan(first=at - days, last=at + days, before_days=soft, after_days=soft),)


_UNITS: Final = {"日": "day", "週": "week", "年": "year"}


def _unit(pieces: Pieces) -> str:
    for each in pieces:
        if each.kind in {"unit", "count"}:
            return str(each.value)
    return next(_UNITS[each.kind] for each in pieces if each.kind in _UNITS)


def _ago(setting: Setting, pieces: Pieces) -> object | None:
    count = (numbers(pieces) or [1])[0]
    if any(isinstance(each.value, Numeral) and each.value.pair for each in pieces):
        days = {"day": 1, "week": 7, "month": 30}.get(_unit(pieces), 0)
        first, last = divmod(count, 10)
        return _days_back(setting, first * days, last * days, days // 2) if days else None
    return ago(setting, count, _unit(pieces))


def _exactly_ago(setting: Setting, pieces: Pieces) -> Days | None:
    """Two weeks ago today."""
    count = (numbers(pieces) or [1])[0]
    unit = _unit(pieces)
    days = count * {"day": 1, "week": 7, "fortnight": 14}.get(unit, 0)
    if days:
        return Days(spans=(day(setting.today - timedelta(days=days)),)) if days < MAX_DAYS else None
    months = count * {"month": 1, "year": 12}.get(unit, 0)
    year, month = month_after(setting.today.year, setting.today.month, -min(months, 1200))
    at = real_day(year, month, setting.today.day)
    return Days(spans=(day(at),)) if months and at else None


def last_weekday(setting: Setting, wanted: frozenset[int], weeks: int = 0) -> Days:
    """The last such day before today; said in the same week, perhaps that of the week before."""
    back = min((setting.today.weekday() - each) % 7 or 7 for each in wanted)
    at = setting.today - timedelta(days=back)
    if len(wanted) > 1:
        last = setting.today - timedelta(days=(setting.today.weekday() - max(wanted)) % 7 or 7)
        first = last - timedelta(days=max(wanted) - min(wanted))
        return Days(spans=(shifted(DaySpan(first=first, last=last), -7 * weeks),))
    spans: Spans = (day(at),)
    if at >= week_of(setting.today, setting).first:
        spans = (day(at - timedelta(days=7)), day(at, weight=YESTERDAY_WEIGHT))
    return Days(spans=tuple(shifted(each, -7 * weeks) for each in spans))


def _weekdays(pieces: Pieces) -> frozenset[int]:
    found = next(each.value for each in pieces if each.kind == "weekday")
    assert isinstance(found, frozenset)
    return found


def _last_weekday(setting: Setting, pieces: Pieces) -> Days:
    return last_weekday(setting, _weekdays(pieces))


def _weekday_before_last(setting: Setting, pieces: Pieces) -> Days:
    return last_weekday(setting, _weekdays(pieces), weeks=1)


def _weekday_of_week(weeks: int) -> Rule:
    def rule(setting: Setting, pieces: Pieces) -> Days:
        return Days(spans=week_back(setting, weeks).spans, weekdays=_weekdays(pieces))

    return rule


def _unit_from_now(count: int) -> Rule:
    """Last week, this month, next year."""

    def rule(setting: Setting, pieces: Pieces) -> object | None:
        match _unit(pieces):
            case "day":
                return Days(spans=(day(setting.today + timedelta(days=count)),))
            case "week":
                return week_back(setting, count)
            case "fortnight":
                return Days(spans=_about(setting, -7 * count, 7))
            case "month":
                return month_back(setting, count)
            case "year":
                return Year(year=setting.today.year + count)
        return None

    return rule


def _last_many(setting: Setting, pieces: Pieces) -> Days | None:
    """The last three weeks, この3日間."""
    count = numbers(pieces)[0]
    days = count * {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}.get(
        _unit(pieces), 0
    )
    if not 0 < days <= MAX_DAYS:
        return None
    return Days(spans=(DaySpan(first=setting.today - timedelta(days=days), last=setting.today),))


def _named_month(years: int) -> Rule:
    """Last October, October last year, this May."""

    def rule(setting: Setting, pieces: Pieces) -> Month:
        month = next(_int(each) for each in pieces if each.kind == "month")
        year = setting.today.year + years
        if years < 0 and pieces[0].kind == "last" and month < setting.today.month:
            year += 1
        return Month(month=month, year=year)

    return rule


def _recent(setting: Setting, pieces: Pieces) -> Days:
    return _lately(setting, str(pieces[0].value))


def _lately(setting: Setting, told: str) -> Days:
    begin, end, around = _RECENT[told]
    span = DaySpan(
        first=setting.today - timedelta(days=begin),
        last=setting.today - timedelta(days=end),
        before_days=around,
        after_days=min(around, end),
    )
    return Days(spans=(span,))


def _few_ago(setting: Setting, pieces: Pieces) -> Days | Month | Year | None:
    """A few days ago, a couple of weeks ago."""
    if word(pieces, "few") == "couple":
        return ago(setting, 2, _unit(pieces))
    told = _unit(pieces) + "s"
    return _lately(setting, told) if told in _RECENT else None


def _half_year_ago(setting: Setting, _pieces: Pieces) -> Days:
    return Days(spans=_about(setting, 182, 30))


def _between_ago(setting: Setting, pieces: Pieces) -> Days | None:
    """2、3日前, two or three days ago."""
    first, last = numbers(pieces)
    days = {"day": 1, "week": 7, "month": 30}.get(_unit(pieces), 0)
    if not 0 < first < last or not 0 < last * days <= MAX_DAYS:
        return None
    return _days_back(setting, first * days, last * days, days // 2)


def _days_back(setting: Setting, first: int, last: int, around: int) -> Days:
    begin, end = (setting.today - timedelta(days=each) for each in (last, first))
    return Days(spans=(DaySpan(first=begin, last=end, before_days=around, after_days=around),))


def _weekday_ago(setting: Setting, pieces: Pieces) -> Days | None:
    """3週間前の月曜: of that week."""
    (count,) = numbers(pieces)
    if _unit(pieces) != "week" or count * 7 > MAX_DAYS:
        return None
    return _weekday_of_week(-count)(setting, pieces)  # type: ignore[return-value]  # it is Days


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("day", _day),
    ("week", _week),
    ("rel_month", _month),
    ("rel_year", _year),
    ("n 日|週|年|count 前", _ago),
    ("n|article unit ago", _ago),
    ("article n unit ago", _ago),
    ("n 日|週|年|count 前 day", _exactly_ago),
    ("n|article unit ago day", _exactly_ago),
    ("last weekday", _last_weekday),
    ("prev weekday", _last_weekday),
    ("weekday before_last", _weekday_before_last),
    ("weekday last unit", _weekday_of_week(-1)),
    ("weekday this unit", _weekday_of_week(0)),
    ("this weekday", _weekday_of_week(0)),
    ("next weekday", _weekday_of_week(1)),
    ("last unit", _unit_from_now(-1)),
    ("prev unit", _unit_from_now(-1)),
    ("this unit", _unit_from_now(0)),
    ("next unit", _unit_from_now(1)),
    ("unit before_last", _unit_from_now(-2)),
    ("last n unit", _last_many),
    ("article? few unit ago", _few_ago),
    ("半 年 前", _half_year_ago),
    ("n to|or? n 日|週|count 前", _between_ago),
    ("n to|or n unit ago", _between_ago),
    ("n 日|週|count or n 日|週|count 前", _between_ago),
    ("n 週|count 前 weekday", _weekday_ago),
    ("weekday n unit ago", _weekday_ago),
    ("前 weekday", _last_weekday),
    ("last month", _named_month(-1)),
    ("this month", _named_month(0)),
    ("recent", _recent),
)
