"""Holidays and what lies round them, as they are said.

Pure. Knows nothing of which days they are.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from archive.locate.when.feasts import feast, holidays_among, rest_days
from archive.locate.when.grammar import Rule
from archive.locate.when.periods import (
    Days,
    Listed,
    Monthly,
    Period,
    Setting,
    Spans,
    Weekdays,
    Yearly,
    day,
    mapped,
    resolved,
    shifted,
    week_of,
    whole_month,
    widened,
    yearly_day,
)
from archive.locate.when.pieces import Piece, has, integer, integers, numbers, numerals, unit, word
from archive.locate.when.values import DaySpan

Pieces = tuple[Piece, ...]
# Of what is said to be about a day, about a week or month.
ABOUT_DAYS: Final = 1
ABOUT_PERIOD_DAYS: Final = 7
# Shortly before or after; further off it falls as far again.
BESIDE_DAYS: Final = 7
_THURSDAY: Final = 3
_WEEKEND: Final = frozenset({5, 6})


def _feast(setting: Setting, pieces: Pieces) -> Yearly:
    return feast(str(pieces[0].value), setting.calendar.country)


def _listed(days: int) -> Rule:
    """Holidays, or the days so many after each."""

    def rule(setting: Setting, pieces: Pieces) -> Listed:
        country = setting.calendar.country
        shift = days
        if len(pieces) > 1:
            shift = integer(pieces, "shift")
        step = timedelta(days=shift)
        return Listed(
            what=f"holidays {shift}",
            among=lambda span: tuple(
                at + step for at in holidays_among(shifted(span, -shift), country)
            ),
        )

    return rule


def _of_month(setting: Setting, pieces: Pieces) -> Yearly | None:
    """8月の祝日, the May bank holiday, the bank holiday in May."""
    months = integers(pieces, "month") or numbers(pieces)
    country = setting.calendar.country
    if not 1 <= months[0] <= 12:
        return None

    def of(year: int) -> Spans:
        whole = whole_month(year, months[0])
        return tuple(day(at) for each in whole for at in holidays_among(each, country))

    return Yearly(named=True, of=of)


def _rest_days(setting: Setting, _pieces: Pieces) -> Listed:
    """Saturdays, Sundays and holidays."""
    country = setting.calendar.country
    return Listed(what="rest days", among=lambda span: rest_days((span,), country))


# A run of days off is no longer than that; of longer ones the ends are not looked for.
_LONGEST_RUN: Final = timedelta(days=14)


def _runs(setting: Setting, pieces: Pieces) -> Listed:
    """連休, 連休明け, 連休前, 休み明け: three days off in a row, or the working day beside them."""
    country, least = setting.calendar.country, integer(pieces, "連休")
    manner = {"明け": "after", "前": "before"}.get(pieces[-1].kind) or word(pieces, "approx")
    side = {"after": 1, "before": -1}.get(manner, 0) or (1 if least < 3 else 0)

    def among(span: DaySpan) -> tuple[date, ...]:
        wide = DaySpan(first=span.first - _LONGEST_RUN, last=span.last + _LONGEST_RUN)
        found = {
            each for run in _joined(rest_days((wide,), country)) if len(run) >= least
            for each in _beside_run(run, side)
        }  # fmt: skip
        return tuple(sorted(each for each in found if span.first <= each <= span.last))

    return Listed(what=f"days off {least} {side}", among=among)


def _run_day(setting: Setting, pieces: Pieces) -> Yearly | Listed | None:
    """GWの初日, お盆の最終日, 三連休の中日, the last day of Golden Week."""
    which = word(pieces, "run_day") or ("first" if numerals(pieces) else "last")
    country = setting.calendar.country
    if has(pieces, "連休"):
        least = integer(pieces, "連休")
        return _of_runs(country, least, which) if least >= 3 else None
    counted = pieces[0].kind == "n" and numerals(pieces)[0].written == "ordinal"
    if has(pieces, "unit") and (unit(pieces) != "day" or not (counted or pieces[0].kind != "n")):
        return None
    if counted and numerals(pieces)[0].value != 1:
        return None
    feast_of = feast(word(pieces, "feast"), country)
    return Yearly(of=lambda year: tuple(_day_of(each, which) for each in feast_of.of(year)))


def _day_of(span: DaySpan, which: str) -> DaySpan:
    length = (span.last - span.first).days
    step = {"first": 0, "mid": length // 2, "last": length}[which]
    return day(span.first + timedelta(days=step), around=min(span.before_days, ABOUT_DAYS))


def _of_runs(country: str, least: int, which: str) -> Listed:
    def among(span: DaySpan) -> tuple[date, ...]:
        wide = DaySpan(first=span.first - _LONGEST_RUN, last=span.last + _LONGEST_RUN)
        found = {
            _day_of(DaySpan(first=run[0], last=run[-1]), which).first
            for run in _joined(rest_days((wide,), country)) if len(run) >= least
        }  # fmt: skip
        return tuple(sorted(each for each in found if span.first <= each <= span.last))

    return Listed(what=f"days off {least} {which}", among=among)


def _weekend_of(setting: Setting, pieces: Pieces) -> Yearly | Listed | None:
    """Labor Day weekend, 体育の日の連休, the bank holiday weekend: the days off around it."""
    if pieces[-1].kind == "weekday" and pieces[-1].value != _WEEKEND:
        return None
    country, whole = setting.calendar.country, pieces[0].value
    if pieces[0].kind == "holiday":
        many = replace(pieces[0], kind="連休", value=3)
        return _runs(setting, (many,))
    feast_of = feast(str(whole), country)

    def of(year: int) -> Spans:
        return tuple(_run_around(each, country) for each in feast_of.of(year))

    return Yearly(named=True, of=of)


def _run_around(span: DaySpan, country: str) -> DaySpan:
    """The days off around it, of another country's too; of a Thursday those until Sunday."""
    wide = DaySpan(first=span.first - _LONGEST_RUN, last=span.last + _LONGEST_RUN)
    own = (span.first + timedelta(days=each) for each in range((span.last - span.first).days + 1))
    runs = _joined(tuple(sorted({*rest_days((wide,), country), *own})))
    run = next(each for each in runs if span.first in each)
    last = run[-1] + timedelta(days=3 if run[-1].weekday() == _THURSDAY and len(run) == 1 else 0)
    return DaySpan(first=run[0], last=last)


def _eve(setting: Setting, pieces: Pieces) -> Period | None:
    """The eve of Thanksgiving."""
    period = pieces[1].value
    assert isinstance(period, Period)
    if pieces[1].lead != "of":
        return None
    return mapped(
        period,
        setting,
        lambda spans: tuple(day(each.first - timedelta(days=1)) for each in spans),
    )


def _joined(days: tuple[date, ...]) -> list[list[date]]:
    """Days that follow each other, together."""
    runs: list[list[date]] = []
    for each in days:
        if runs and (each - runs[-1][-1]).days == 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _beside_run(run: list[date], side: int) -> list[date]:
    if side == 0:
        return run
    return [(run[-1] if side > 0 else run[0]) + timedelta(days=side)]


def _close_to(setting: Setting, pieces: Pieces) -> Period | None:
    """クリスマス前, before Christmas, お盆明け: near to what has a name; 10月20日前."""
    period = next(each.value for each in pieces if isinstance(each.value, Period))
    named = isinstance(period, Yearly) and period.named
    if not named and (pieces[-1].kind != "前" or pieces[-1].lead):
        return None
    manner = "before" if any(each.kind in {"前", "before"} for each in pieces) else "after"
    return mapped(period, setting, lambda spans: tuple(_beside(each, manner) for each in spans))


_ABOUT: Final = frozenset({"approx", "pre", "ish", "およそ"})


def _about(setting: Setting, pieces: Pieces) -> Period | None:
    """Around Christmas, 10/21ごろ."""
    manner = next(each.value for each in pieces if each.kind in _ABOUT)
    period = next(each.value for each in pieces if each.kind not in _ABOUT)
    assert isinstance(period, Period)
    if manner == "sharp":
        return period
    if manner in {"after", "before"}:
        return mapped(
            period, setting, lambda spans: tuple(_beside(each, str(manner)) for each in spans)
        )
    return mapped(period, setting, _wider)


def _about_short(setting: Setting, pieces: Pieces) -> Period | None:
    """Oct. 12 or so, Oct 20ish; "some day in August 4ish" is an hour."""
    (said,) = numerals(pieces)
    yearly = yearly_day(integer(pieces, "month"), said.value)
    is_hour = said.value <= 12 and said.written != "ordinal" and pieces[-1].begin == pieces[-2].end
    if yearly is None or is_hour or pieces[-2].lead in {",", "at"}:
        return None
    return mapped(yearly, setting, _wider)


def _wider(spans: Spans) -> Spans:
    return tuple(
        wide
        for each in spans
        for wide in widened(
            (each,), ABOUT_DAYS if (each.last - each.first).days < 14 else ABOUT_PERIOD_DAYS
        )
    )


def _beside(span: DaySpan, manner: str) -> DaySpan:
    """Shortly after, shortly before."""
    day_, step = timedelta(days=1), timedelta(days=BESIDE_DAYS)
    if manner == "after":
        return DaySpan(first=span.last + day_, last=span.last + step, after_days=BESIDE_DAYS)
    return DaySpan(first=span.first - step, last=span.first - day_, before_days=BESIDE_DAYS)


# 10/29の前 is before that day.
_SIDES: Final = {"前": "before", "後": "after"}
_BOUNDS: Final = frozenset({"bound", "since", "before", "after", *_SIDES})


def _bounded(setting: Setting, pieces: Pieces) -> Period | None:
    """10/21以降, since October, until Friday."""
    bound = next(each for each in pieces[::-1] if each.kind in _BOUNDS)
    if bound.kind == "bound" and bound.lead not in {"", "の", "に"}:
        return None
    if bound.kind in _SIDES and bound.lead != "の":
        return None
    period = next(each.value for each in pieces if isinstance(each.value, Period))
    if bound.value == "of":
        return period  # a call from last week
    spans = resolved(period, setting).spans
    if not spans:
        return None
    kind = _SIDES.get(bound.kind, bound.kind)
    manner = kind if bound.value is None else str(bound.value)
    if manner in {"from", "after", "past"}:
        day_after = spans[0].last + timedelta(days=1)
        first = day_after if manner == "after" else spans[0].first
        return Days(spans=(DaySpan(first=first, last=max(setting.today, first)),))
    last = spans[0].first - timedelta(days=1) if manner == "before" else spans[-1].last
    # As far back as a window without a date goes.
    return Days(spans=(DaySpan(first=last - timedelta(days=366), last=last),))


def _since_weekday(setting: Setting, pieces: Pieces) -> Days | None:
    """Since Monday."""
    days = next(each.value.days for each in pieces if isinstance(each.value, Weekdays))
    if pieces[0].value != "from" or len(days) != 1:
        return None
    back = min((setting.today.weekday() - each) % 7 for each in days)
    first = setting.today - timedelta(days=back)
    return Days(spans=(DaySpan(first=first, last=setting.today),))


def _named_week(setting: Setting, pieces: Pieces) -> Period:
    """The week commencing 5 October, the week ending on the 9th."""
    step = timedelta(days=6)
    period = pieces[1].value
    assert isinstance(period, Period)
    if pieces[0].value == 1:
        return mapped(
            period,
            setting,
            lambda spans: tuple(replace(each, last=each.first + step) for each in spans),
        )
    return mapped(
        period,
        setting,
        lambda spans: tuple(replace(each, first=each.last - step) for each in spans),
    )


def _week_of_feast(setting: Setting, pieces: Pieces) -> Period | None:
    """Thanksgiving week, the week of Christmas."""
    if not any(each.value == "week" or each.kind == "週" for each in pieces):
        return None
    period = next(each.value for each in pieces if isinstance(each.value, Yearly | Monthly | Days))
    return mapped(
        period, setting, lambda spans: tuple(week_of(each.first, setting) for each in spans)
    )


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("feast", _feast),
    ("month .? n ish", _about_short),
    ("holiday", _listed(0)),
    ("month holiday", _of_month),
    ("holiday month", _of_month),
    ("n 月 holiday", _of_month),
    ("feast|holiday weekday", _weekend_of),
    ("feast 連休", _weekend_of),
    ("holiday shift", _listed(0)),
    ("rest_day", _rest_days),
    ("n? 連休 明け|前|approx?", _runs),
    ("n? 連休 run_day", _run_day),
    ("feast run_day", _run_day),
    ("n|last|final unit feast", _run_day),
)
SHIFTING: Final[tuple[tuple[str, Rule], ...]] = (
    ("yearly 前|明け", _close_to),
    ("eve yearly|days", _eve),
    ("days|monthly 前", _close_to),
    ("before|after yearly", _close_to),
    ("yearly|days|monthly|month_of|year approx|ish", _about),
    ("pre|approx|およそ yearly|days unit|週", _week_of_feast),
    ("pre|approx|およそ yearly|days|monthly|month_of|year", _about),
    ("week_from yearly|monthly|days", _named_week),
    ("unit yearly|monthly|days", _week_of_feast),
    ("yearly|days unit|週", _week_of_feast),
)
BOUNDING: Final[tuple[tuple[str, Rule], ...]] = (
    ("yearly|days approx|ish", _about),
    ("since weekdays", _since_weekday),
    ("since? yearly|days|monthly|month_of|year bound", _bounded),
    ("since|before|after yearly|days|monthly|month_of|year", _bounded),
    ("yearly|days|monthly|month_of|year 前|後", _bounded),
)
