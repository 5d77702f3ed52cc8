"""Guards: pieces that are no time after all, or another word than they look, by neighbours.

Pure. Knows no rules of time.
"""

import re
from dataclasses import replace
from typing import Final

from archive.locate.when import words
from archive.locate.when.numerals import Numeral
from archive.locate.when.pieces import Piece, Pieces

_BESIDE: Final = frozenset(
    (
        *(
            "third",
            "later",
            "last",
            "this",
            "next",
            "prev",
            "since",
            "pre",
            "weekday",
            "month",
            "year",
        ),
        *("rel_year", "rel_month", "day", "week", "unit", "before_last", "part", "season"),
        *("feast", "holiday", "q", "fiscal_year", ".", ":", "article", "ago", "few"),
    )
)
_TITLE: Final = re.compile(r"(?i)\b(?:mr|ms|mrs|miss|dr|mx|agent|with|called|name|named)\.?\s*$")
# How often a day, and all of it.
_PER_DAY: Final = re.compile(
    r"(?<!\d)[1１一]日に?[\d０-９一二三四五六七八九]+(?:回|件|本|分|時間)|(?<=[1１一])日中"
)
_SIDES: Final = frozenset({"before", "after"})
_COUPLING: Final = (["to"], ["or"])
# My September bill, last month's rent: what is talked about, not when.
_BILL: Final = re.compile(
    r"(?i)(?:['’]s)?\s+(?:bills?|invoices?|statements?|payments?|charges?|fees?|rent|instal\w+|premium"
    r"|usage|salary|subscription|newsletter)\b"
)
_CLOCK_WIDTH: Final = 4
_YEARS: Final = range(1900, 2200)


def guarded(pieces: Pieces, text: str) -> Pieces:
    """The pieces, with what is a name or a number of something unknown."""
    pieces = tuple(each for at, each in enumerate(pieces) if not _hyphen(pieces, at))
    kept = list(pieces)
    for at, piece in enumerate(pieces):
        if _is_name(pieces, at, text):
            kept[at] = Piece(kind="unknown", value=None, begin=piece.begin, end=piece.end)
        elif piece.kind == "last" and _is_final(pieces, at):
            kept[at] = replace(piece, kind="final", value=-1)
    for at in (at for at in range(len(kept)) if _is_nearest(pieces, at)):
        kept[at + 1] = replace(kept[at + 1], begin=kept[at].begin, opens=kept[at].opens)
    return tuple(each for at, each in enumerate(kept) if not _is_nearest(pieces, at))


def _is_name(pieces: Pieces, at: int, text: str) -> bool:
    """Words that are no time alone ("may", "sat"), and kanji numbers in names (三田, 一日市)."""
    piece = pieces[at]
    if _PER_DAY.match(text, piece.begin):
        return True
    if isinstance(piece.value, Numeral):
        return piece.value.written == "kanji" and _in_name(pieces, at, text)
    typed = text[piece.begin : piece.end].casefold()
    is_bill = piece.kind in {"month", "unit"} and _BILL.match(text, piece.end)
    if is_bill or (typed in words.BARE_HOLIDAYS and not _is_counted_from(pieces, at)):
        return True
    if typed not in words.GUARDED or _is_of_clock(pieces, at):
        return False
    if _TITLE.search(text[max(piece.begin - 12, 0) : piece.begin]):
        return True
    led = (piece.kind == "part" and piece.lead == "at") or piece.lead in {
        "in",
        "of",
        "on",
        "during",
        "over",
        "の",
    }
    # Early to mid October.
    coupled = piece.kind == "third" and [each.kind for each in pieces[at + 1 : at + 2]] in _COUPLING
    beside = (*pieces[max(at - 1, 0) : at], *pieces[at + 1 : at + 2 + coupled])
    return not (led or any(map(_timely, beside)) or len(pieces) == 1 or _is_either(pieces, at))


def _is_counted_from(pieces: Pieces, at: int) -> bool:
    """The Tuesday before the holiday, the day after the holidays; not "before my holiday"."""
    kinds = [each.kind for each in pieces[max(at - 2, 0) : at]]
    beside = len(kinds) > 1 and kinds[0] in {"weekday", "unit", "part"} and kinds[1] in _SIDES
    return beside and pieces[at].lead == "the"


def _is_of_clock(pieces: Pieces, at: int) -> bool:
    """The hrs of 1730 hrs."""
    before = pieces[at - 1].value if at and pieces[at].kind == "oclock" else None
    return isinstance(before, Numeral) and before.width == _CLOCK_WIDTH


def _is_either(pieces: Pieces, at: int) -> bool:
    """Sat or Sun, March or April; may or may not, Monday and sat down are none."""
    piece = pieces[at]
    others = (pieces[max(at - 2, 0) : at], pieces[at + 1 : at + 3][::-1])
    return piece.kind in {"weekday", "month"} and any(
        [each.kind for each in near] in ([piece.kind, "or"], [piece.kind, "to"])
        and near[0].value != piece.value
        for near in others
    )


def _timely(piece: Piece) -> bool:
    if isinstance(piece.value, Numeral):
        return 1 <= piece.value.value <= 31 or piece.value.value in _YEARS
    return piece.kind in _BESIDE


def _in_name(pieces: Pieces, at: int, text: str) -> bool:
    """Is behind the number, or behind the unit it counts, a character that only names have?"""
    follows = pieces[at + 1 : at + 3]
    last = pieces[at]
    for each in follows:
        if each.begin != last.end:
            return False
        if each.kind == "unknown":
            return "一" <= text[each.begin] <= "鿿" or text[each.begin] == "々"
        last = each
    return False


def _is_nearest(pieces: Pieces, at: int) -> bool:
    """The last Friday before Christmas, the first Monday after the 5th: the one beside that day."""
    kinds = [each.kind for each in pieces[at + 1 : at + 4]]
    if len(kinds) < 3 or kinds[0] != "weekday":
        return False
    first = pieces[at].value == Numeral(value=1, written="ordinal")
    return (pieces[at].kind == "last" and kinds[1] == "before") or (first and kinds[1] == "after")


def _is_final(pieces: Pieces, at: int) -> bool:
    """The last Friday of October is none of last week."""
    what, of = pieces[at + 1 : at + 2], pieces[at + 2 : at + 3]
    if not what or not of or what[0].kind not in {"unit", "weekday"}:
        return False
    whole = {"month", "last", "this", "n", "unit", "rel_month"}
    if of[0].kind not in whole or (isinstance(what[0].value, str) and what[0].value == "year"):
        return False
    return of[0].lead == "of" or (of[0].lead == "in" and of[0].kind == "month")


def _hyphen(pieces: Pieces, at: int) -> bool:
    """The hyphen of mid-October, early-evening, 4pm-ish."""
    return (
        pieces[at].value == "sign"
        and 0 < at < len(pieces) - 1
        and (pieces[at - 1].kind == "third" or pieces[at + 1].kind == "ish")
        and pieces[at - 1].end == pieces[at].begin
        and pieces[at].end == pieces[at + 1].begin
    )
