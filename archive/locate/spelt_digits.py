"""Digits that are spelt out: in kanji, kana and English words.

Pure. Knows nothing of what a number is of.
"""

import re
from typing import Final

from archive.locate.traced_text import TracedText

# A single word may be a word like any other ("one", に).
MIN_DIGITS: Final = 2
# 田中さんにご連絡 has three.
_MIN_KANA: Final = 4
_KANJI_DIGITS: Final = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_KANJI_RUN: Final = re.compile(r"[〇零○一二三四五六七八九](?:[\s、の-]?[〇零○一二三四五六七八九])+")
# Circles that stand for digits that are not told: 090-○○○○-7788, ○○さん.
_CIRCLES: Final = re.compile(r"○{2,}|〇{3,}|(?<=[-\s])〇〇(?=[-\s])")
_MASK: Final = "●"
_KANA_DIGITS: Final = {
    "ぜろ": "0",
    "れい": "0",
    "まる": "0",
    "いち": "1",
    "にい": "2",
    "に": "2",
    "さん": "3",
    "よん": "4",
    "し": "4",
    "ごお": "5",
    "ごー": "5",
    "ご": "5",
    "ろく": "6",
    "なな": "7",
    "しち": "7",
    "はち": "8",
    "きゅう": "9",
    "きゅー": "9",
    "く": "9",
}
_KANA_RUN: Final = re.compile(rf"(?:(?:{'|'.join(_KANA_DIGITS)})[\s、,の・-]*){{2,}}")
_KANA_ONE: Final = re.compile("|".join(_KANA_DIGITS))
_WORDS: Final = {
    "zero": "0",
    "oh": "0",
    "o": "0",
    "nought": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
}
_TENS: Final = {
    "twenty": 2,
    "thirty": 3,
    "forty": 4,
    "fifty": 5,
    "sixty": 6,
    "seventy": 7,
    "eighty": 8,
    "ninety": 9,
}
_ONE_WORD: Final = rf"(?:{'|'.join(_WORDS)})"
_TEN_WORD: Final = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?)"
)
_SPOKEN: Final = rf"(?:(?:double|triple|treble)\s+{_ONE_WORD}|{_TEN_WORD}|{_ONE_WORD})"
_SPOKEN_RUN: Final = re.compile(rf"\b{_SPOKEN}(?:[\s,-]+{_SPOKEN})*\b")
_SPOKEN_ONE: Final = re.compile(rf"\b{_SPOKEN}\b")
_TIMES: Final = {"double": 2, "triple": 3, "treble": 3}


def in_digits(text: TracedText) -> TracedText:
    """A folded text with digits for numbers in kanji, kana and English words."""
    text = text.replaced(_CIRCLES, lambda run: _MASK * len(run[0]))
    text = text.replaced(_KANJI_RUN, lambda run: run[0].translate(_KANJI_DIGITS))
    hiragana = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text.text)
    runs = [(run.span(), _kana_digits(run, text.text)) for run in _KANA_RUN.finditer(hiragana)]
    return text.replaced_at(runs).replaced(_SPOKEN_RUN, _spoken_digits)


def _kana_digits(run: re.Match[str], text: str) -> str:
    digits = "".join(_KANA_DIGITS[each] for each in _KANA_ONE.findall(run[0]))
    return digits if len(digits) >= _MIN_KANA else text[slice(*run.span())]


def _spoken_digits(run: re.Match[str]) -> str:
    digits = "".join(_spoken(each) for each in _SPOKEN_ONE.findall(run[0]))
    return digits if len(digits) >= MIN_DIGITS else run[0]


def _spoken(said: str) -> str:
    words = re.split(r"[\s-]+", said)
    if words[0] in _TIMES:
        return _WORDS[words[1]] * _TIMES[words[0]]
    if words[0] in _TENS:
        return f"{_TENS[words[0]]}{_WORDS[words[1]] if len(words) > 1 else 0}"
    return _WORDS[words[0]]
