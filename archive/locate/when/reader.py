"""A text read for when: cut, put together rule by rule, placed in UTC.

Pure: the time it is said at is an argument. Knows nothing of calls.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final

from archive.locate.when import (
    ago,
    combination,
    dates,
    denied,
    echo,
    fiscal,
    holidays,
    month_weeks,
    other_call,
    parts,
    ranges,
    relative,
    shifts,
    to_come,
)
from archive.locate.when.clock import clock_ranges, clock_rules, clock_writings
from archive.locate.when.clock.clocks import Clock, Moment, rounded
from archive.locate.when.counted import counted
from archive.locate.when.grammar import apply, table
from archive.locate.when.guards import guarded
from archive.locate.when.periods import Listed, Period, Setting, Weekdays, resolved
from archive.locate.when.pieces import Piece, Pieces
from archive.locate.when.placement import place
from archive.locate.when.signed import by_signs
from archive.locate.when.tokens import cut, fold
from archive.locate.when.values import DAY_S, Alternative, Calendar, Note, Understood, WhenReading
from archive.locate.when.word_order import in_order

MAX_TEXT: Final = 500  # characters; what is behind them is not read
# From words to values, then what joins them, each in one pass.
_VALUES: Final = tuple(
    table(rules)
    for rules in (
        (
            *dates.RULES,
            *shifts.RULES,
            *ago.RULES,
            *relative.RULES,
            *parts.RULES,
            *month_weeks.RULES,
            *fiscal.RULES,
            *clock_ranges.RULES,
            *clock_rules.RULES,
            *clock_writings.RULES,
            *holidays.RULES,
            *ranges.WEEKDAYS,
        ),
        dates.LISTING,
        (*dates.LISTING, *parts.BINDING),
        parts.PARTING,
        (*parts.BINDING, *clock_rules.NARROWING),
    )
)
# What is said about a day, after it is known which: the one that another is counted from.
_JOINS: Final = tuple(
    table(rules)
    for rules in (
        (*holidays.SHIFTING, *clock_rules.APPROXIMATE),
        clock_rules.NARROWING,
        (*clock_ranges.JOINING, *ranges.RULES),
        (*holidays.BOUNDING, *clock_rules.BOUNDING, *ranges.OPEN),
    )
)
_PARTICLES: Final = frozenset("のにはでがをもへ")
_MARKS: Final = frozenset("、,。.;；・()（）「」【】/／…，．")
_END: Final = Piece(kind="end", value=None, begin=0, end=0)
# Of no time that is meant, and named in notes.
_NAMED: Final = frozenset({"no_such_day", "denied", "to_come"})
_SIGNS: Final = frozenset({"/", "(", ")", ":", ".", "+", "to", "or", "and", "article", "between"})


def read_when(text: str, *, now: datetime, zone: tzinfo, calendar: Calendar) -> WhenReading:
    """Read the time that a text says, for who says it at that time in that zone."""
    return _read(text, zone, _setting(now, zone, calendar), _as_remembered)


def read_to_the_minute(
    text: str, *, now: datetime, zone: tzinfo, calendar: Calendar
) -> WhenReading:
    """The same for who bounds a search: three o'clock is that minute, not about then."""
    return _read(text, zone, _setting(now, zone, calendar), lambda pieces, *_: pieces)


def _as_remembered(pieces: Pieces, text: str, setting: Setting) -> Pieces:
    """Times of day are as wide as people round them; none is to come."""
    wide = tuple(
        replace(each, value=rounded(each.value)) if isinstance(each.value, Clock) else each
        for each in pieces
    )
    return to_come.told_apart(wide, text, setting)


def _read(
    text: str, zone: tzinfo, setting: Setting, meant: Callable[[Pieces, str, Setting], Pieces]
) -> WhenReading:
    written = echo.parse(text)
    if written is not None:
        return _placed(written, (), (), zone)
    typed = text[:MAX_TEXT]
    pieces = shifts.unfolded(by_signs(in_order(guarded(cut(fold(typed)), typed)), typed))
    for rules in _VALUES:
        pieces = apply(rules, pieces, setting)
    pieces = counted(other_call.bounded(pieces, typed, setting), typed, setting)
    for rules in _JOINS:
        pieces = apply(rules, pieces, setting)
    pieces = meant(denied.told_apart(pieces, typed), typed, setting)
    alternatives, notes = combination.combine(pieces, setting)
    reading = _placed(
        alternatives,
        _understood(pieces, setting),
        (*notes, *_notes(pieces, setting, typed)),
        zone,
    )
    return WhenReading(
        stretches=reading.stretches,
        alternatives=reading.alternatives,
        understood=reading.understood,
        notes=reading.notes,
        unused=_unused(pieces, text, typed),
        void=tuple((begin, end) for _, begin, end in _voids(pieces)),
    )


def write_echo(reading: WhenReading) -> str:
    """Write a reading without a language; reading it again gives the same stretches."""
    return echo.write(reading.alternatives)


def _setting(now: datetime, zone: tzinfo, calendar: Calendar) -> Setting:
    local = now.astimezone(zone)
    now_s = local.hour * 3600 + local.minute * 60 + local.second
    return Setting(today=local.date(), now_s=now_s, calendar=calendar)


def _placed(
    alternatives: tuple[Alternative, ...],
    understood: tuple[Understood, ...],
    notes: tuple[Note, ...],
    zone: tzinfo,
) -> WhenReading:
    placed = place(alternatives, zone)
    told = [*notes]
    if placed.moved:
        told.append(Note(code="time_never_was"))
    if placed.twice:
        told.append(Note(code="time_twice"))
    if placed.cut:
        told.append(Note(code="too_many_stretches"))
    return WhenReading(
        stretches=placed.stretches,
        alternatives=alternatives,
        understood=understood,
        notes=tuple(dict.fromkeys(told)),
    )


def _understood(pieces: tuple[Piece, ...], setting: Setting) -> tuple[Understood, ...]:
    found = [_of(each, setting) for each in pieces]
    told = [each for each in found if each is not None]
    if told and not any(combination.is_date(each) for each in pieces):
        told.append(Understood(begin=0, end=0, code="window", days=combination.window(setting)))
    return tuple(told)


def _of(piece: Piece, setting: Setting) -> Understood | None:
    begin, end = piece.first, piece.end
    match piece.value:
        case Moment() as moment:
            return Understood(
                begin=begin,
                end=end,
                code="moment",
                days=moment.days.spans,
                clocks=moment.clock.spans,
            )
        case Clock():
            return Understood(begin=begin, end=end, code="clock", clocks=piece.value.spans)
        case Weekdays():
            return Understood(begin=begin, end=end, code="weekdays", weekdays=piece.value.days)
        case Listed():
            return Understood(begin=begin, end=end, code="holidays")
        case period if isinstance(period, Period):
            days = resolved(period, setting)
            return Understood(
                begin=begin, end=end, code="days", days=days.spans, weekdays=days.weekdays
            )
    return None


def _notes(pieces: Pieces, setting: Setting, text: str) -> list[Note]:
    notes = [Note(code=code, values=(text[begin:end],)) for code, begin, end in _voids(pieces)]
    exact = [each for each in pieces if isinstance(each.value, Clock) and each.value.exact]
    if any(len(each.value.spans) > 1 for each in exact if isinstance(each.value, Clock)) or any(
        _ambiguous(each, setting) for each in pieces
    ):
        notes.append(Note(code="two_readings"))
    if any(
        span.begin_s >= DAY_S and not each.value.part
        for each in exact
        if isinstance(each.value, Clock)
        for span in each.value.spans
    ):
        notes.append(Note(code="hour_past_24"))
    return notes


# By kind of piece: the note that it says nothing of when.
_VOID: Final = {
    "no_such_day": "no_such_day", "shift": "from_unsaid_day", "denied": "denied",
    "to_come": "in_future",
}  # fmt: skip


def _voids(pieces: Pieces) -> list[tuple[str, int, int]]:
    """What is of time and says nothing of when: why, begin and end; of neighbours one stretch."""
    found: list[tuple[str, int, int]] = []
    last = ""
    for each in pieces:
        code = _VOID.get(each.kind, "") if each.kind != "shift" or _is_left_count(each) else ""
        if code and code == last and code != "from_unsaid_day":
            found[-1] = (code, found[-1][1], each.end)
        elif code:
            found.append((code, each.begin, each.end))
        last = code
    return found


def _is_left_count(piece: Piece) -> bool:
    """Does it count from a day that is not said? The same day is no count."""
    return isinstance(piece.value, shifts.Shift) and piece.value.last != 0


def _ambiguous(piece: Piece, setting: Setting) -> bool:
    if not isinstance(piece.value, Period):
        return False
    return len({each.weight for each in resolved(piece.value, setting).spans}) > 1


def _unused(pieces: Pieces, text: str, typed: str) -> tuple[tuple[int, int], ...]:
    """Stretches between what was understood, without the marks and particles around them."""
    spans: list[tuple[int, int]] = []
    begin, told, after = 0, False, False
    for each in (*pieces, _END):
        used = each is _END or combination.is_time(each) or each.kind in _NAMED
        if not used:
            told = told or each.kind not in _SIGNS
            continue
        end = len(typed) if each is _END else each.first
        if told:
            spans.append(_stripped(typed, begin, end, after=after))
        begin, told, after = each.end, False, True
    rest = ((len(typed), len(text)),) if len(text) > len(typed) else ()
    return (*(span for span in spans if span[0] < span[1]), *rest)


def _stripped(text: str, begin: int, end: int, *, after: bool) -> tuple[int, int]:
    if after and text[begin : begin + 1] in _PARTICLES:
        begin += 1
    while begin < end and (text[begin].isspace() or text[begin] in _MARKS):
        begin += 1
    while begin < end and (text[end - 1].isspace() or text[end - 1] in _MARKS):
        end -= 1
    return begin, end
