"""Words put as the rules read them: "late Friday afternoon", "at 9.40", "October 3 or 4 pm".

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
_DAY_HOURS: Final = 24
_HOUR_MINUTES: Final = 60
_PATTERN: Final = ["month", "n", "or", "n", "ampm"]


def in_order(pieces: Pieces) -> Pieces:
    """The pieces, some of them written out or in another order."""
    put: list[Piece] = []
    at = 0
    while at < len(pieces):
        window = pieces[at : at + len(_PATTERN)]
        if _is_dotted(window, put):
            put += [window[0], replace(window[1], kind=":"), window[2]]
            at += 3
        elif written := _written_out(window):
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


def _is_dotted(window: Pieces, before: list[Piece]) -> bool:
    """At 9.40, about 14.30, Monday 9.40, 24 Nov 9.40, between 9.30 and 10.30: a time of day."""
    kinds = [each.kind for each in window]
    if kinds[:3] != ["n", ".", "n"] or kinds[3:4] == ["."] or window[0].lead in {",", "、"}:
        return False
    hour, minute = (each.value for each in (window[0], window[2]))
    assert isinstance(hour, Numeral)
    assert isinstance(minute, Numeral)
    joined = window[0].end == window[1].begin and window[1].end == window[2].begin
    is_time = hour.width in {1, 2} and hour.value <= _DAY_HOURS
    if not (joined and is_time and minute.width == 2 and minute.value < _HOUR_MINUTES):
        return False
    if kinds[3:4] == ["ampm"]:
        return True  # in October, 2.30 pm
    last = [each.kind for each in before[-2:]]
    is_end = last[-1:] in (["and"], ["to"], ["or"]) and [each.kind for each in before[-4:-1]] == [
        "n",
        ":",
        "n",
    ]
    of_a_day = last in (["n", "month"], ["month", "n"]) or last[-1:] in (
        ["weekday"],
        ["day"],
        ["日"],
    )
    of_a_day = of_a_day or [each.kind for each in before[-3:]] == ["n", "/", "n"]
    return window[0].lead == "at" or last[-1:] in (["pre"], ["between"]) or is_end or of_a_day


def _is_quarter(window: Pieces, before: list[Piece]) -> bool:
    """The third quarter of 2026, last quarter of the financial year; quarter of three is not."""
    told = before[-1] if before else None
    if told is None or len(window) < 2 or window[0].kind != "clock_to":
        return False
    numeral = told.value
    is_third = isinstance(numeral, Numeral) and numeral.written == "ordinal"
    year = window[1].value
    is_year = isinstance(year, Numeral) and year.width == _YEAR_WIDTH
    if window[1].kind == "fiscal_year":
        return is_third or told.kind in {"last", "final"}
    return is_third and is_year


def _is_of_a_day(window: Pieces) -> bool:
    """Late on Friday, early on Monday: of that day, not of a month."""
    kinds = [each.kind for each in window]
    on_a_day = kinds[:2] == ["third", "weekday"] and window[1].lead == "on"
    return on_a_day and kinds[2:3] != ["part"] and window[0].value in _DAY_PARTS


def _length_of_part(window: Pieces) -> int:
    """Late Friday afternoon, late yesterday morning: where its part of day stands, else 0."""
    match [each.kind for each in window]:
        case ["third", "last", "weekday", "part", *_]:
            return 3
        case ["third", "weekday" | "day", "part", *_]:
            return 2
    return 0


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
