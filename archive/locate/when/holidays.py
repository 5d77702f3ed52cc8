"""Holidays and what lies round them, by the calendar of a country.

Pure: computed by the library `holidays`. Knows nothing of who is open on them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from holidays import country_holidays

from archive.locate.when.dates import yearly_day
from archive.locate.when.grammar import Rule
from archive.locate.when.periods import (
    FIRST_YEAR,
    LAST_YEAR,
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
    real_day,
    resolved,
    shifted,
    week_of,
    widened,
)
from archive.locate.when.pieces import Piece, integer, numerals, word
from archive.locate.when.values import DaySpan

Pieces = tuple[Piece, ...]
# Of what is said to be about a day, about a week or month.
ABOUT_DAYS: Final = 1
ABOUT_PERIOD_DAYS: Final = 7
# Shortly before or after; further off it falls as far again.
BESIDE_DAYS: Final = 7
# Month and day of the first and the last, days on either side.
_FIXED: Final = {
    "new_year_day": ((1, 1), (1, 1), 0), "new_year": ((1, 1), (1, 3), 2),
    "year_turn": ((12, 27), (1, 5), 3), "year_end": ((12, 21), (12, 31), 7),
    "year_begin": ((1, 1), (1, 10), 5), "golden_week": ((4, 29), (5, 6), 2),
    "obon": ((8, 12), (8, 16), 3), "christmas": ((12, 25), (12, 25), 2),
    "christmas_eve": ((12, 24), (12, 24), 0), "boxing_day": ((12, 26), (12, 26), 0),
    "new_year_eve": ((12, 31), (12, 31), 0), "halloween": ((10, 31), (10, 31), 1),
    "valentine": ((2, 14), (2, 14), 1), "silver_week": ((9, 19), (9, 23), 3),
    "setsubun": ((2, 3), (2, 3), 1), "dolls": ((3, 3), (3, 3), 1), "stars": ((7, 7), (7, 7), 1),
    "children": ((11, 15), (11, 15), 5),
}  # fmt: skip


# Of schools in England, a guess: they differ by county.
_HALF_TERMS: Final = (((2, 13), (2, 21)), ((5, 25), (5, 31)), ((10, 24), (11, 1)))
_HALF_TERM_EDGE: Final = 4
_WEEKEND: Final = frozenset({5, 6})


@lru_cache(maxsize=256)
def named_days(country: str, year: int) -> tuple[tuple[date, str], ...]:
    """The holidays of a year with their names in English; none of a country that is not known."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ()
    subdivision = "ENG" if country == "GB" else None
    try:
        found = country_holidays(country, subdiv=subdivision, years=year, language="en_US")
    except NotImplementedError:
        return ()
    return tuple(sorted((at, name) for at, name in found.items() if at.year == year))


def holidays_among(span: DaySpan, country: str) -> tuple[date, ...]:
    """The holidays among some days."""
    return tuple(
        at
        for year in range(span.first.year, span.last.year + 1)
        for at, _ in named_days(country, year)
        if span.first <= at <= span.last
    )


def _thanksgiving(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


def _easter(year: int) -> date:
    """Easter Sunday by the Gregorian rule (Meeus)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    ll = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * ll) // 433
    month = (h + ll - 7 * m + 90) // 25
    return date(year, month, (h + ll - 7 * m + 33 * month + 19) % 32)


def feast(name: str, country: str) -> Yearly:
    """A holiday, or days that are called by one, of any year."""
    if name in _FIXED:
        first, last, around = _FIXED[name]

        def of(year: int) -> Spans:
            begin, end = real_day(year, *first), real_day(year + (last < first), *last)
            if begin is None or end is None:
                return ()
            return (DaySpan(first=begin, last=end, before_days=around, after_days=around),)

        return Yearly(of=of, named=True)
    if name in _RULES:
        return Yearly(named=True, of=_RULES[name])
    if name in _HIGAN:
        whole = feast(_HIGAN[name], "JP")
        return Yearly(named=True, of=lambda year: widened(whole.of(year), 3))
    home = "JP" if any(each == name for _, each in named_days("JP", 2022)) else country
    homes = (home, country, "US", "GB")
    return Yearly(
        named=True,
        of=lambda year: next((spans for each in homes if (spans := _named(name, each, year))), ()),
    )


def _half_terms(year: int) -> Spans:
    return tuple(
        DaySpan(
            first=date(year, *first),
            last=date(year, *last),
            before_days=_HALF_TERM_EDGE,
            after_days=_HALF_TERM_EDGE,
        )
        for first, last in _HALF_TERMS
    )


_HIGAN: Final = {
    "spring_higan": "Vernal Equinox Day", "autumn_higan": "Autumnal Equinox Day",
}  # fmt: skip
_RULES: Final[Mapping[str, Callable[[int], Spans]]] = {
    "thanksgiving": lambda year: (day(_thanksgiving(year)),),
    "black_friday": lambda year: (day(_thanksgiving(year) + timedelta(days=1)),),
    "easter": lambda year: (day(_easter(year), 1),),
    "half_term": _half_terms,
}


def _named(name: str, country: str, year: int) -> Spans:
    return tuple(day(at) for at, each in named_days(country, year) if each == name)[:1]


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


def _rest_days(setting: Setting, _pieces: Pieces) -> Listed:
    """Saturdays, Sundays and holidays."""
    country = setting.calendar.country
    return Listed(what="rest days", among=lambda span: rest_days((span,), country))


def rest_days(spans: Spans, country: str) -> tuple[date, ...]:
    """The Saturdays, Sundays and holidays among some days."""
    found: set[date] = set()
    for span in spans:
        length = (span.last - span.first).days + 1
        days = (span.first + timedelta(days=each) for each in range(length))
        found |= {each for each in days if each.weekday() >= 5}
        found |= set(holidays_among(span, country))
    return tuple(sorted(found))


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
    wide = DaySpan(first=span.first - _LONGEST_RUN, last=span.last + _LONGEST_RUN)
    for run in _joined(rest_days((wide,), country)):
        if run[0] <= span.last and span.first <= run[-1]:
            return DaySpan(first=min(run[0], span.first), last=max(run[-1], span.last))
    return span


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


def _about(setting: Setting, pieces: Pieces) -> Period | None:
    """Around Christmas, 10/21ごろ."""
    manner = next(each.value for each in pieces if each.kind in {"approx", "pre", "ish"})
    period = next(each.value for each in pieces if each.kind not in {"approx", "pre", "ish"})
    assert isinstance(period, Period)
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
    ("feast|holiday weekday", _weekend_of),
    ("feast 連休", _weekend_of),
    ("holiday shift", _listed(0)),
    ("rest_day", _rest_days),
    ("n? 連休 明け|前|approx?", _runs),
)
SHIFTING: Final[tuple[tuple[str, Rule], ...]] = (
    ("yearly 前|明け", _close_to),
    ("eve yearly|days", _eve),
    ("days|monthly 前", _close_to),
    ("before|after yearly", _close_to),
    ("yearly|days|monthly|month_of|year approx|ish", _about),
    ("pre|approx yearly|days unit|週", _week_of_feast),
    ("pre|approx yearly|days|monthly|month_of|year", _about),
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
