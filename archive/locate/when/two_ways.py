"""Words that are two different times: "October 3 or 4 pm", of which each is read.

Pure. Knows no rules: what it writes out is read by them.
"""

from dataclasses import replace
from typing import Final

from archive.locate.when.numerals import Numeral
from archive.locate.when.pieces import Piece, Pieces

_HALVES: Final = {"am": "forenoon", "pm": "afternoon"}
_HOURS: Final = 12
_PATTERN: Final = ["month", "n", "or", "n", "ampm"]


def either_way(pieces: Pieces) -> Pieces:
    """The 3rd or 4th in the afternoon, or in October at 3 or 4."""
    put: list[Piece] = []
    at = 0
    while at < len(pieces):
        written = _written_out(pieces[at : at + len(_PATTERN)])
        put += written or pieces[at : at + 1]
        at += len(_PATTERN) if written else 1
    return tuple(put)


def _written_out(window: Pieces) -> list[Piece]:
    """The days in that half of the day, and the hours where the numbers may be those."""
    if [each.kind for each in window] != _PATTERN or window[1].lead in {",", "at"}:
        return []  # October, 3 or 4 pm
    month, first, either, other, half = window
    numbers = [each.value for each in (first, other) if isinstance(each.value, Numeral)]
    are_hours = [each.value <= _HOURS and each.written != "ordinal" for each in numbers]
    if any(each.width > 2 for each in numbers) or any(are_hours) != all(are_hours):
        return []
    part = replace(half, kind="part", value=_HALVES[str(half.value)], lead="")
    days = [month, first, either, other, part]
    return (
        [month, replace(first, lead=","), either, other, half, either, *days]
        if all(are_hours)
        else days
    )
