"""Times of day: hours and minutes as they are said, parts of the day, about, before and after.

Pure. Knows nothing of dates.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from archive.locate.when.periods import Days
from archive.locate.when.pieces import Piece
from archive.locate.when.values import DAY_S, ClockSpan

Pieces = tuple[Piece, ...]
MINUTE_S: Final = 60
HOUR_S: Final = 3600
# How far a time is off that is said to the hour, to the half, to five minutes, to the minute.
HOUR_EDGE_S: Final = 900
MINUTE_EDGE_S: Final = 300
ABOUT_S: Final = 1800


@dataclass(frozen=True, slots=True)
class _Grain:
    """How wide a time is, in minutes before and after, by how finely people round what they say.

    Of hours and halves some say the nearest, some that in which it is: so they reach further after.
    """

    core: tuple[int, int]  # within which they say just that
    edge: tuple[int, int]
    about: tuple[int, int]  # the same of "about"
    about_edge: tuple[int, int]
    beside: int  # of shortly before and after


_HOUR: Final = _Grain((15, 30), (15, 30), (15, 30), (30, 60), 30)
_HALF: Final = _Grain((10, 20), (5, 10), (10, 20), (15, 30), 30)
_QUARTER: Final = _Grain((5, 5), (10, 10), (10, 10), (15, 15), 15)
_FIVE: Final = _Grain((3, 3), (5, 5), (10, 10), (10, 10), 15)
_MINUTE: Final = _Grain((0, 0), (5, 5), (5, 5), (5, 5), 15)


def _grain(seconds: int) -> _Grain:
    """Of a time of day: who says quarter past does not mean half an hour."""
    minute = seconds // 60 % 60
    if minute % 30 == 0:
        return _HALF if minute else _HOUR
    if minute % 15 == 0:
        return _QUARTER
    return _MINUTE if minute % 5 else _FIVE


MAX_HOUR: Final = 30
# 7時 is one of two hours: how many calls there are at each is not said again here, but who means
# the night says so more often.
_AWAKE: Final = range(7, 22)
_AT_NIGHT: Final = 0.5
# Hours from and to, and minutes on either side.
PARTS: Final = {
    "small_hours": (0, 5, 30), "early_morning": (5, 8, 30), "opening": (8.5, 10, 30),
    "morning": (6, 11, 30), "mid_morning": (9, 11, 30), "after_noon": (12.75, 14, 30),
    "after_work": (17, 21, 30), "dinner": (18, 20, 30), "closing": (16.5, 18.5, 30),
    "late_morning": (10, 12, 30), "forenoon": (9, 12, 30),
    "daytime": (10, 16, 30),
    "noon_about": (11.5, 13.5, 30), "noon": (11.75, 12.25, 30), "lunch": (12, 13, 30),
    "after_lunch": (13, 15, 30), "afternoon": (12, 18, 30), "early_afternoon": (12, 15, 30),
    "late_afternoon": (15.5, 18, 30), "tea": (16, 18, 30), "elevenses": (10.5, 11.5, 30),
    "evening": (16, 19, 30), "evening_en": (17, 21, 30),
    "early_evening": (16, 18, 30), "late_evening": (18, 22, 30), "night": (18, 24, 30),
    "late_night": (21, 25, 30), "deep_night": (22, 27, 30), "dead_of_night": (23, 28, 30),
    "midnight": (23.5, 24.5, 30),
}  # fmt: skip
# The hours of a part that have no narrower word: of the others early morning, noon, evening or late
# night is said as often, for people say no less than they know (Grice's maxim of quantity).
_OWN_HOURS: Final = {
    "morning": (8, 11), "forenoon": (9, 11.5), "afternoon": (13.5, 16), "night": (19, 22),
}  # fmt: skip
_BY_TURNS: Final = 0.5
# What passes midnight may have been said of the date that it begins, too.
SAME_DATE_WEIGHT: Final = 0.5
# 夜の2時, 2 at night: behind midnight.
_NIGHT_HOURS_S: Final = 4 * HOUR_S
_LATE: Final = frozenset({"night", "late_night", "deep_night", "dead_of_night", "midnight"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Times of day, each of them possible; which part of day was said, if one was."""

    spans: tuple[ClockSpan, ...]
    part: str = ""
    exact: bool = False  # said as a time, not as a part of day
    point: bool = False  # and as nothing more: neither about nor until then
    is_rounded: bool = False  # as wide as people mean what they remember
    kind: str = "clock"


def part_clock(name: str) -> Clock:
    """A part of the day."""
    begin, end, around = PARTS[name]
    span = ClockSpan(
        begin_s=int(begin * HOUR_S),
        end_s=int(end * HOUR_S),
        before_s=around * 60,
        after_s=around * 60,
    )
    return Clock(spans=(span,), part=name)


def said_by_turns(clock: Clock) -> tuple[ClockSpan, ...]:
    """A part of the day; what of it has a narrower word is less likely, for that is said as often.

    The heavier lies within the whole.
    """
    own = _OWN_HOURS.get(clock.part) if clock.is_rounded else None
    if own is None or [(each.begin_s, each.end_s) for each in clock.spans] != [_hours(clock.part)]:
        return clock.spans
    (whole,) = clock.spans
    begin_s, end_s = (int(each * HOUR_S) for each in own)
    inside = replace(
        whole,
        begin_s=begin_s,
        end_s=end_s,
        before_s=whole.before_s if begin_s == whole.begin_s else 0,
        after_s=whole.after_s if end_s == whole.end_s else 0,
    )
    return replace(whole, weight=whole.weight * _BY_TURNS), inside


def _hours(part: str) -> tuple[int, int]:
    begin, end, _ = PARTS[part]
    return int(begin * HOUR_S), int(end * HOUR_S)


def at(seconds: int, edge_s: int, length_s: int = MINUTE_S, weight: float = 1.0) -> ClockSpan:
    """A moment of the day, and how far it may be off."""
    return ClockSpan(
        begin_s=seconds, end_s=seconds + length_s, before_s=edge_s, after_s=edge_s, weight=weight
    )


def hour_clock(hour: int, minute: int, *, half_day: str = "", padded: bool = False) -> Clock | None:
    """A time as said: of one half of the day, or of both."""
    if hour > MAX_HOUR or minute > 59:
        return None
    edge = MINUTE_EDGE_S if minute % 30 else HOUR_EDGE_S
    hours = [hour]
    if half_day and hour <= 12:
        hours = [hour % 12 + (12 if half_day == "pm" else 0)]
    elif 1 <= hour <= 12 and not padded:
        hours = [hour % 12 + 12, hour % 12]
    spans = [
        at(
            each * HOUR_S + minute * MINUTE_S,
            edge,
            weight=1.0 if len(hours) == 1 or each % 24 in _AWAKE else _AT_NIGHT,
        )
        for each in hours
    ]
    return Clock(spans=tuple(spans), exact=True, point=True)


def rounded(clock: Clock) -> Clock:
    """A time that is told and no more, as wide as people mean it."""
    if clock.part and not clock.exact:
        same = [_of_same_date(each) for each in clock.spans if each.end_s > DAY_S]
        return replace(clock, spans=(*clock.spans, *same), is_rounded=True)
    if not clock.point:
        return clock
    return replace(clock, spans=tuple(map(_rounded, clock.spans)), point=False)


def _of_same_date(span: ClockSpan) -> ClockSpan:
    """What of it lies behind midnight, taken for the early hours of the day that is told."""
    end = span.end_s - DAY_S
    return replace(span, begin_s=0, end_s=end, before_s=0, weight=SAME_DATE_WEIGHT)


def _rounded(span: ClockSpan) -> ClockSpan:
    grain = _grain(span.begin_s)
    return _shaped(span, grain.core, grain.edge)


def _shaped(span: ClockSpan, core: tuple[int, int], edge: tuple[int, int]) -> ClockSpan:
    """Around its begin; as long as it is where the core has no width."""
    begin = max(span.begin_s - core[0] * MINUTE_S, 0)
    end = span.begin_s + core[1] * MINUTE_S if any(core) else span.end_s
    before, after = (each * MINUTE_S for each in edge)
    return replace(span, begin_s=begin, end_s=end, before_s=before, after_s=after)


def narrowed(part: Clock, clock: Clock) -> Clock:
    """A time of the part of day that was said with it, or several; as it was where none is."""
    hours = dict.fromkeys(each.begin_s % (DAY_S // 2) for each in clock.spans)
    each_hour = [
        _narrowed(
            part,
            replace(clock, spans=tuple(a for a in clock.spans if a.begin_s % (DAY_S // 2) == hour)),
        )
        for hour in hours
    ]
    spans = tuple(dict.fromkeys(span for each in each_hour for span in each.spans))
    return replace(each_hour[0], spans=spans)


def _narrowed(part: Clock, clock: Clock) -> Clock:
    if all(each.begin_s >= DAY_S for each in clock.spans):
        return clock  # 深夜25時: told past 24 it is of one date
    (whole,) = part.spans
    behind = _NIGHT_HOURS_S if part.part == "night" else whole.after_s + HOUR_S
    wide = (whole.begin_s - whole.before_s - HOUR_S, whole.end_s + behind)
    fitting = [
        replace(
            each,
            begin_s=each.begin_s + days,
            end_s=each.end_s + days,
            weight=1.0,
        )
        for each in clock.spans
        for days in (0, DAY_S)
        if wide[0] <= each.begin_s + days <= wide[1]
    ]
    if not fitting:  # 1.30 in the morning
        half = [
            each
            for each in clock.spans
            if (each.begin_s < DAY_S // 2) == ((whole.begin_s + whole.end_s) // 2 < DAY_S // 2)
        ]
        return replace(
            clock, spans=tuple(replace(each, weight=1.0) for each in half[:1] or clock.spans)
        )
    if part.part in _LATE and fitting[0].begin_s >= DAY_S:
        first = fitting[0]
        same = replace(
            first, begin_s=first.begin_s - DAY_S, end_s=first.end_s - DAY_S, weight=SAME_DATE_WEIGHT
        )
        return replace(clock, spans=(first, same), part=part.part)
    return replace(clock, spans=(fitting[0],), part=part.part)


def qualified(clock: Clock, manner: str) -> Clock:
    """About, after, before, from, until, to the minute."""
    edge = {"before": "begin_s", "after": "end_s"}.get(manner)
    spans = clock.spans
    if edge and clock.part and not clock.exact:  # just before lunch
        spans = tuple(at(getattr(each, edge), MINUTE_EDGE_S) for each in spans)
    spans = tuple(_qualified(each, manner) for each in spans)
    return replace(clock, spans=spans, point=False)


def _qualified(span: ClockSpan, manner: str) -> ClockSpan:
    begin, end = span.begin_s, span.end_s
    moment = end - begin <= MINUTE_S
    if not moment and end - begin <= HOUR_S:
        begin = _told_of(begin, end)
    change = _CHANGES.get(manner)
    return change(span, begin, moment) if change else span


def _told_of(begin: int, end: int) -> int:
    """The time that is as wide as this: the quarter of an hour in its middle, or just before."""
    quarter = 15 * MINUTE_S
    return ((begin + end) // 2 + quarter // 2 - 1) // quarter * quarter


def _about(span: ClockSpan, _begin: int, moment: bool) -> ClockSpan:  # noqa: FBT001  # a table's form
    if not moment:
        return replace(span, before_s=span.before_s + ABOUT_S, after_s=span.after_s + ABOUT_S)
    grain = _grain(span.begin_s)
    return _shaped(span, grain.about, grain.about_edge)


def _after(span: ClockSpan, begin: int, _moment: bool) -> ClockSpan:  # noqa: FBT001  # a table's form
    length = _grain(begin).beside * MINUTE_S
    return replace(
        span, begin_s=begin, end_s=begin + length, before_s=MINUTE_EDGE_S, after_s=length
    )


def _before(span: ClockSpan, begin: int, _moment: bool) -> ClockSpan:  # noqa: FBT001  # a table's form
    length = _grain(begin).beside * MINUTE_S
    first = max(begin - length, 0)
    last = max(begin, first + MINUTE_S)
    return replace(span, begin_s=first, end_s=last, before_s=length, after_s=MINUTE_EDGE_S)


def _until_then(span: ClockSpan, begin: int, moment: bool) -> ClockSpan:  # noqa: FBT001  # a table's form
    end = max(begin if moment else span.end_s, MINUTE_S)
    return replace(span, begin_s=0, before_s=0, end_s=end)


_CHANGES: Final[Mapping[str, Callable[[ClockSpan, int, bool], ClockSpan]]] = {
    "about": _about,
    "after": _after,
    "before": _before,
    "until": _until_then,
    "from": lambda span, _begin, _moment: replace(span, end_s=max(DAY_S, span.end_s), after_s=0),
    "sharp": lambda span, _begin, _moment: replace(
        span, before_s=MINUTE_EDGE_S, after_s=MINUTE_EDGE_S
    ),
    "hour": lambda span, begin, _moment: replace(
        span, end_s=begin + HOUR_S, before_s=MINUTE_EDGE_S, after_s=MINUTE_EDGE_S
    ),
}


def until(span: ClockSpan) -> int:
    """The end of a range that ends with this: at a moment, behind a part."""
    return span.begin_s if span.end_s - span.begin_s <= MINUTE_S else span.end_s


class Moment:
    """A time of a day that is not today's alone: an hour ago, last night."""

    kind = "moment"

    def __init__(self, days: Days, clock: Clock) -> None:
        self.days, self.clock = days, clock
