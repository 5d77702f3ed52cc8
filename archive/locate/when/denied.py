"""Times that a text denies: 月曜ではない, 10月以外, "not in the evening"; they are named, not used.

Pure. Knows no rules of time.
"""

import re
from dataclasses import replace
from typing import Final

from archive.locate.denials import denied_from, denied_until
from archive.locate.when.combination import is_time
from archive.locate.when.pieces import Piece, Pieces

KIND: Final = "denied"
_ALSO_BEHIND: Final = re.compile(r"\s?でも、?\s?$")
_JOINED: Final = re.compile(
    r"\s?(?:の|か|や|と|・|/|または|or|nor|and|in|on|at|of|the|during|\s)*\s?", re.IGNORECASE
)


def told_apart(pieces: Pieces, text: str) -> Pieces:
    """The pieces, of which those that are denied are of that kind."""
    kept = list(pieces)
    for at, each in enumerate(pieces):
        if not is_time(each):
            continue
        if (end := denied_until(text, each.end)) is not None:
            kept[at] = replace(each, end=end)
            _deny(kept, at, -1, text)
        if (begin := denied_from(text, each.begin)) is not None:
            kept[at] = replace(each, begin=begin, opens=-1)
            _deny(kept, at, 1, text)
    return tuple(kept)


def _deny(kept: list[Piece], at: int, step: int, text: str) -> None:
    """The piece, and those that are said with it: 10/29の夕方ではない, not Monday or Tuesday."""
    while True:
        kept[at] = replace(kept[at], kind=KIND, value=None)
        other = _next(kept, at, step, text)
        if other is None:
            return
        for between in range(at, other, step):
            kept[between] = replace(kept[between], kind=KIND, value=None)
        at = other


def _next(kept: list[Piece], at: int, step: int, text: str) -> int | None:
    """The place of the time that is said with it on that side."""
    other = at + step
    while 0 <= other < len(kept) and kept[other].kind in {"or", "and", "/"}:
        other += step
    if not (0 <= other < len(kept) and is_time(kept[other])):
        return None
    first, last = sorted((at, other))
    gap = text[kept[first].end : kept[last].begin]
    also = step < 0 and _ALSO_BEHIND.fullmatch(gap)
    return other if also or _JOINED.fullmatch(gap) else None
