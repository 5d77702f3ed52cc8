"""Hours in other writings: 15h30, fifteen hundred hours, three thirty.

Pure. Knows nothing of dates.
"""

from itertools import pairwise
from typing import Final

from archive.locate.when.clock.clock_rules import four_digits, half_of
from archive.locate.when.clock.clocks import Clock, hour_clock, narrowed, part_clock, qualified
from archive.locate.when.grammar import Rule
from archive.locate.when.periods import Setting
from archive.locate.when.pieces import Pieces, has, numbers, numerals, word


def _with_h(_setting: Setting, pieces: Pieces) -> Clock | None:
    """15h, 15h30; 5h and 24h are lengths."""
    said = numerals(pieces)
    minute = said[1].value if len(said) > 1 else 0
    joined = all(one.end == other.begin for one, other in pairwise(pieces))
    if not joined or any(each.width != 2 for each in said) or said[0].value == 24:
        return None
    return hour_clock(said[0].value, minute, padded=True)


def _hundred(_setting: Setting, pieces: Pieces) -> Clock | None:
    """Fifteen hundred hours."""
    return four_digits(numbers(pieces)[0] * 100) if word(pieces, "unit") in {"", "hour"} else None


def _hour_and_minute(_setting: Setting, pieces: Pieces) -> Clock | None:
    """Three thirty, 3 30 pm, three-thirty in the afternoon; 3 10 pm is none."""
    hour, minute = numerals(pieces)
    words = hour.written == minute.written == "word"
    if not words and (hour.written != "digits" or minute.width != 2 or minute.value <= 12):
        return None
    alone = words and (hour.value, minute.value) in _TOLD_IN_WORDS
    told = alone or has(pieces, "ampm", "part", "pre")
    if not (told and 1 <= hour.value <= 12 and 10 <= minute.value <= 59):
        return None
    clock = hour_clock(hour.value, minute.value, half_day=half_of(pieces))
    part = word(pieces, "part")
    if clock and has(pieces, "pre"):
        return qualified(clock, word(pieces, "pre"))
    return narrowed(part_clock(part), clock) if clock and part else clock


# As hours and minutes alone: "ten thirty"; "ten twenty" may be anything.
_TOLD_IN_WORDS: Final = frozenset((hour, minute) for hour in range(1, 13) for minute in (30, 45))


RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("n h !ago|before|after|later", _with_h),
    ("n h n", _with_h),
    ("n hundred unit|oclock", _hundred),
    ("pre? n n ampm|part? !unit|count|month|日|月|分|時|:|/|.|年", _hour_and_minute),
    ("n to n ampm|part?", _hour_and_minute),
)
