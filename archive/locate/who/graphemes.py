"""Words in Latin letters as the signs that are said: `ph`, `ck`, `ee` are one each.

Pure. Knows how alike two signs sound in English, not how names are spelt.
"""

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Final

import numpy as np

from archive.locate.who.alignment import Costs, with_filling

MAX_GRAPHEMES: Final = 32
_CONSONANTS: Final = (
    "b",
    "c",
    "d",
    "f",
    "g",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "q",
    "r",
    "s",
    "t",
    "v",
    "w",
    "x",
    "z",
    "ph",
    "ck",
    "ch",
    "sh",
    "th",
    "gh",
    "kn",
    "wr",
    "wh",
    "sch",
    "tch",
    "ts",
    "dg",
)
_VOWELS: Final = (
    "a",
    "e",
    "i",
    "o",
    "u",
    "y",
    "ee",
    "ea",
    "ie",
    "ei",
    "ey",
    "ai",
    "ay",
    "oo",
    "ou",
    "ow",
    "oa",
    "oe",
    "au",
    "aw",
    "eu",
    "ew",
    "ue",
    "igh",
)
_SIGNS: Final = (*_CONSONANTS, *_VOWELS, "'", "-")
_CODES: Final = {sign: code for code, sign in enumerate(_SIGNS)}
_LONGEST: Final = max(map(len, _SIGNS))
# Said alike: which is written is a matter of the bearer.
_ONE_SOUND: Final = (
    ("c", "k", "ck", "q", "ch"),
    ("f", "ph"),
    ("v", "ph"),
    ("s", "c", "z"),
    ("j", "g", "dg"),
    ("t", "th"),
    ("n", "kn"),
    ("r", "wr"),
    ("w", "wh"),
    ("sh", "sch", "ch"),
    ("ch", "tch"),
    ("s", "ts", "z"),
    ("g", "gh"),
    ("k", "x"),
    ("i", "y", "ie", "ey", "ee", "ea", "ei", "igh", "e"),
    ("a", "ai", "ay", "ei", "ey", "e"),
    ("o", "oa", "oe", "ow", "ou", "au", "aw"),
    ("u", "oo", "ou", "ew", "eu", "ue", "o"),
)
_CLOSE_SOUNDS: Final = (
    ("t", "d"),
    ("p", "b"),
    ("k", "g"),
    ("c", "g"),
    ("v", "b"),
    ("v", "f"),
    ("m", "n"),
    ("s", "sh"),
    ("s", "th"),
    ("s", "f"),
    ("th", "f"),
    ("th", "d"),
    ("r", "l"),
    ("v", "w"),
    ("j", "ch"),
    ("z", "s"),
    ("t", "p"),
    ("t", "k"),
    ("d", "b"),
    ("b", "g"),
    ("h", "wh"),
    ("n", "l"),
)
SAID_ALIKE: Final = 0.7
_CLOSE: Final = 2.3
_VOWEL_FOR_VOWEL: Final = 2.0
_FAR: Final = 4.2
_MUTE: Final = 0.9
_VOWEL_LEFT_OUT: Final = 2.0
_CONSONANT_LEFT_OUT: Final = 3.4
_MUTES: Final = ("h", "e", "'", "-", "gh")


def graphemes(word: str) -> bytes:
    """The signs of a folded word in Latin letters, b"" of any other; doubled letters are one."""
    signs: list[int] = []
    at = 0
    while at < len(word) and len(signs) < MAX_GRAPHEMES:
        sign = next((s for s in _from(word, at) if s in _CODES), "")
        if not sign:
            return b""
        code = _CODES[sign]
        if not signs or signs[-1] != code:
            signs.append(code)
        at += len(sign)
    return bytes(signs)


def _from(word: str, at: int) -> list[str]:
    return [word[at : at + length] for length in range(_LONGEST, 0, -1)]


def spelt_alike(word: str) -> Iterator[str]:
    """Spellings in which one sign stands for another that is said alike, is doubled, or is mute."""
    at = 0
    while at < len(word):
        sign = next((each for each in _from(word, at) if each in _CODES), word[at])
        head, tail = word[:at], word[at + len(sign) :]
        others = {each for group in _ONE_SOUND if sign in group for each in group} - {sign}
        for each in sorted(others):
            yield head + each + tail
            yield f"{head}{each}{tail}e"
        if sign.isalpha() and len(sign) == 1:
            yield head + sign + sign + tail
        if tail[:1] == sign or (sign in _MUTES and at):
            yield head + tail
        at += len(sign)
    yield f"{word}e"


@cache
def grapheme_costs() -> Costs:
    """Costs of every sign to be taken for another, or to be left out."""
    square = np.zeros((len(_SIGNS), len(_SIGNS)), dtype=np.float32)
    for (one, a), (other, b) in combinations(enumerate(_SIGNS), 2):
        square[one, other] = square[other, one] = _substitution(a, b)
    left_out = np.asarray([_left_out(sign) for sign in _SIGNS], dtype=np.float32)
    return with_filling(square, left_out)


def _substitution(one: str, other: str) -> float:
    both = {one, other}
    if any(both <= set(group) for group in _ONE_SOUND):
        return SAID_ALIKE
    if any(both <= set(group) for group in _CLOSE_SOUNDS):
        return _CLOSE
    return _VOWEL_FOR_VOWEL if both <= set(_VOWELS) else _FAR


def _left_out(sign: str) -> float:
    if sign in _MUTES:
        return _MUTE
    return _VOWEL_LEFT_OUT if sign in _VOWELS else _CONSONANT_LEFT_OUT
