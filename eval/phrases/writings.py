"""Writings of a value, and of a whole sentence: digits, kana, telephone numbers.

Pure text. Knows nothing of kinds of clues.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import product
from typing import Final

from eval.memory.agents import romaji_of
from eval.world.surnames import surnames

_COUNTS: Final = ("no", "one", "two", "three", "four")
_KANJI: Final = "〇一二三四五六七八九"
# Behind them people write a numeral in kanji, if they do at all.
_COUNTED: Final = re.compile(r"(?<![\d:/.\-])\d{1,2}(?=[月日時分週秒桁]|四半期|番目|人)")
_FULL: Final = str.maketrans({code: code + 0xFEE0 for code in map(ord, "0123456789-:/()#.+")})
_HIRAGANA: Final = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
# Half-width katakana, and the marks of voiced sounds.
_NARROW: Final = [chr(code) for code in range(0xFF65, 0xFF9E)]
_MARKS: Final = ("", "\uff9e", "\uff9f")


def _ordinal(value: str) -> str:
    number = int(value)
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _grouped(number: str) -> tuple[str, str, str]:
    if number.startswith("0120"):
        return number[:4], number[4:7], number[7:]
    area = len(number) - 8
    return number[:area], number[area:-4], number[-4:]


def _bracketed(number: str) -> str:
    first, middle, last = _grouped(number)
    return f"{first}({middle}){last}"


def _katakana(text: str) -> str:
    return text.translate(_HIRAGANA)


def _roman(surname: str) -> str:
    """Of one in kanji."""
    return _romaji().get(surname, surname)


@lru_cache(maxsize=1)
def _romaji() -> Mapping[str, str]:
    names = surnames()
    return {
        written: romaji_of(names.readings[reading])
        for written, reading in zip(names.written, names.reading_of.tolist(), strict=True)
    }


# What stands behind the colon of a place and has no table of words.
WRITINGS: Final[Mapping[str, Callable[[str], str]]] = {
    "plain": str,
    "two": lambda value: f"{int(value):02}",
    "from_0": lambda value: str(int(value) % 12),
    "from_12": lambda value: str(int(value) % 12 or 12),
    "past_midnight": lambda value: str(int(value) - 24),
    "ordinal": _ordinal,
    "count": lambda value: str(len(value)),
    "count_word": lambda value: _COUNTS[len(value)],
    "apart": " ".join,
    "joined": lambda value: value.replace(" ", ""),
    "hyphened": lambda value: "-".join(_grouped(value)),
    "spaced": lambda value: " ".join(_grouped(value)),
    "bracketed": _bracketed,
    "abroad": lambda value: "+81 " + "-".join(_grouped(value))[1:],
    "katakana": _katakana,
    "roman": _roman,
}


def _kanji_numeral(number: int) -> str:
    """Below a hundred."""
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _KANJI[tens]) + "十" if tens else ""
    return ten + (_KANJI[ones] if ones or not tens else "")


def _counted_in_kanji(text: str) -> str:
    return _COUNTED.sub(lambda found: _kanji_numeral(int(found[0])), text)


@lru_cache(maxsize=1)
def _narrow() -> Mapping[int, str]:
    wide = {
        unicodedata.normalize("NFKC", kana + mark): kana + mark
        for mark, kana in product(_MARKS, _NARROW)
    }
    return {ord(kana): narrow for kana, narrow in wide.items() if len(kana) == 1}


# What a hand makes of a sentence.
HANDS: Final[Mapping[str, Callable[[str], str]]] = {
    "plain": str,
    "full_width": lambda text: text.translate(_FULL),
    "kanji_numerals": _counted_in_kanji,
    "narrow_katakana": lambda text: text.translate(_narrow()),
    "small_letters": str.lower,
    "capitals": str.upper,
}
