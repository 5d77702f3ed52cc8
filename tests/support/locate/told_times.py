"""Times that are told, as days and hours, however they are written."""

from datetime import date, timedelta

from archive.locate.clues import WhenClue
from archive.locate.when.values import ClockSpan, DaySpan


def core(value: object) -> set[object]:
    """Every day with every hour of it; where no day is said, hours and weekdays alone."""
    assert isinstance(value, WhenClue)
    found: set[object] = set()
    for each in value.alternatives:
        widest = (span for span in each.clocks if not _is_within(span, each.clocks))
        clocks = tuple((span.begin_s, span.end_s) for span in widest) or (None,)
        if not value.days:
            found |= {(each.weekdays, clock) for clock in clocks}
        for at in (at for span in each.days if value.days for at in _days(span)):
            if at.weekday() in each.weekdays:
                found |= {(at, clock) for clock in clocks}
    return found


def _is_within(span: ClockSpan, others: tuple[ClockSpan, ...]) -> bool:
    """The likeliest hours of a part of the day lie within it, and are not told."""
    return any(e != span and e.begin_s <= span.begin_s and span.end_s <= e.end_s for e in others)


def _days(span: DaySpan) -> list[date]:
    length = (span.last - span.first).days + 1
    return [span.first + timedelta(days=each) for each in range(length)]
