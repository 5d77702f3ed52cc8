"""Days that have a name: holidays by the calendar of a country, feasts of any year, days off.

Pure: computed by the library `holidays`. Knows no words, and nothing of who is open on them.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from holidays import country_holidays

from archive.locate.when.periods import FIRST_YEAR, LAST_YEAR, Spans, Yearly, day, real_day, widened
from archive.locate.when.values import DaySpan

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
    "children": ((11, 15), (11, 15), 5), "work_end": ((12, 28), (12, 28), 2),
    "work_begin": ((1, 4), (1, 4), 2),
}  # fmt: skip


# Of schools in England, a guess: they differ by county.
_HALF_TERMS: Final = (((2, 13), (2, 21)), ((5, 25), (5, 31)), ((10, 24), (11, 1)))
_HALF_TERM_EDGE: Final = 4


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


def rest_days(spans: Spans, country: str) -> tuple[date, ...]:
    """The Saturdays, Sundays and holidays among some days."""
    found: set[date] = set()
    for span in spans:
        length = (span.last - span.first).days + 1
        days = (span.first + timedelta(days=each) for each in range(length))
        found |= {each for each in days if each.weekday() >= 5}
        found |= set(holidays_among(span, country))
    return tuple(sorted(found))
