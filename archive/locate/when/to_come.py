"""Times to come: nobody remembers one, so it is named and says nothing of when.

Pure. Knows no words. Where the same words also mean a time that is past, that one is meant.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from archive.locate.when.clock.clocks import Clock
from archive.locate.when.combination import alternatives_of, grouped
from archive.locate.when.periods import Days, Period, Setting, resolved
from archive.locate.when.pieces import Piece, Pieces
from archive.locate.when.values import EVERY_DAY, Alternative, DaySpan

KIND: Final = "to_come"
# What says more of the day beside it.
_OF_A_DAY: Final = frozenset({"clock", "weekdays"})
_APART: Final = frozenset("、。,;；.\n")


def told_apart(pieces: Pieces, text: str, setting: Setting) -> Pieces:
    """The pieces, of which those that say a time to come are of that kind."""
    kept = [_of_past_days(each, setting) for each in pieces]
    for place in [at for at, each in enumerate(kept) if each.kind == KIND]:
        _take_beside(kept, place, text)
    for group in grouped(tuple(kept)):
        for alternative in alternatives_of(group, setting):
            days = [_first(each, alternative.weekdays, setting.today) for each in alternative.days]
            if min(days, default=setting.today) < setting.today:
                continue
            for place in group.places:
                kept[place] = _of_past_hours(kept[place], setting)
            if min(days) > setting.today or _is_later(alternative, setting):
                for place in group.places:
                    kept[place] = _to_come(kept[place])
    return tuple(kept)


def _to_come(piece: Piece) -> Piece:
    return replace(piece, kind=KIND, value=None)


def _take_beside(kept: list[Piece], place: int, text: str) -> None:
    """来週の火曜の夕方, at 3 tomorrow: what says more of that day goes with it."""
    at = place + 1
    while at < len(kept) and kept[at].kind in _OF_A_DAY:
        kept[at] = _to_come(kept[at])
        at += 1
    before = kept[place - 1] if place else None
    if before is not None and before.kind in _OF_A_DAY:
        gap = text[before.end : kept[place].begin]
        of_other = place > 1 and isinstance(kept[place - 2].value, Period)
        if not of_other and not _APART & set(gap):
            kept[place - 1] = _to_come(before)


def _of_past_days(piece: Piece, setting: Setting) -> Piece:
    """Without the days to come that the same words mean; of that kind where they mean no other."""
    if not isinstance(piece.value, Period):
        return piece
    found = resolved(piece.value, setting)
    past = tuple(
        each for each in found.spans if _first(each, found.weekdays, setting.today) <= setting.today
    )
    if past == found.spans:
        return piece
    if not past:
        return _to_come(piece)
    return replace(piece, kind="days", value=Days(spans=past, weekdays=found.weekdays))


def _first(span: DaySpan, weekdays: frozenset[int], today: date) -> date:
    """The first of its days that is one of these weekdays; of those before today any will do."""
    first = span.first - timedelta(days=span.before_days)
    if first < today - timedelta(days=7) or weekdays == EVERY_DAY:
        return first
    steps = (first + timedelta(days=each) for each in range(7))
    return next((each for each in steps if each.weekday() in weekdays), first)


def _of_past_hours(piece: Piece, setting: Setting) -> Piece:
    """Of today: 5時 is the one that has been."""
    if not isinstance(piece.value, Clock):
        return piece
    past = tuple(
        each for each in piece.value.spans if each.begin_s - each.before_s <= setting.now_s
    )
    return replace(piece, value=replace(piece.value, spans=past)) if past else piece


def _is_later(alternative: Alternative, setting: Setting) -> bool:
    """Later today."""
    return bool(alternative.clocks) and all(
        each.begin_s - each.before_s > setting.now_s for each in alternative.clocks
    )
