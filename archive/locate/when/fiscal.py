"""Fiscal years, their halves and quarters, by the month with which the calendar lets them begin.

Pure. Knows nothing of other parts of years.
"""

from datetime import timedelta
from typing import Final

from archive.locate.when.grammar import Rule
from archive.locate.when.periods import (
    Days,
    Setting,
    Spans,
    Year,
    Yearly,
    month_after,
    parted,
    whole_month,
)
from archive.locate.when.pieces import Pieces, has, numbers, numerals, unit, word
from archive.locate.when.values import DaySpan


def fiscal_today(setting: Setting) -> int:
    """The fiscal year of today."""
    return setting.today.year - (setting.today.month < setting.calendar.fiscal_month)


def _rel_fiscal(setting: Setting, pieces: Pieces) -> Year:
    count = pieces[0].value
    assert isinstance(count, int)
    return Year(year=fiscal_today(setting) + count, fiscal=True)


def _fiscal_year(_setting: Setting, pieces: Pieces) -> Year | None:
    (year,) = numbers(pieces)
    year += 2000 if year < 100 else 0
    return Year(year=year, fiscal=True) if 1990 <= year <= 2199 else None


def _era_fiscal(_setting: Setting, pieces: Pieces) -> Year | None:
    base = pieces[0].value
    assert isinstance(base, int)
    year = (numbers(pieces) or [1])[0]
    return Year(year=base + year, fiscal=True) if 1 <= year <= 64 else None


def months_of_fiscal(setting: Setting, begin: int, count: int) -> Yearly:
    """So many months of any fiscal year, from one of them."""

    def of(year: int) -> Spans:
        first = whole_month(*month_after(year, setting.calendar.fiscal_month, begin))
        last = whole_month(*month_after(year, setting.calendar.fiscal_month, begin + count - 1))
        return (DaySpan(first=first[0].first, last=last[0].last),) if first and last else ()

    return Yearly(of=of, fiscal=True)


def _fiscal_part(setting: Setting, pieces: Pieces) -> Yearly:
    match pieces[0].value:
        case "end":
            return fiscal_end(setting)
        case "begin":
            whole = months_of_fiscal(setting, 0, 1)
            return Yearly(of=lambda year: parted(whole.of(year), "first_half"), fiscal=True)
        case "first_half":
            return months_of_fiscal(setting, 0, 6)
    return months_of_fiscal(setting, 6, 6)


def fiscal_end(setting: Setting) -> Yearly:
    whole = months_of_fiscal(setting, 11, 1)
    return Yearly(of=lambda year: tuple(_from_mid(each) for each in whole.of(year)), fiscal=True)


def _from_mid(span: DaySpan) -> DaySpan:
    return DaySpan(
        first=span.first + timedelta(days=14), last=span.last, before_days=14, after_days=3
    )


def quarter(setting: Setting, pieces: Pieces) -> Yearly | None:
    number = numbers(pieces)[0]
    return months_of_fiscal(setting, 3 * (number - 1), 3) if 1 <= number <= 4 else None


def _half(setting: Setting, pieces: Pieces) -> Yearly | None:
    number = numbers(pieces)[0]
    return months_of_fiscal(setting, 6 * (number - 1), 6) if 1 <= number <= 2 else None


def _last_quarter(setting: Setting, pieces: Pieces) -> Days | None:
    if pieces[1].value != "quarter":
        return None
    months_in = (setting.today.month - setting.calendar.fiscal_month) % 12
    back = 3 if pieces[0].kind != "this" else 0
    yearly = months_of_fiscal(setting, months_in // 3 * 3 - back, 3)
    return Days(spans=yearly.of(fiscal_today(setting)))


def _quarter_of_year(setting: Setting, pieces: Pieces) -> Yearly | Days | None:
    """Last quarter of FY2025, financial year 2025, third quarter; of any such year without one."""
    if unit(pieces) != "quarter":
        return None
    first_is_year = pieces[0].kind == "fiscal_year"
    found = numbers(pieces)
    counted = not has(pieces, "last", "final")
    number = found.pop(-1 if first_is_year else 0) if counted and found else 4
    if not 1 <= number <= 4:
        return None
    whole = months_of_fiscal(setting, 3 * (number - 1), 3)
    if not found:
        return whole
    return Days(spans=whole.of(found[0] + (2000 if found[0] < 100 else 0)))


def _fiscal_half(setting: Setting, pieces: Pieces) -> Yearly | None:
    """The first half of the fiscal year, 年度の後半, fiscal first half."""
    halves = {"first_half": 0, "second_half": 6}
    part = word(pieces, "third", "旬")
    return months_of_fiscal(setting, halves[part], 6) if part in halves else None


def _numbered(setting: Setting, pieces: Pieces) -> Yearly | None:
    """The third fiscal quarter, the second fiscal half, fiscal third quarter."""
    if any(each.written != "ordinal" for each in numerals(pieces)):
        return None
    if has(pieces, "half_word"):
        return _half(setting, pieces)
    return quarter(setting, pieces) if unit(pieces) == "quarter" else None


def _short_quarter(setting: Setting, pieces: Pieces) -> Yearly | None:
    """3Q; "3 q" is none."""
    return quarter(setting, pieces) if pieces[0].end == pieces[1].begin else None


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("third fiscal_year", _fiscal_half),
    ("fiscal_year third|旬", _fiscal_half),
    ("n fiscal_year unit|half_word", _numbered),
    ("fiscal_year n unit|half_word", _numbered),
    ("n q", _short_quarter),
    ("last|final|n unit fiscal_year n?", _quarter_of_year),
    ("fiscal_year n last|final|n unit", _quarter_of_year),
    ("rel_fiscal", _rel_fiscal),
    ("n fiscal_year", _fiscal_year),
    ("fiscal_year n !:|oclock|ampm|時|.|ish", _fiscal_year),
    ("era n fiscal_year", _era_fiscal),
    ("era 元 fiscal_year", _era_fiscal),
    ("fiscal_part", _fiscal_part),
    ("q n", quarter),
    ("第 n quarter_word", quarter),
    ("第 n q", quarter),
    ("era_letter n fiscal_year !n", _half),
    ("era_letter n", _half),
    ("last|this|prev unit", _last_quarter),
)
