"""The day that others are counted from, looked for in the same clause, with words between them.

Pure. 10/11に申し込んだ2日後, "two days after my order of Sep 24". Where it is not said, the count
says nothing of when. Knows no words but those that point.
"""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from archive.locate.when.combination import is_date
from archive.locate.when.grammar import kind_of
from archive.locate.when.periods import (
    Days,
    Listed,
    Period,
    Setting,
    Spans,
    Weekdays,
    day,
    mapped,
    shifted,
)
from archive.locate.when.pieces import Piece
from archive.locate.when.shifts import Shift, moved, moved_weekdays
from archive.locate.when.values import EVERY_DAY, DaySpan

_SEPARATOR: Final = re.compile(r"[、。,;／\n…!?！？]|/ |\.\s|\s[-–—]\s| STOP ")
# A clause that begins so goes on with the day of the one before it.
_POINTS: Final = re.compile(
    r"(?:その|この|の|と|か|は|に|が|また|または|たぶん|もしくは|\s|or|and|the|a|an|maybe|perhaps"
    r"|on|then|probably)*",
    re.IGNORECASE,
)
_POINTED_AT: Final = re.compile(r"\s*(?:that|this|it)\b", re.IGNORECASE)
# 申し込む3日前 is counted from that, 田中さんの3日前 from today.
_OF_OTHER: Final = re.compile(r"[るうくすつぬぶむぐ]$|[\u4e00-\u9fff]日の?$")
_CALENDAR: Final = frozenset({"days", "yearly", "monthly", "weekdays", "listed"})
# So far from each other they belong together no more.
_MAX_PIECES: Final = 7
_MAX_CHARACTERS: Final = 60

_SIDES_JA: Final = {"次": 1, "後": 1}

Found = tuple[int, int]  # of pieces, the first and the last of a day


def counted(pieces: tuple[Piece, ...], text: str, setting: Setting) -> tuple[Piece, ...]:
    """The pieces with each count put together with its day; one without a day stays a count."""
    kept = list(pieces)
    at = 0
    while at < len(kept):
        if kept[at].kind in {"after", "before", *_SIDES_JA}:
            _take_weekday(kept, at)
        if isinstance(kept[at].value, Shift):
            at = _bind(kept, at, text, setting)
        else:
            at += 1
    return tuple(kept)


def _take_weekday(kept: list[Piece], at: int) -> None:
    """The Monday after 5 October, 10/20の次の月曜, 祝日の後の月曜: it goes into the count."""
    before, after = kept[max(at - 1, 0) : at], kept[at + 1 : at + 2]
    if step := _SIDES_JA.get(kept[at].kind):
        counted_from = kept[at].kind == "次" or (before and before[0].kind in _CALENDAR)
        if counted_from and after and isinstance(after[0].value, Weekdays):
            count = Shift(first=step, last=step, weekdays=after[0].value.days)
            kept[at : at + 2] = [replace(kept[at], kind="shift", value=count, end=after[0].end)]
        return
    if not before or not after or before[0].kind != "weekdays" or after[0].kind not in _CALENDAR:
        return
    assert isinstance(before[0].value, Weekdays)
    step = 1 if kept[at].kind == "after" else -1
    count = Shift(first=step, last=step, weekdays=before[0].value.days, behind=True)
    kept[at] = replace(before[0], kind="shift", value=count, end=kept[at].end)
    kept[at - 1] = replace(before[0], kind="unknown", value=None, end=before[0].begin)


def _bind(kept: list[Piece], at: int, text: str, setting: Setting) -> int:
    """Put one count together with its day; where to go on."""
    shift = kept[at].value
    assert isinstance(shift, Shift)
    found = _behind(kept, at, text) if shift.behind else None
    if found is None and not (shift.behind and _has_words_behind(kept, at, text)):
        found = _before(kept, at, text, shift)
    if found is None:
        if shift.otherwise is not None and not _is_of_other(kept, at, text):
            kept[at] = replace(kept[at], kind="days", value=shift.otherwise)
        return at + 1
    first, last = found
    days = [_moved(each, kept[first : last + 1], shift, setting) for each in kept[first : last + 1]]
    if first > at:
        days[0] = replace(days[0], begin=kept[at].begin, opens=kept[at].opens, lead=kept[at].lead)
        kept[at : last + 1] = days
        return at + len(days)
    between = kept[last + 1 : at]
    if _is_another(kept, last + 1, at):
        days = [
            replace(each, begin=kept[at].begin, end=kept[at].end, opens=kept[at].opens)
            for each in days
        ]
        signs = [each for each in between if each.kind != "unknown"]
        pointed = _POINTS.fullmatch(text, kept[last].end, kept[at].begin) is not None
        kept[last + 1 : at + 1] = [*(signs if pointed else between), *days]
        return last + 1 + len(signs if pointed else between) + len(days)
    days[-1] = replace(days[-1], end=kept[at].end)
    clocks = [] if any(each.kind == "unknown" for each in between) else _clocks(between)
    kept[first : at + 1] = [*clocks, *days]
    return first + len(clocks) + len(days)


def _clocks(pieces: list[Piece]) -> list[Piece]:
    """Times of day; those of an order or a contract are none of the call."""
    return [each for each in pieces if each.kind == "clock"]


def _is_another(kept: list[Piece], first: int, at: int) -> bool:
    """20日か翌日, 20日から翌日まで: that day and the other, not the other alone."""
    kinds = {each.kind for each in kept[first:at]}
    if "to" not in kinds:
        return bool(kinds & {"or", "and"})
    follows = kept[at + 1 : at + 2]
    from_there = any(each.kind == "to" and each.value == "ja" for each in kept[first:at])
    return not from_there or (bool(follows) and follows[0].kind == "bound")


def _behind(kept: list[Piece], at: int, text: str) -> Found | None:
    for place in range(at + 1, min(at + 1 + _MAX_PIECES, len(kept))):
        if isinstance(kept[place].value, Shift):
            return None
        if kept[place].kind in _CALENDAR:
            gap = text[kept[at].end : kept[place].first]
            if len(gap) > _MAX_CHARACTERS or _SEPARATOR.search(gap):
                return None
            return place, _run(kept, place, 1)
    return None


def _has_words_behind(kept: list[Piece], at: int, text: str) -> bool:
    """Is it said of what, without its day: "the day after my order"?"""
    follows = kept[at + 1 : at + 2]
    if not follows or follows[0].kind != "unknown":
        return False
    gap = text[kept[at].end : follows[0].begin]
    return not _SEPARATOR.search(gap) and not _POINTED_AT.match(text, kept[at].end)


def _before(kept: list[Piece], at: int, text: str, shift: Shift) -> Found | None:
    for place in range(at - 1, max(at - 1 - _MAX_PIECES, -1), -1):
        if kept[place].kind not in _CALENDAR:
            if is_date(kept[place]):
                return None
            continue
        gap = text[kept[place].end : kept[at].begin]
        if len(gap) > _MAX_CHARACTERS or not _is_one_clause(gap):
            return None
        if shift.otherwise is not None and not _is_of_other(kept, at, text, place):
            return None
        return _run(kept, place, -1), place
    return None


def _is_one_clause(gap: str) -> bool:
    *others, tail = _SEPARATOR.split(gap)
    return not others or _POINTS.fullmatch(tail) is not None


def _is_of_other(kept: list[Piece], at: int, text: str, place: int = -1) -> bool:
    """Is 3日前 counted from what stands before it, not from today?"""
    if at and place == at - 1:
        return kept[at].lead == "の" or _is_joined(kept, at)
    before = text[: kept[at].begin].rstrip()
    return bool(at) and not is_date(kept[at - 1]) and _OF_OTHER.search(before) is not None


def _is_joined(kept: list[Piece], at: int) -> bool:
    """祝日前の月曜, of which nothing parts the two."""
    shift = kept[at].value
    weekdays = isinstance(shift, Shift) and shift.weekdays
    return bool(weekdays) and kept[at - 1].end == kept[at].begin


def _run(kept: list[Piece], place: int, step: int) -> int:
    """The piece itself or its neighbour: a date and its weekday are one day."""
    other = place + step
    if not 0 <= other < len(kept) or kept[other].kind not in _CALENDAR:
        return place
    both = [isinstance(kept[each].value, Weekdays) for each in (place, other)]
    return other if any(both) and not all(both) else place


def _moved(piece: Piece, run: list[Piece], shift: Shift, setting: Setting) -> Piece:
    value: object = piece.value
    if isinstance(value, Weekdays):
        value = Weekdays(days=moved_weekdays(value.days, shift))
    elif isinstance(value, Listed):
        value = _listed(value, shift, setting)
    elif isinstance(value, Period):
        own = value.weekdays if isinstance(value, Days) else EVERY_DAY
        narrow = own != EVERY_DAY or any(isinstance(each.value, Weekdays) for each in run)
        value = mapped(value, setting, lambda spans: _days(spans, shift, setting, narrow=narrow))
        if isinstance(value, Days):
            value = replace(value, weekdays=moved_weekdays(own, shift))
    return replace(piece, kind=kind_of(value), value=value)


def _listed(listed: Listed, shift: Shift, setting: Setting) -> Listed:
    """The Tuesday after the bank holiday: after each."""

    def among(span: DaySpan) -> tuple[date, ...]:
        around = timedelta(days=max(abs(shift.first), abs(shift.last)) + len(EVERY_DAY))
        wide = DaySpan(first=span.first - around, last=span.last + around)
        ends = moved(tuple(map(day, listed.among(wide))), shift, setting)
        days = {
            each.first + timedelta(days=step)
            for each in ends
            for step in range((each.last - each.first).days + 1)
        }
        return tuple(sorted(each for each in days if span.first <= each <= span.last))

    return Listed(what=f"{listed.what}, {shift}", among=among)


def _days(spans: Spans, shift: Shift, setting: Setting, *, narrow: bool) -> Spans:
    """Of a week's Wednesday all its days are moved: the weekday is with them."""
    if not narrow or shift.weekdays or shift.weeks:
        return moved(spans, shift, setting)
    return tuple(
        replace(shifted(each, shift.first), last=shifted(each, shift.last).last) for each in spans
    )
