"""A reading written without a language, so that reading it again gives the same.

`= 2026-10-21..2026-10-31~3/3 on Mon,Tue at 16:00..19:00~60/60*0.5 | …`: edges in days and
minutes, weight.
Knows nothing of what was typed.
"""

from datetime import date
from typing import Final

from archive.locate.when.values import (
    DAY_S,
    EVERY_DAY,
    LEAST_WEIGHT,
    Alternative,
    ClockSpan,
    DaySpan,
)

SIGN: Final = "= "
_NAMES: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# Longer than what was typed: days of holidays and alternatives of them are all written.
MAX_ECHO: Final = 20_000


def write(alternatives: tuple[Alternative, ...]) -> str:
    """These alternatives in the form that `parse` takes."""
    return SIGN + " | ".join(_alternative(each) for each in alternatives) if alternatives else ""


def _alternative(alternative: Alternative) -> str:
    text = ",".join(_days(each) for each in alternative.days)
    if alternative.weekdays != EVERY_DAY:
        text += " on " + (",".join(_NAMES[each] for each in sorted(alternative.weekdays)) or "none")
    if alternative.clocks:
        text += " at " + ",".join(_clock(each) for each in alternative.clocks)
    return text


def _days(span: DaySpan) -> str:
    text = span.first.isoformat() + (
        f"..{span.last.isoformat()}" if span.last != span.first else ""
    )
    return text + _shape(span.before_days, span.after_days, span.weight)


def _clock(span: ClockSpan) -> str:
    text = f"{_time(span.begin_s)}..{_time(span.end_s)}"
    return text + _shape(span.before_s // 60, span.after_s // 60, span.weight)


def _time(seconds: int) -> str:
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return text + (f":{seconds % 60:02}" if seconds % 60 else "")


def _shape(before: int, after: int, weight: float) -> str:
    edges = f"~{before}/{after}" if before or after else ""
    return edges + (f"*{weight!r}" if weight != 1.0 else "")


def parse(text: str) -> tuple[Alternative, ...] | None:
    """The alternatives of an echo; none where the text is not one."""
    if not text.startswith(SIGN) or len(text) > MAX_ECHO:
        return None
    try:
        return tuple(_parse_alternative(each) for each in text[len(SIGN) :].split(" | "))
    except (ValueError, OverflowError, AssertionError):
        return None


def _parse_alternative(text: str) -> Alternative:
    rest, _, clocks = text.partition(" at ")
    days, _, names = rest.partition(" on ")
    weekdays = EVERY_DAY
    if names:
        weekdays = frozenset(_NAMES.index(each) for each in names.split(",") if each != "none")
    return Alternative(
        days=tuple(_parse_days(each) for each in days.split(",")),
        weekdays=weekdays,
        clocks=tuple(_parse_clock(each) for each in clocks.split(",")) if clocks else (),
    )


def _parse_days(text: str) -> DaySpan:
    core, before, after, weight = _parse_shape(text)
    first, _, last = core.partition("..")
    begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    if not (date(1900, 1, 1) <= begin <= end <= date(2199, 12, 31) and max(before, after) <= 3660):
        raise ValueError(text)
    return DaySpan(first=begin, last=end, before_days=before, after_days=after, weight=weight)


def _parse_clock(text: str) -> ClockSpan:
    core, before, after, weight = _parse_shape(text)
    first, _, last = core.partition("..")
    begin, end = _seconds(first), _seconds(last)
    # A range may go on over days, never over more than a century.
    if not 0 <= begin < end <= 36_525 * DAY_S or max(before, after) > 1440:
        raise ValueError(text)
    return ClockSpan(
        begin_s=begin, end_s=end, before_s=before * 60, after_s=after * 60, weight=weight
    )


def _seconds(text: str) -> int:
    hour, minute, second = (int(each) for each in (text + ":0").split(":")[:3])
    return hour * 3600 + minute * 60 + second


def _parse_shape(text: str) -> tuple[str, int, int, float]:
    core, _, weight = text.partition("*")
    core, _, edges = core.partition("~")
    before, _, after = (edges or "0/0").partition("/")
    likely = float(weight) if weight else 1.0
    if not LEAST_WEIGHT <= likely <= 1 or int(before) < 0 or int(after) < 0:
        raise ValueError(text)
    return core, int(before), int(after), likely
