"""Days said from today: yesterday, last week, three months ago, last Thursday, the day after.

Pure. Knows nothing of clocks.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from archive.locate.when.ago import MAX_DAYS, days_about, lately, month_back
from archive.locate.when.clock.clocks import Moment, part_clock
from archive.locate.when.grammar import Rule
from archive.locate.when.periods import (
    Days,
    Month,
    Setting,
    Spans,
    Weekdays,
    Year,
    Yearly,
    day,
    month_after,
    shifted,
    week_of,
    whole_month,
    widened,
)
from archive.locate.when.pieces import Piece, has, numbers, unit, weekdays, word
from archive.locate.when.values import DaySpan

Pieces = tuple[Piece, ...]
# "Last Thursday", said on a Friday, of the day before.
YESTERDAY_WEIGHT: Final = 0.5


def _int(piece: Piece) -> int:
    assert isinstance(piece.value, int)
    return piece.value


def _day(setting: Setting, pieces: Pieces) -> Days:
    return Days(spans=(day(setting.today + timedelta(days=_int(pieces[0]))),))


def week_back(setting: Setting, weeks: int) -> Days:
    """The calendar's week so many weeks from this one."""
    return Days(spans=(shifted(week_of(setting.today, setting), 7 * weeks),))


def _week(setting: Setting, pieces: Pieces) -> Days:
    return week_back(setting, _int(pieces[0]))


def _month(setting: Setting, pieces: Pieces) -> Month:
    return month_back(setting, _int(pieces[0]))


def _year(setting: Setting, pieces: Pieces) -> Year:
    return Year(year=setting.today.year + _int(pieces[0]))


def _next_year(setting: Setting, count: int) -> Year:
    return Year(year=setting.today.year + count)


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
        match unit(pieces):
            case "day":
                return Days(spans=(day(setting.today + timedelta(days=count)),))
            case "week":
                return week_back(setting, count)
            case "fortnight":
                return Days(spans=days_about(setting, -7 * count, 7))
            case "month":
                return month_back(setting, count)
            case "year":
                return Year(year=setting.today.year + count)
        return None

    return rule


def _last_unit(setting: Setting, pieces: Pieces) -> object | None:
    """Last week is that of the calendar, over the last week seven days."""
    if pieces[0].lead in {"within", "over", "during", "throughout"}:
        return _back(setting, 1, unit(pieces))
    return _unit_from_now(-1)(setting, pieces)


def _past(setting: Setting, pieces: Pieces) -> Days | None:
    """In the past week, the past few days."""
    if pieces[0].value != "past":
        return None
    if has(pieces, "few"):
        return _last_few(setting, pieces)
    return _back(setting, (numbers(pieces) or [1])[0], unit(pieces))


def _last_few(setting: Setting, pieces: Pieces) -> Days | None:
    """In the last few days, the last couple of weeks."""
    return _back(setting, 2 if word(pieces, "few") == "couple" else 5, unit(pieces))


def _last_of_month(_setting: Setting, pieces: Pieces) -> Yearly | None:
    """The last two weeks of October."""
    month = next(_int(each) for each in pieces if each.kind == "month")
    days = numbers(pieces)[0] * {"day": 1, "week": 7}.get(unit(pieces), 0)
    if not 0 < days <= 31:
        return None
    step = timedelta(days=days - 1)
    return Yearly(
        of=lambda year: tuple(
            replace(each, first=max(each.last - step, each.first), before_days=2)
            for each in whole_month(year, month)
        )
    )


def _last_either(setting: Setting, pieces: Pieces) -> Days:
    """Last Tuesday or Wednesday."""
    found = [last_weekday(setting, each).spans for each in weekdays(pieces)]
    return Days(spans=tuple(span for spans in found for span in spans))


def _last_many(setting: Setting, pieces: Pieces) -> Days | None:
    """The last three weeks, この3日間."""
    return _back(setting, numbers(pieces)[0], unit(pieces))


def _back(setting: Setting, count: int, named: str) -> Days | None:
    days = count * {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}.get(named, 0)
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


def _weekday_about_ago(setting: Setting, pieces: Pieces) -> Days | None:
    """2週間ほど前の月曜: of that week, or of one beside it."""
    found = _weekday_ago(
        setting, tuple(each for each in pieces if each.kind not in {"approx", "ほど"})
    )
    return replace(found, spans=widened(found.spans, 7)) if found else None


def _earlier(setting: Setting, pieces: Pieces) -> object | None:
    """Earlier today, earlier this week."""
    if has(pieces, "day"):
        return _day(setting, pieces[1:])
    return _unit_from_now(0)(setting, pieces[1:])


def _few_of_month(_setting: Setting, pieces: Pieces) -> Yearly | None:
    """The first few days of October, the last few."""
    month = next(_int(each) for each in pieces if each.kind == "month")
    first = pieces[0].kind == "n"
    if unit(pieces) != "day" or (first and numbers(pieces) != [1]):
        return None

    def of(year: int) -> Spans:
        return tuple(
            replace(each, last=each.first + _FEW_DAYS, after_days=2)
            if first
            else replace(each, first=each.last - _FEW_DAYS, before_days=2)
            for each in whole_month(year, month)
        )

    return Yearly(of=of)


_FEW_DAYS: Final = timedelta(days=4)


def _weekday_ago(setting: Setting, pieces: Pieces) -> Days | None:
    """3週間前の月曜, 月曜（3週間前）, a week ago on Tuesday: of that week."""
    count = (numbers(pieces) or [2 if has(pieces, "few") else 1])[0]
    if word(pieces, "few") == "few" or unit(pieces) != "week" or count * 7 > MAX_DAYS:
        return None
    return _weekday_of_week(-count)(setting, pieces)  # type: ignore[return-value]  # it is Days


def _few_weekdays_ago(setting: Setting, pieces: Pieces) -> Days | None:
    """A couple of Mondays ago."""
    (wanted,) = weekdays(pieces)
    if len(wanted) > 1 or word(pieces, "few") != "couple":
        return None
    back = min((setting.today.weekday() - each) % 7 or 7 for each in wanted)
    return Days(spans=(day(setting.today - timedelta(days=back + 7)),))


def _these_days(setting: Setting, pieces: Pieces) -> Days | None:
    """ここ1週間くらい, ここ2、3日."""
    return _back(setting, numbers(pieces)[-1], unit(pieces))


def _same_weekday(setting: Setting, _pieces: Pieces) -> Weekdays:
    """今日と同じ曜日."""
    return Weekdays(days=frozenset({setting.today.weekday()}))


def _today_of(setting: Setting, pieces: Pieces) -> Days | None:
    """先週の今日, 先月の今日, 去年の今日, this day last week."""
    if has(pieces, "unit"):
        told = unit(pieces[:2]) == "day" or has(pieces, "shift_on")
        return _same_day(setting, -1, str(pieces[-1].value)) if told else None
    named = {"week": "week", "rel_month": "month", "rel_year": "year"}[pieces[0].kind]
    return _same_day(setting, _int(pieces[0]), named) if pieces[1].value == 0 else None


def _same_day(setting: Setting, count: int, named: str) -> Days | None:
    """The same day of another week, month or year; where it has none, its last."""
    today = setting.today
    if named == "week":
        return Days(spans=(day(today + timedelta(days=7 * count)),))
    months = {"month": count, "year": 12 * count}.get(named)
    if months is None:
        return None
    year, month = month_after(today.year, today.month, months)
    (whole,) = whole_month(year, month)
    return Days(spans=(day(min(whole.first + timedelta(days=today.day - 1), whole.last)),))


def _other_part(setting: Setting, pieces: Pieces) -> Moment:
    """The other evening."""
    return Moment(lately(setting, "lately"), part_clock(str(pieces[1].value)))


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("day", _day),
    ("week", _week),
    ("week|rel_month|rel_year day", _today_of),
    ("this unit last unit", _today_of),
    ("shift_on last unit", _today_of),
    ("same_weekday", _same_weekday),
    ("rel_month", _month),
    ("rel_year", _year),
    ("last weekday", _last_weekday),
    ("prev weekday", _last_weekday),
    ("weekday before_last", _weekday_before_last),
    ("weekday last unit", _weekday_of_week(-1)),
    ("weekday this unit", _weekday_of_week(0)),
    ("this weekday", _weekday_of_week(0)),
    ("next weekday", _weekday_of_week(1)),
    ("last unit", _last_unit),
    ("after n? unit", _past),
    ("after few unit", _past),
    ("last few unit", _last_few),
    ("last article few unit", _last_few),
    ("last n unit month", _last_of_month),
    ("last weekday or weekday", _last_either),
    ("prev unit", _unit_from_now(-1)),
    ("this unit", _unit_from_now(0)),
    ("next unit", _unit_from_now(1)),
    ("unit before_last", _unit_from_now(-2)),
    ("last n unit", _last_many),
    ("n 週|count approx|ほど 前 weekday", _weekday_about_ago),
    ("ago this unit", _earlier),
    ("ago day", _earlier),
    ("n few unit month", _few_of_month),
    ("last|final few unit month", _few_of_month),
    ("n 週|count 前 weekday", _weekday_ago),
    ("n 週|count 前 ( weekday )", _weekday_ago),
    ("weekday n 週|count 前", _weekday_ago),
    ("weekday ( n 週|count 前 )", _weekday_ago),
    ("weekday n|article unit ago", _weekday_ago),
    ("weekday ( n|article unit ago )", _weekday_ago),
    ("n|article unit ago weekday", _weekday_ago),
    ("n|article unit ago ( weekday )", _weekday_ago),
    ("article? few unit ago weekday", _weekday_ago),
    ("article? few unit ago ( weekday )", _weekday_ago),
    ("article? few weekday ago", _few_weekdays_ago),
    ("ここ n 日|週|count approx|ほど?", _these_days),
    ("ここ n to|or? n 日|週|count approx|ほど?", _these_days),
    ("other part", _other_part),
    ("last month", _named_month(-1)),
    ("this month", _named_month(0)),
)
