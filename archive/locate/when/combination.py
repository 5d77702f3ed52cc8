"""Days and clocks of a text put together: each with each, or as the text couples them by "or".

Pure. Knows nothing of zones.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from archive.locate.when.clock.clocks import Clock, Moment, narrowed, said_by_turns
from archive.locate.when.periods import (
    Days,
    Listed,
    Month,
    Monthly,
    Period,
    Setting,
    Spans,
    Weekdays,
    Year,
    Yearly,
    day,
    month_after,
    resolved,
    yearly_month,
)
from archive.locate.when.pieces import Piece
from archive.locate.when.values import EVERY_DAY, Alternative, ClockSpan, DaySpan, Note, weighed

# Where no day is said, this long ago is looked, the later the likelier: days back, weight.
WINDOW: Final = ((7, 1.0), (28, 0.5), (91, 0.25), (366, 0.125))
MAX_ALTERNATIVES: Final = 12
# Holidays and days before them are listed one by one: those of so many days at most.
MAX_LISTED_DAYS: Final = 3660
_DATES: Final = frozenset({"days", "year", "month_of", "yearly", "monthly", "weekdays", "listed"})
_CLOCKS: Final = frozenset({"clock"})


@dataclass(slots=True)
class Group:
    """The pieces between two alternatives of the text."""

    periods: list[Period] = field(default_factory=list)
    weekdays: frozenset[int] = EVERY_DAY
    listed: list[Listed] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # of its pieces

    @property
    def dated(self) -> bool:
        return bool(self.periods or self.listed) or self.weekdays != EVERY_DAY

    def add(self, piece: Piece, place: int) -> None:
        if is_time(piece):
            self.places.append(place)
        match piece.value:
            case Moment() as moment:
                self.periods.append(moment.days)
                self.clocks.append(moment.clock)
            case Weekdays():
                both = self.weekdays & piece.value.days
                self.weekdays = both or self.weekdays | piece.value.days
            case Listed():
                self.listed.append(piece.value)
            case Clock():
                self.clocks.append(piece.value)
            case Days() | Year() | Month() | Yearly() | Monthly():
                self.periods.append(piece.value)


def is_date(piece: Piece) -> bool:
    """Does it say days?"""
    return piece.kind in _DATES or piece.kind == "moment"


def is_time(piece: Piece) -> bool:
    """Does it say days or times of day?"""
    return is_date(piece) or piece.kind in _CLOCKS


def window(setting: Setting) -> Spans:
    """The days to look at when none is said."""
    spans: list[DaySpan] = []
    last = setting.today
    for back, weight in WINDOW:
        first = setting.today - timedelta(days=back - 1)
        spans.append(DaySpan(first=first, last=last, weight=weight))
        last = first - timedelta(days=1)
    return tuple(spans)


def is_window(spans: Spans) -> bool:
    """Are these the days to look at when none is said?"""
    back = [each for each, _ in WINDOW]
    return [each.weight for each in spans] == [weight for _, weight in WINDOW] and [
        (spans[0].last - each.first).days + 1 for each in spans
    ] == back


def _separates(pieces: tuple[Piece, ...], at: int) -> bool:
    """Does this piece stand between two alternatives of time?"""
    kind = pieces[at].kind
    before = pieces[at - 1] if at else None
    after = pieces[at + 1] if at + 1 < len(pieces) else None
    if kind == "or":
        return any(each is not None and is_time(each) for each in (before, after))
    if kind in {"and", "/"} and before and after:
        return is_time(before) and is_time(after) and is_date(before) == is_date(after)
    return False


def groups(pieces: tuple[Piece, ...]) -> list[Group]:
    """The alternatives that the text couples."""
    found = [Group()]
    for at, piece in enumerate(pieces):
        if _separates(pieces, at) and len(found) < MAX_ALTERNATIVES:
            found.append(Group())
        else:
            found[-1].add(piece, at)
    return [each for each in found if each.dated or each.clocks]


def _coupled(found: list[Group]) -> None:
    """Give each group what it does not say, of the nearest that says it."""
    dated = [each.dated for each in found]
    timed = [bool(each.clocks) for each in found]
    narrow = [each.weekdays != EVERY_DAY and not each.periods for each in found]
    for at, group in enumerate(found):
        later, earlier = [*range(at + 1, len(found))], [*range(at - 1, -1, -1)]
        if not timed[at]:
            source = next((each for each in later + earlier if timed[each]), None)
            if source is not None:
                group.clocks = [
                    each for near in _from(found, source, dated) for each in near.clocks
                ]
        if not dated[at]:
            source = next((each for each in earlier + later if dated[each]), None)
            if source is not None:
                near = found[source]
                group.periods, group.weekdays, group.listed = (
                    near.periods,
                    near.weekdays,
                    near.listed,
                )
    _shared(found, narrow)


def _shared(found: list[Group], narrow: list[bool]) -> None:
    """10月の月曜か火曜, 10月か11月の土日: one month of both weekdays, weekdays of both months."""
    for at, group in enumerate(found):
        if narrow[at]:
            order = [*range(at - 1, -1, -1), *range(at + 1, len(found))]
            near = next((found[each] for each in order if found[each].periods), None)
            if near is not None:
                group.periods = near.periods
        elif group.periods and group.weekdays == EVERY_DAY and at + 1 < len(found):
            near = found[at + 1]
            long = all(isinstance(each, Month | Year) or _is_week(each) for each in group.periods)
            if long and near.periods and not narrow[at + 1]:
                group.weekdays = near.weekdays


def _is_week(period: Period) -> bool:
    return isinstance(period, Days) and all(
        (each.last - each.first).days >= 6 for each in period.spans
    )


def _from(found: list[Group], source: int, dated: list[bool]) -> Iterator[Group]:
    """A group and those behind it that say only more times of the same days."""
    yield found[source]
    for at in range(source + 1, len(found)):
        if dated[at]:
            return
        yield found[at]


def grouped(pieces: tuple[Piece, ...]) -> list[Group]:
    """The alternatives that the text couples, each with what only another says."""
    found = groups(pieces)
    _coupled(found)
    return found


def combine(
    pieces: tuple[Piece, ...], setting: Setting
) -> tuple[tuple[Alternative, ...], tuple[Note, ...]]:
    """The alternatives that a text's pieces mean, and what is odd about them."""
    found = grouped(pieces)
    alternatives: list[Alternative] = []
    for group in found:
        own = alternatives_of(group, setting)
        alternatives += [each for each in own if each not in alternatives]
    notes = [note for group in found for note in group.notes]
    return tuple(alternatives), tuple(dict.fromkeys(notes))


def alternatives_of(group: Group, setting: Setting) -> list[Alternative]:
    """The days and times of a group; none where no calendar has its days."""
    spans, weekdays = _days(group, setting)
    clocks = _clocks(group)
    return [Alternative(days=spans, weekdays=weekdays, clocks=clocks)] if spans else []


def _clocks(group: Group) -> tuple[ClockSpan, ...]:
    part = next((each for each in group.clocks if not each.exact), None)
    exact = [each for each in group.clocks if each.exact]
    if not exact:
        kept = set(_narrowest([each.spans for each in group.clocks]))
        narrow = (
            replace(each, spans=tuple(span for span in each.spans if span in kept))
            for each in group.clocks
        )
        return tuple(dict.fromkeys(span for each in narrow for span in said_by_turns(each)))
    if part and exact and len(part.spans) == 1:
        chosen = [narrowed(part, each) for each in exact]
    else:
        chosen = group.clocks
    return tuple(dict.fromkeys(span for each in chosen for span in each.spans))


def _narrowest(parts: list[tuple[ClockSpan, ...]]) -> Iterator[ClockSpan]:
    """First thing in the morning, last night around midnight: of two parts the narrower alone."""
    spans = tuple(dict.fromkeys(span for each in parts for span in each))
    for each in spans:
        within = (
            each.begin_s - each.before_s <= other.begin_s
            and other.end_s <= each.end_s + each.after_s
            and _length(other) < _length(each)
            for other in spans
        )
        if not any(within):
            yield each


def _length(span: ClockSpan) -> int:
    return span.end_s - span.begin_s


def _days(group: Group, setting: Setting) -> tuple[Spans, frozenset[int]]:
    common: Spans = ()
    weekdays = group.weekdays
    for period in sorted(group.periods, key=lambda each: isinstance(each, Yearly | Monthly)):
        spans, own = _within(period, common, setting)
        weekdays = weekdays & own or weekdays
        both = _intersected(common, spans) if common else spans
        if not both and spans:
            group.notes.append(Note(code="no_common_day"))
        common = both or (*common, *spans)
    if not group.periods:
        common = window(setting)
    for listed in dict.fromkeys(group.listed):
        common = _listed(listed, common)
    if weekdays != EVERY_DAY:
        return _checked(group, common, weekdays, setting)
    return common, weekdays


def _within(period: Period, common: Spans, setting: Setting) -> tuple[Spans, frozenset[int]]:
    """A period's days: where others are known, those among them."""
    if isinstance(period, Month) and period.year is None:
        period = yearly_month(period)
    for span in common:
        for spans in _each(period, span):
            if _intersected(common, spans):
                return spans, EVERY_DAY
    days = resolved(period, setting)
    return days.spans, days.weekdays


def _each(period: Period, span: DaySpan) -> Iterator[Spans]:
    match period:
        case Yearly():
            for year in range(span.last.year, span.first.year - 2, -1):
                yield period.of(year)
        case Monthly():
            for back in range(14):
                yield period.of(*month_after(span.last.year, span.last.month, -back))


def _intersected(some: Spans, others: Spans) -> Spans:
    return tuple(
        each for one in some for other in others if (each := _both(one, other)) is not None
    )


def _both(one: DaySpan, other: DaySpan) -> DaySpan | None:
    first, last = max(one.first, other.first), min(one.last, other.last)
    if first > last:
        return None
    begins, ends = (
        (one if one.first >= other.first else other),
        (one if one.last <= other.last else other),
    )
    return DaySpan(
        first=first,
        last=last,
        before_days=begins.before_days,
        after_days=ends.after_days,
        weight=weighed(one.weight, other.weight),
    )


def _listed(listed: Listed, spans: Spans) -> Spans:
    """The listed days among these."""
    return tuple(
        day(at, weight=span.weight)
        for span in spans
        if (span.last - span.first).days <= MAX_LISTED_DAYS
        for at in listed.among(span)
    )


def _checked(
    group: Group, spans: Spans, weekdays: frozenset[int], setting: Setting
) -> tuple[Spans, frozenset[int]]:
    """Days of these weekdays; a date that is none of them stands, and is told."""
    if any(_has(span, weekdays) for span in spans):
        return tuple(span for span in spans if _has(span, weekdays)), weekdays
    at = spans[0].first if spans else setting.today
    group.notes.append(Note(code="weekday_differs", values=(at.isoformat(), str(at.weekday()))))
    return spans, EVERY_DAY


def _has(span: DaySpan, weekdays: frozenset[int]) -> bool:
    """Of 8月15日前後の平日 also those around it."""
    first = span.first - timedelta(days=span.before_days)
    length = (span.last - first).days + 1 + span.after_days
    return length >= 7 or any(
        (first + timedelta(days=each)).weekday() in weekdays for each in range(length)
    )
