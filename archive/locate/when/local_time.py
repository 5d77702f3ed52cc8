"""Local times as UTC: what is there twice gives two stretches, what never is there is moved.

Moved as RFC 5545, 3.3.5 says.

Pure. Knows nothing of what the times mean.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# No zone changes its offset twice within a week.
_STEP_S: Final = 7 * 86_400
# The farthest that a local time lies from UTC, and some more.
_REACH_S: Final = 26 * 3600
_FIRST_S: Final = -_EPOCH_DAY * 86_400 + 3 * 86_400


def day_s(at: date) -> int:
    """Seconds from the epoch to a day's midnight, as a wall clock without zone counts them."""
    return (at.toordinal() - _EPOCH_DAY) * 86_400


def offsets(zone: tzinfo, begin_s: int, end_s: int) -> tuple[list[int], list[int]]:
    """At which UTC each offset of a zone begins, between two times, and what it is; in seconds."""
    begins, found = [begin_s], [_offset(zone, begin_s)]
    at = begin_s
    while at < end_s:
        following = min(at + _STEP_S, end_s)
        offset = _offset(zone, following)
        if offset != found[-1]:
            begins.append(_change(zone, at, following))
            found.append(offset)
        at = following
    return begins, found


def _offset(zone: tzinfo, utc_s: int) -> int:
    local = (_EPOCH + timedelta(seconds=utc_s)).astimezone(zone)
    return round((local.utcoffset() or timedelta()).total_seconds())


def _change(zone: tzinfo, before: int, after: int) -> int:
    """The first second of another offset."""
    old = _offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


class LocalTime:
    """The offsets of a zone over some days."""

    def __init__(self, zone: tzinfo, first: date, last: date) -> None:
        begin_s = max(day_s(first) - _STEP_S, _FIRST_S)
        self._begins, self._offsets = offsets(zone, begin_s, day_s(last) + _STEP_S)

    def pieces(self, begin_s: int, end_s: int) -> tuple[list[tuple[int, int]], bool]:
        """The UTC at which the wall clock shows these times; whether it had to be moved."""
        found: list[tuple[int, int]] = []
        at = max(bisect_right(self._begins, begin_s - _REACH_S) - 1, 0)
        moved = begin_s - self._offsets[at]
        while at < len(self._begins) and self._begins[at] <= end_s + _REACH_S:
            offset = self._offsets[at]
            until = self._begins[at + 1] if at + 1 < len(self._begins) else end_s + 2 * _REACH_S
            first, last = max(begin_s - offset, self._begins[at]), min(end_s - offset, until)
            if until + offset <= begin_s:
                moved = begin_s - offset
            if first < last:
                if found and found[-1][1] == first:
                    found[-1] = (found[-1][0], last)
                else:
                    found.append((first, last))
            at += 1
        if found:
            return found, False
        return [(moved, moved + end_s - begin_s)], True
