"""Times that a text denies: 月曜ではない, 10月以外, "not in the evening"; they are named, not used.

Pure. A hedge (月曜じゃないかな) denies nothing. Knows no rules of time.
"""

import re
from dataclasses import replace
from typing import Final

from archive.locate.when.combination import is_time
from archive.locate.when.pieces import Piece, Pieces

KIND: Final = "denied"
_HEDGE: Final = r"(?:の|ん)?(?:です|でしょう|だろう|だった)?(?:か(?!ら|も|っ)|っけ|\?|？)"
_NONE: Final = (
    rf"(?:で|じゃ)(?:は|も)?\s?(?:な(?:い|く|かった|し|さそう)|(?:あり|ござい)ません)(?!{_HEDGE})"
)
_BEHIND: Final = re.compile(
    rf"\s?(?:(?:中|頃|ごろ|の?(?:こと|話|電話|通話|方))?(?:{_NONE}|では?無[いくか]|以外|を?除[いくき]"
    r"|とは?(?:別|違う|異なる)))"
)
_ALSO_BEHIND: Final = re.compile(r"\s?でも、?\s?$")
_BEFORE: Final = re.compile(
    r"(?:\bnot|n['’]t|\bnever|\bneither|\bnor|\bexcept(?:ing)?(?: for)?|\bexcluding|\bother than"
    r"|\bapart from|\b(?:any|every) (?:day|time|month|week) but|\brather than|\binstead of)"
    r"(?:\s+(?:been|be|it|was|call(?:ed)?|the|a|an|that|this|in|on|at|of|during|from))*\s*$",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(
    r"\s?(?:の|か|や|と|・|/|または|or|nor|and|in|on|at|of|the|during|\s)*\s?", re.IGNORECASE
)
# Far more than any of the words has.
_NEAR: Final = 40


def told_apart(pieces: Pieces, text: str) -> Pieces:
    """The pieces, of which those that are denied are of that kind."""
    kept = list(pieces)
    for at, each in enumerate(pieces):
        if not is_time(each):
            continue
        if (behind := _BEHIND.match(text, each.end)) is not None:
            kept[at] = replace(each, end=behind.end())
            _deny(kept, at, -1, text)
        start = max(each.begin - _NEAR, 0)
        if (before := _BEFORE.search(text[start : each.begin])) is not None:
            kept[at] = replace(each, begin=start + before.start(), opens=-1)
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
