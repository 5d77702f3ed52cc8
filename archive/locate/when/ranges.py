"""Ranges of days, of times and of both, each from what stands on either side of "to".

Pure. Knows nothing of how either side was said.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from archive.locate.when.ago import MAX_DAYS
from archive.locate.when.clock.clock_ranges import between
from archive.locate.when.clock.clocks import Clock, Moment
from archive.locate.when.grammar import Rule
from archive.locate.when.periods import (
    Days,
    Monthly,
    Period,
    Setting,
    Spans,
    Weekdays,
    Yearly,
    month_after,
    resolved,
)
from archive.locate.when.pieces import Piece, numbers, unit
from archive.locate.when.values import DAY_S, DaySpan

Pieces = tuple[Piece, ...]
# So far a range may go on behind today.
_AHEAD_DAYS: Final = 14
_PERIODS: Final = "days|year|month_of|yearly|monthly"


def _period(piece: Piece) -> Period:
    assert isinstance(piece.value, Period)
    return piece.value


def _ends(setting: Setting, first: Period, last: Period) -> tuple[Spans, Spans]:
    begin = resolved(first, setting).spans
    if isinstance(last, Monthly) and begin:
        at = begin[0].first
        found = last.of(at.year, at.month)
        if not found or found[0].first < at:
            found = last.of(*month_after(at.year, at.month, 1))
        return begin, found
    end = resolved(last, setting).spans
    if begin and end and end[-1].last < begin[0].first:
        ahead = _soon(begin[0].first, last, setting)
        if ahead:
            return begin, ahead
        begin = resolved(first, replace(setting, today=end[-1].last)).spans
    return begin, end


def _soon(first: date, last: Period, setting: Setting) -> Spans:
    """The end of a range that goes on today; what lies far ahead is not meant."""
    if not isinstance(last, Yearly):
        return ()
    found = last.of(first.year) or ()
    if not found or found[-1].last < first:
        found = last.of(first.year + 1) or ()
    ahead = timedelta(days=_AHEAD_DAYS)
    return found if found and found[-1].last <= setting.today + ahead else ()


def _is_range(pieces: Pieces) -> bool:
    """And is of a range behind "between" alone, "until" in the middle never "since"."""
    inner = pieces[1 + (pieces[0].kind in {"since", "between"})]
    if inner.kind == "and":
        return pieces[0].kind == "between"
    return inner.kind != "since" or inner.value == "until"


def _days(setting: Setting, pieces: Pieces) -> Days | None:
    """先週の木曜から今週の火曜, 21 October to 3 November."""
    if not _is_range(pieces):
        return None
    first, last = (each.value for each in pieces if isinstance(each.value, Period))
    begin, end = _ends(setting, first, last)
    if not begin or not end or begin[0].first > end[-1].last:
        return None
    span = DaySpan(
        first=begin[0].first,
        last=end[-1].last,
        before_days=begin[0].before_days,
        after_days=end[-1].after_days,
    )
    return Days(spans=(span,))


def _bounded_both(setting: Setting, pieces: Pieces) -> Days | None:
    """No earlier than 15 October and no later than the 19th, after the 3rd but before the 7th."""
    bounds = [each for each in pieces if each.kind in {"since", "after", "before"}]
    if bounds[0].value in {"until", "past"} or (bounds[1].kind, bounds[1].value) not in _ENDS:
        return None
    first, last = (each.value for each in pieces if isinstance(each.value, Period))
    begin, end = _ends(setting, first, last)
    if not begin or not end:
        return None
    day = timedelta(days=1)
    opens = begin[0].first if bounds[0].kind == "since" else begin[-1].last + day
    closes = end[-1].last if bounds[1].kind == "since" else end[0].first - day
    return Days(spans=(DaySpan(first=opens, last=closes),)) if opens <= closes else None


_ENDS: Final = frozenset({("before", None), ("since", "until")})


def _clocks(_setting: Setting, pieces: Pieces) -> Clock | None:
    """3時から5時, 15:00-17:00, morning to noon."""
    if not _is_range(pieces):
        return None
    first, last = (each.value for each in pieces if isinstance(each.value, Clock))
    return between(first, last)


def _moments(setting: Setting, pieces: Pieces) -> Moment | None:
    """10/21 15:00 to 10/22 10:00."""
    begin, end = _ends(setting, _period(pieces[0]), _period(pieces[3]))
    opens, closes = pieces[1].value, pieces[4].value
    assert isinstance(opens, Clock)
    assert isinstance(closes, Clock)
    if not begin or not end:
        return None
    days = (end[-1].last - begin[0].first).days
    first, last = opens.spans[0], closes.spans[0]
    end_s = (last.begin_s if closes.exact else last.end_s) + days * DAY_S
    if end_s <= first.begin_s:
        return None
    span = replace(first, end_s=end_s, after_s=last.after_s, weight=1.0)
    only = DaySpan(first=begin[0].first, last=begin[0].first)
    return Moment(Days(spans=(only,)), Clock(spans=(span,), exact=True))


def _weekdays(_setting: Setting, pieces: Pieces) -> Weekdays:
    """Monday to Friday, 月曜から水曜."""
    first, last = (min(each.value) for each in pieces if isinstance(each.value, frozenset))
    return Weekdays(days=frozenset((first + each) % 7 for each in range((last - first) % 7 + 1)))


def _weekday(_setting: Setting, pieces: Pieces) -> Weekdays:
    found = next(each.value for each in pieces if isinstance(each.value, frozenset))
    return Weekdays(days=found)


def _for_days(setting: Setting, pieces: Pieces) -> Days | None:
    """10月5日から3日間."""
    spans = resolved(_period(pieces[0]), setting).spans
    days = numbers(pieces)[0] * {"day": 1, "week": 7}.get(unit(pieces), 0)
    if pieces[1].value != "ja" or not spans or not 0 < days <= MAX_DAYS:
        return None
    return Days(
        spans=tuple(replace(each, last=each.first + timedelta(days=days - 1)) for each in spans)
    )


def _open(setting: Setting, pieces: Pieces) -> Days | Clock | None:
    """10/21から, with nothing behind it; a call of 3時から began then."""
    if pieces[1].value != "ja":
        return None
    if isinstance(pieces[0].value, Clock):
        return pieces[0].value
    spans = resolved(_period(pieces[0]), setting).spans
    if not spans or spans[0].first > setting.today:
        return None
    return Days(spans=(DaySpan(first=spans[0].first, last=setting.today + timedelta(days=0)),))


WEEKDAYS: Final[tuple[tuple[str, Rule], ...]] = (
    ("weekday to weekday", _weekdays),
    ("since|between weekday to|and weekday", _weekdays),
    ("( weekday )", _weekday),
    ("weekday", _weekday),
)
RULES: Final[tuple[tuple[str, Rule], ...]] = (
    (f"{_PERIODS} to n count", _for_days),
    (f"since|between? {_PERIODS} to|and|since {_PERIODS} bound?", _days),
    (f"since|after {_PERIODS} and|but? before|since {_PERIODS}", _bounded_both),
    (f"{_PERIODS} clock to {_PERIODS} clock", _moments),
    ("since|between? clock to|and|since clock bound?", _clocks),
)
OPEN: Final[tuple[tuple[str, Rule], ...]] = (
    (f"{_PERIODS} to", _open),
    ("clock to", _open),
)
