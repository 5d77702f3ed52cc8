"""How long ago: three days, about two weeks, a month or two, this time last year.

Pure. Knows nothing of clocks, nor of weeks by their names.
"""

from dataclasses import replace
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
    week_of,
    widened,
)
from archive.locate.when.pieces import Pieces, has, integers, numbers, unit, weekdays, word
from archive.locate.when.values import DaySpan

# Nobody remembers a call of longer ago.
MAX_DAYS: Final = 36_500


MAX_YEARS: Final = 99


# How many days around a day that is so many weeks, months or years back are meant as well.
WEEKS_AROUND: Final = 3


MONTHS_AROUND: Final = 15


YEARS_AROUND: Final = 60


# And as many more where it is said to be about so long ago.
ABOUT_AGO: Final = 2


# What is "lately" or "a few days ago": from, to, and around, in days before today.
_RECENT: Final = {
    "just": (0, 0, 0), "lately": (10, 1, 7),
    "other_week": (21, 7, 7), "days": (5, 2, 2), "weeks": (35, 14, 10), "months": (150, 60, 30),
}  # fmt: skip


def month_back(setting: Setting, months: int) -> Month:
    """The month so many months from this one."""
    year, month = month_after(setting.today.year, setting.today.month, months)
    return Month(year=year, month=month)


def ago(setting: Setting, count: int, unit: str) -> Days | Month | Year | None:
    """So many days, weeks, months or years back."""
    if unit == "fortnight":
        count, unit = 2 * count, "week"
    match unit:
        case "day" if count <= MAX_DAYS:
            return Days(spans=(day(setting.today - timedelta(days=count)),))
        case "week" if count * 7 <= MAX_DAYS:
            return Days(spans=days_about(setting, 7 * count, WEEKS_AROUND))
        case "month" if count <= MAX_YEARS * 12:
            month = month_back(setting, -count)
            assert month.year is not None
            at = real_day(month.year, month.month, min(setting.today.day, 28))
            assert at is not None
            back = (setting.today - at).days
            return Month(
                year=month.year, month=month.month, spans=days_about(setting, back, MONTHS_AROUND)
            )
        case "year" if count <= MAX_YEARS:
            spans = days_about(setting, round(365.25 * count), YEARS_AROUND)
            return Year(year=setting.today.year - count, spans=spans)
    return None


def days_about(setting: Setting, back: int, around: int) -> Spans:
    at = setting.today - timedelta(days=back)
    days = timedelta(days=around)
    soft = max(around // 2, 1)
    return (DaySpan(first=at - days, last=at + days, before_days=soft, after_days=soft),)


def _ago(setting: Setting, pieces: Pieces) -> object | None:
    count = (numbers(pieces) or [1])[0]
    if any(isinstance(each.value, Numeral) and each.value.pair for each in pieces):
        days = {"day": 1, "week": 7, "month": 30}.get(unit(pieces), 0)
        first, last = divmod(count, 10)
        return _days_back(setting, first * days, last * days, days // 2) if days else None
    return ago(setting, count, unit(pieces))


def _exactly_ago(setting: Setting, pieces: Pieces) -> Days | None:
    """Two weeks ago today."""
    count = (numbers(pieces) or [1])[0]
    named = unit(pieces)
    days = count * {"day": 1, "week": 7, "fortnight": 14}.get(named, 0)
    if days:
        return Days(spans=(day(setting.today - timedelta(days=days)),)) if days < MAX_DAYS else None
    months = count * {"month": 1, "year": 12}.get(named, 0)
    year, month = month_after(setting.today.year, setting.today.month, -min(months, 1200))
    at = real_day(year, month, setting.today.day)
    return Days(spans=(day(at),)) if months and at else None


def _to_the_day(setting: Setting, pieces: Pieces) -> Days | None:
    """ちょうど1週間前, exactly a week ago, a week ago to the day."""
    return _exactly_ago(setting, pieces) if word(pieces, "approx", "pre") == "sharp" else None


def _recent(setting: Setting, pieces: Pieces) -> Days:
    return lately(setting, str(pieces[0].value))


def lately(setting: Setting, told: str) -> Days:
    """What is vaguely said to be not long ago."""
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
        return ago(setting, 2, unit(pieces))
    told = unit(pieces) + "s"
    return lately(setting, told) if told in _RECENT else None


def _months_and_a_half_ago(setting: Setting, pieces: Pieces) -> Days | None:
    """1か月半ほど前."""
    days = numbers(pieces)[0] * {"month": 30, "year": 365, "week": 7}.get(unit(pieces), 0)
    half = {"month": 15, "year": 182, "week": 4}.get(unit(pieces), 0)
    if not 0 < days <= MAX_DAYS:
        return None
    return Days(spans=days_about(setting, days + half, half // 2 + 1))


def _half_year_ago(setting: Setting, pieces: Pieces) -> Days:
    """半年前, 半月前."""
    return Days(
        spans=days_about(setting, 182, 30) if has(pieces, "年") else days_about(setting, 15, 4)
    )


def _about_ago(setting: Setting, pieces: Pieces) -> Days | Month | Year | None:
    """2週間ほど前, ひと月前, a month or so ago."""
    count = (numbers(pieces) or integers(pieces, "ひと月") or [1])[0]
    found = ago(setting, count, "month" if has(pieces, "ひと月") else unit(pieces))
    if found is None or not has(pieces, "approx", "ほど", "ish", "およそ"):
        return found
    around = next(each for each in found.spans)
    wide = max((around.last - around.first).days // 4, ABOUT_AGO if count < 7 else 2 * ABOUT_AGO)
    return replace(found, spans=widened(found.spans, wide))


def _week_or_two_ago(setting: Setting, pieces: Pieces) -> Days | None:
    """A week or two ago."""
    days = {"day": 1, "week": 7, "month": 30}.get(unit(pieces), 0)
    last = numbers(pieces)[0] * days
    return _days_back(setting, days, last, days // 2) if 0 < days < last <= MAX_DAYS else None


def _weekdays_ago(setting: Setting, pieces: Pieces) -> Days | None:
    """Two Fridays ago, 3営業日前."""
    (count,) = numbers(pieces)
    wanted = weekdays(pieces)[0]
    if not 0 < count <= MAX_YEARS:
        return None
    if len(wanted) == 1:
        back = min((setting.today.weekday() - each) % 7 or 7 for each in wanted)
        return Days(spans=(day(setting.today - timedelta(days=back + 7 * (count - 1))),))
    at = setting.today
    while count:
        at -= timedelta(days=1)
        count -= at.weekday() in wanted
    return Days(spans=(day(at, around=1),))


# How many days around a year, a month, a week ago "at this time".
_THIS_TIME: Final = {"year": 15, "month": 3, "week": 1}


def _this_time(setting: Setting, pieces: Pieces) -> Days | None:
    """This time last year, 去年の今頃."""
    words = {"rel_year": "year", "rel_month": "month", "week": "week"}
    named = next((words[each.kind] for each in pieces if each.kind in words), "") or unit(pieces)
    count = (integers(pieces, *words) or [-1])[0]
    if named not in _THIS_TIME or count >= 0 or (pieces[0].kind == "this" and not _is_time(pieces)):
        return None
    days = {"year": 365, "month": 30, "week": 7}[named] * -count
    return Days(spans=(day(setting.today - timedelta(days=days), around=_THIS_TIME[named]),))


def _is_time(pieces: Pieces) -> bool:
    """This time last week, not this last week."""
    return pieces[1].lead == "time"


def _week_ago_of(setting: Setting, pieces: Pieces) -> Days | None:
    """A year ago this week."""
    found = _exactly_ago(setting, pieces[:3])
    if found is None or pieces[-1].value != "week":
        return None
    return Days(spans=(week_of(found.spans[0].first, setting),))


def _between_ago(setting: Setting, pieces: Pieces) -> Days | None:
    """2、3日前, two or three days ago."""
    first, last = numbers(pieces)
    days = {"day": 1, "week": 7, "month": 30}.get(unit(pieces), 0)
    if not 0 < first < last or not 0 < last * days <= MAX_DAYS:
        return None
    return _days_back(setting, first * days, last * days, days // 2)


def _days_back(setting: Setting, first: int, last: int, around: int) -> Days:
    begin, end = (setting.today - timedelta(days=each) for each in (last, first))
    return Days(spans=(DaySpan(first=begin, last=end, before_days=around, after_days=around),))


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("n 日|週|年|count 前", _ago),
    ("n|article unit ago", _ago),
    ("article n unit ago", _ago),
    ("n 日|週|年|count 前 day", _exactly_ago),
    ("n|article unit ago day", _exactly_ago),
    ("approx n 日|週|年|count 前", _to_the_day),
    ("pre n|article unit ago", _to_the_day),
    ("n|article unit ago approx|pre", _to_the_day),
    ("article? few unit ago", _few_ago),
    ("半 年|月 approx|ほど? 前", _half_year_ago),
    ("n count|年 半 approx|ほど? 前", _months_and_a_half_ago),
    ("n 日|週|年|count approx|ほど 前", _about_ago),
    ("およそ n 日|週|年|count 前", _about_ago),
    ("ひと月 approx|ほど? 前", _about_ago),
    ("n|article unit ish ago", _about_ago),
    ("article unit or n ago", _week_or_two_ago),
    ("n weekday|営業日 ago|前", _weekdays_ago),
    ("this last unit", _this_time),
    ("rel_year|rel_month|week 今頃", _this_time),
    ("n|article unit ago this unit", _week_ago_of),
    ("n to|or? n 日|週|count 前", _between_ago),
    ("n to|or n unit ago", _between_ago),
    ("n 日|週|count or n 日|週|count 前", _between_ago),
    ("recent", _recent),
)
