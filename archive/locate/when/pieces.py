"""A piece of a text: of what kind it is, what it says, where it stands.

A value alone, and what rules ask of several. Knows no word.
"""

from dataclasses import dataclass
from typing import Final

from archive.locate.when.numerals import Numeral

_UNITS: Final = {"日": "day", "週": "week", "年": "year", "分": "minute"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the text, of what kind, and what it says."""

    kind: str
    value: object
    begin: int
    end: int
    lead: str = ""  # the filler before it: "in", "at", "の"
    opens: int = -1  # where that filler begins; without one, as `begin`

    @property
    def first(self) -> int:
        """The begin, its filler with it."""
        return self.begin if self.opens < 0 else self.opens


Pieces = tuple[Piece, ...]


def numerals(pieces: Pieces) -> list[Numeral]:
    """The numbers among them as they were written."""
    return [each.value for each in pieces if isinstance(each.value, Numeral)]


def numbers(pieces: Pieces) -> list[int]:
    """The numbers among them, in their order."""
    return [each.value for each in numerals(pieces)]


def word(pieces: Pieces, *kinds: str) -> str:
    """The word of the first of these kinds; "" where there is none."""
    return next((str(each.value) for each in pieces if each.kind in kinds), "")


def has(pieces: Pieces, *kinds: str) -> bool:
    """Is one of these kinds among them?"""
    return any(each.kind in kinds for each in pieces)


def integer(pieces: Pieces, *kinds: str) -> int:
    """The number that the first of these kinds stands for."""
    return integers(pieces, *kinds)[0]


def integers(pieces: Pieces, *kinds: str) -> list[int]:
    """The numbers that these kinds stand for."""
    return [each.value for each in pieces if each.kind in kinds and isinstance(each.value, int)]


def weekdays(pieces: Pieces) -> list[frozenset[int]]:
    """The sets of weekdays among them."""
    return [each.value for each in pieces if isinstance(each.value, frozenset)]


def unit(pieces: Pieces) -> str:
    """The unit of time that is counted."""
    told = word(pieces, "unit", "count")
    return told or next((_UNITS[each.kind] for each in pieces if each.kind in _UNITS), "")
