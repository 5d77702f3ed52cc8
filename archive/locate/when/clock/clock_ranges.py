"""From a time of day to another, as it is said: between 3 and 5, 15時以降17時まで, noon to three.

Pure. Knows nothing of dates.
"""

from dataclasses import replace
from typing import Final

from archive.locate.when.clock.clock_rules import four_digits, half_of, half_past, half_ten
from archive.locate.when.clock.clocks import HOUR_S, Clock, hour_clock, narrowed, part_clock, until
from archive.locate.when.grammar import Rule
from archive.locate.when.periods import Setting
from archive.locate.when.pieces import Pieces, has, numbers, numerals, word
from archive.locate.when.values import DAY_S, ClockSpan

# Said as an end, a point of the day: hours after midnight.
_POINTS: Final = {"noon": 12, "midnight": 24}
_CLOCK_WIDTH: Final = 4
# So many minutes to an hour are said in words.
_MINUTES: Final = frozenset({5, 10, 20, 25})
_FROM: Final = frozenset({"from", "after", "past", "None"})
_UNTIL: Final = frozenset({"until", "before"})


def between(begin: Clock, end: Clock) -> Clock:
    """From a time to another, each pair of readings that are in order and nearest."""
    spans: list[ClockSpan] = []
    begin, end = _point(begin), _point(end)
    # 9時から17時: the hour that is told by 24 says which of the two the other is.
    opens = begin.spans
    if len(opens) > 1 and len(end.spans) == 1:
        closes = until(end.spans[0])
        opens = (max(opens, key=lambda each: (each.begin_s < closes, each.begin_s)),)
    ends = [_later(each, days) for each in end.spans for days in (0, DAY_S)]
    for first in opens:
        later = [each for each in ends if until(each) > first.begin_s]
        if not later:
            continue
        last = min(later, key=until)
        spans.append(
            ClockSpan(
                begin_s=first.begin_s,
                end_s=until(last),
                before_s=first.before_s,
                after_s=last.after_s,
                weight=min(first.weight, last.weight),
            )
        )
    return Clock(spans=tuple(spans), exact=True)


def _later(span: ClockSpan, seconds: int) -> ClockSpan:
    return replace(span, begin_s=span.begin_s + seconds, end_s=span.end_s + seconds)


def _point(clock: Clock) -> Clock:
    """Noon and midnight where they are an end: that minute, not around it."""
    if clock.exact or clock.part not in _POINTS:
        return clock
    hour = _POINTS[clock.part] * HOUR_S
    (whole,) = clock.spans
    return replace(clock, spans=(replace(whole, begin_s=hour, end_s=hour + 60),), exact=True)


def _range(_setting: Setting, pieces: Pieces) -> Clock | None:
    """15:00-17:00 and 3時から5時 are joined later; 3-5pm, 3から5時, between 3 and 5."""
    first, last = numbers(pieces)
    led = pieces[0].kind in {"since", "between"}
    if pieces[-1].kind == "oclock" and {each.width for each in numerals(pieces)} == {_CLOCK_WIDTH}:
        opens, closes = four_digits(first), four_digits(last)
        return between(opens, closes) if opens and closes else None
    if not (1 <= first <= 24 and 1 <= last <= 24) or (pieces[-1].kind == "n" and not led):
        return None
    begin = hour_clock(first, 0, half_day=half_of(pieces) if first < last or first == 12 else "")
    end = hour_clock(last, 0, half_day=half_of(pieces))
    return between(begin, end) if begin and end else None


def _range_of_part(_setting: Setting, pieces: Pieces) -> Clock | None:
    """3 to 5 in the afternoon; "ten to eleven in the morning" is a time."""
    led = pieces[0].kind in {"since", "between"}
    words = numerals(pieces)[0].written == "word"
    if words and not led and numbers(pieces)[0] in _MINUTES:
        return None
    first, last = (hour_clock(each, 0) if 1 <= each <= 12 else None for each in numbers(pieces))
    if first is None or last is None or not pieces[-1].lead:
        return None
    part = part_clock(word(pieces, "part"))
    return between(narrowed(part, first), narrowed(part, last))


def _quarter_range(setting: Setting, pieces: Pieces) -> Clock | None:
    """Between half past two and three."""
    begin = half_past(setting, pieces[1:3])
    end = hour_clock(numbers(pieces)[1], 0)
    return between(begin, end) if begin and end else None


def _half_range(setting: Setting, pieces: Pieces) -> Clock | None:
    """Between half two and three."""
    begin = half_ten(setting, pieces[1:3])
    end = hour_clock(numbers(pieces)[1], 0)
    return between(begin, end) if begin and end else None


def _noon_range(_setting: Setting, pieces: Pieces) -> Clock | None:
    """Between noon and one, from 11 till noon, midnight to 2 am."""
    (hour,) = numbers(pieces)
    part = word(pieces, "part")
    width = numerals(pieces)[0].width
    if part not in _POINTS or not 1 <= hour <= 24 or width > 2:
        return None
    point, clock = part_clock(part), hour_clock(hour, 0, half_day=half_of(pieces))
    if clock is None:
        return None
    parts = [each.kind for each in pieces if each.kind in {"part", "n"}]
    return between(point, clock) if parts[0] == "part" else between(clock, point)


def _bounded_both(_setting: Setting, pieces: Pieces) -> Clock | None:
    """15時以降17時まで, after 3 pm and before 5 pm."""
    first, last = (each.value for each in pieces if isinstance(each.value, Clock))
    bounds = [
        str(each.value or each.kind)
        for each in pieces
        if each.kind in {"bound", "since", "after", "before"}
    ]
    opens, closes = bounds
    return between(first, last) if opens in _FROM and closes in _UNTIL else None


def _after_hour(_setting: Setting, pieces: Pieces) -> Clock | None:
    """After 3 but before 5 pm."""
    said = numerals(pieces)[0]
    end = next(each.value for each in pieces if isinstance(each.value, Clock))
    if said.width > 2 or said.written == "ordinal" or not 1 <= said.value <= 24:
        return None
    begin = hour_clock(said.value, 0)
    return between(begin, end) if begin and has(pieces, "and", "but") else None


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("since|between? n to|and|since n ampm|oclock|ish|h", _range),
    ("since|between n to|and n", _range),
    ("since n since n", _range),
    ("since|between? n to|and|since n part", _range_of_part),
    ("between clock_half|clock_past|clock_to n and n", _quarter_range),
    ("between half_word n and n", _half_range),
    ("since|between part and|since|to n", _noon_range),
    ("since|between n and|since|to part", _noon_range),
    ("part to n ampm", _noon_range),
    ("n to n 時", _range),
)
# Behind those of days: both ends are known.
JOINING: Final[tuple[tuple[str, Rule], ...]] = (
    ("clock bound clock bound", _bounded_both),
    ("after|since clock and|but? before|since clock", _bounded_both),
    ("after n and|but before|since clock", _after_hour),
)
