"""Numbers as they are written: digits, kanji, English words.

Pure. Knows nothing of what is counted.
"""

from dataclasses import dataclass
from typing import Final

_DIGITS: Final = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    "零": 0
}
_PLACES: Final = {"十": 10, "百": 100, "千": 1000}
KANJI: Final = frozenset((*_DIGITS, *_PLACES))
# fmt: off
_TO_NINETEEN: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)
_TH: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
)
# fmt: on
CARDINALS: Final = {word: value for value, word in enumerate(_TO_NINETEEN)} | {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
}
ORDINALS: Final = {word: value + 1 for value, word in enumerate(_TH)} | {"thirtieth": 30}


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A number and how it was written."""

    value: int
    width: int = 0  # digits
    written: str = "digits"  # digits, kanji, word, ordinal
    pair: bool = False  # 二三: two or three


def read_kanji(text: str) -> Numeral:
    """A run of kanji numerals: by places (二十一) or digit by digit (二〇二六)."""
    if not any(each in _PLACES for each in text):
        digits = [_DIGITS[each] for each in text]
        pair = len(digits) == 2 and digits[1] == digits[0] + 1
        return Numeral(value=int("".join(map(str, digits))), written="kanji", pair=pair)
    total = digit = 0
    for each in text:
        if each in _PLACES:
            total += (digit or 1) * _PLACES[each]
            digit = 0
        else:
            digit = digit * 10 + _DIGITS[each]
    return Numeral(value=total + digit, written="kanji")
