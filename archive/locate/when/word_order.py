"""Words put as the rules read them: "late Friday afternoon", both meanings of "October 3 or 4 pm".

Pure. Knows no rules.
"""

from dataclasses import replace
from typing import Final

from archive.locate.when.numerals import Numeral
from archive.locate.when.pieces import Piece, Pieces

_HALVES: Final = {"am": "forenoon", "pm": "afternoon"}
# Of a working day.
_DAY_PARTS: Final = {"early": "opening", "late": "closing"}
_HOURS: Final = 12
_YEAR_WIDTH: Final = 4
_PATTERN: Final = ["month", "n", "or", "n", "ampm"]


def in_order(pieces: Pieces) -> Pieces:
    """The pieces, some of them written out or in another order."""
    put: list[Piece] = []
    at = 0
    while at < len(pieces):
        window = pieces[at : at + len(_PATTERN)]
        if written := _written_out(window):
            put += written
            at += len(_PATTERN)
        elif _is_quarter(window, put):
            put += [replace(window[0], kind="unit", value="quarter"), replace(window[1], lead="of")]
            at += 2
        elif _is_of_a_day(window):
            part = _DAY_PARTS[str(window[0].value)]
            put += [window[1], replace(window[0], kind="part", value=part, lead="", opens=-1)]
            at += 2
        elif length := _length_of_part(window):
            put += [*window[1:length], replace(window[0], lead="", opens=-1), window[length]]
            at += length + 1
        else:
            put.append(pieces[at])
            at += 1
    return tuple(put)


def _is_quarter(window: Pieces, before: list[Piece]) -> bool:
    """The third quarter of 2026; quarter of three is a time."""
    told = before[-1].value if before else None
    is_third = isinstance(told, Numeral) and told.written == "ordinal"
    year = window[1].value if len(window) > 1 else None
    is_year = isinstance(year, Numeral) and year.width == _YEAR_WIDTH
    return is_third and is_year and window[0].kind == "clock_to"


def _is_of_a_day(window: Pieces) -> bool:
    """Late on Friday, early on Monday: of that day, not of a month."""
    kinds = [each.kind for each in window]
    on_a_day = kinds[:2] == ["third", "weekday"] and window[1].lead == "on"
    return on_a_day and kinds[2:3] != ["part"] and window[0].value in _DAY_PARTS


def _length_of_part(window: Pieces) -> int:
    """Late Friday afternoon, early on last Monday morning: where its part of day stands, else 0."""
    kinds = [each.kind for each in window]
    length = 3 if kinds[1:3] == ["last", "weekday"] else 2
    return (
        length
        if kinds[:1] == ["third"] and kinds[length - 1 : length + 1] == ["weekday", "part"]
        else 0
    )


def _written_out(window: Pieces) -> list[Piece]:
    """The 3rd or 4th in the afternoon, and in October at 3 or 4 where these may be hours."""
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
