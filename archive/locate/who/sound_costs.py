"""Sounds of Japanese that are taken for each other, with their rates.

Pure. The rates are guesses in the order of what is confused on telephones (`docs/locate.md`, Who);
nothing here knows names.
"""

from functools import cache
from itertools import combinations
from typing import Final

import numpy as np

from archive.locate.who.alignment import Costs, Floats, with_filling
from archive.locate.who.morae import LONG, MORAE, NASAL, SOKUON, VOWELS

LONG_VOWEL: Final = 1.6
NO_SOKUON: Final = 2.3
NO_NASAL: Final = 3.0
DAKUTEN: Final = 2.3
_MORA_LEFT_OUT: Final = 4.2
_CLOSE: Final = 3.0
_FAR: Final = 4.2
_PALATAL: Final = 2.6
_CLOSE_VOWEL: Final = 3.2
_FAR_VOWEL: Final = 4.5
_SPECIAL: Final = 5.0
_MOST: Final = 6.5
_VOICED: Final = ("kg", "sz", "td", "hb", "hp", "bp", "fb", "fp")
_VOICED_LONG: Final = (
    ("ky", "gy"),
    ("sh", "j"),
    ("ch", "j"),
    ("ts", "z"),
    ("hy", "by"),
    ("hy", "py"),
    ("by", "py"),
)
# Each with each: stops, hisses, what is said with the nose, what glides.
_ALIKE: Final = (
    ("k", "t", "p"),
    ("g", "d", "b"),
    ("s", "k"),
    ("s", "t"),
    ("s", "ts"),
    ("s", "h"),
    ("s", "sh"),
    ("h", "k"),
    ("h", "f"),
    ("h", ""),
    ("sh", "h"),
    ("sh", "ch"),
    ("sh", "hy"),
    ("ch", "ts"),
    ("ch", "t"),
    ("ch", "k"),
    ("ts", "t"),
    ("j", "z"),
    ("j", "d"),
    ("j", "g"),
    ("z", "d"),
    ("m", "n"),
    ("n", "r"),
    ("m", "b"),
    ("n", "d"),
    ("r", "d"),
    ("r", "y"),
    ("w", "b"),
    ("w", ""),
    ("y", ""),
    ("w", "r"),
    ("ky", "ch"),
    ("ny", "my"),
    ("gy", "j"),
    ("hy", "ky"),
    ("sh", "ky"),
    ("r", ""),
    ("g", "n"),
    ("m", "r"),
)
_ALIKE_VOWELS: Final = ("ie", "uo", "iu", "ao", "ae")


@cache
def mora_costs() -> Costs:
    """Costs of every mora of a name to be taken for another, or to be missed."""
    left_out = np.full(len(MORAE), _MORA_LEFT_OUT, dtype=np.float32)
    for mora, cost in ((LONG, LONG_VOWEL), (SOKUON, NO_SOKUON), (NASAL, NO_NASAL)):
        left_out[MORAE.index(mora)] = cost
    return with_filling(_substitutions(), left_out)


def _substitutions() -> Floats:
    square = np.zeros((len(MORAE), len(MORAE)), dtype=np.float32)
    for (one, a), (other, b) in combinations(enumerate(MORAE), 2):
        square[one, other] = square[other, one] = _substitution(a, b)
    return square


def _substitution(one: tuple[str, str], other: tuple[str, str]) -> float:
    if {one, other} & {LONG, SOKUON, NASAL}:
        return _special(one, other)
    consonants = _consonants(frozenset({one[0], other[0]}))
    vowels = _vowels(frozenset({one[1], other[1]}))
    return min(consonants + vowels, _MOST)


def _special(one: tuple[str, str], other: tuple[str, str]) -> float:
    """ん is taken for む and ぬ, a long vowel for a vowel; of the others nothing is known."""
    both = {one, other}
    if NASAL in both and both & {("m", "u"), ("n", "u"), ("m", "o")}:
        return _CLOSE
    if LONG in both and any(not consonant and vowel in VOWELS for consonant, vowel in both):
        return _CLOSE
    return _SPECIAL


def _vowels(both: frozenset[str]) -> float:
    if len(both) == 1:
        return 0.0
    return _CLOSE_VOWEL if any(both == set(pair) for pair in _ALIKE_VOWELS) else _FAR_VOWEL


def _consonants(both: frozenset[str]) -> float:
    if len(both) == 1:
        return 0.0
    if any(both == set(pair) for pair in (*_VOICED, *_VOICED_LONG)):
        return DAKUTEN
    plain, other = sorted(both, key=len)
    if other == f"{plain}y" and plain:
        return _PALATAL
    return _CLOSE if any(both <= set(group) for group in _ALIKE) else _FAR
