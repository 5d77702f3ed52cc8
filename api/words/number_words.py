"""Numbers as people write them in their country: `090-1234-7788`; and the digits looked for in one.

Pure. Knows nothing of pages, nor of numbers that are not shown.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from archive.call.numbers import (
    NumberClueRefused,
    calling_code,
    number_digits,
    read_clue,
    read_number,
)

_REMEMBERED: Final = 10_000
_DIGIT: Final = re.compile(r"\d")


@lru_cache(_REMEMBERED)
def number_told(label: str, country: str) -> str:
    """A whole number in the form of its country, of another with `+`; all else as it is."""
    if not number_digits(label):
        return label
    e164 = read_number(label, country).e164
    if not e164:
        return label
    import phonenumbers  # as in `archive.call.numbers`

    home, parsed = calling_code(country), phonenumbers.parse(e164)
    forms = phonenumbers.PhoneNumberFormat
    form = forms.NATIONAL if str(parsed.country_code) == home else forms.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def digits_looked_for(typed: str, country: str) -> str:
    """The digits that every spelling of a number that was typed ends with; "" of what is none."""
    try:
        return read_clue(typed, country).suffix
    except NumberClueRefused:
        return ""


def parts_looked_for(told: str, looked: Iterable[str]) -> tuple[str, str, str]:
    """What stands before the digits that were looked for, those, and what comes behind them."""
    places = [each.start() for each in _DIGIT.finditer(told)]
    digits = "".join(told[place] for place in places)
    for wanted in sorted(looked, key=len, reverse=True):
        first = digits.rfind(wanted) if wanted else -1
        if first >= 0:
            begin, end = places[first], places[first + len(wanted) - 1] + 1
            return told[:begin], told[begin:end], told[end:]
    return told, "", ""
