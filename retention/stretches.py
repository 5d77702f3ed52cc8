"""Times within which it makes no difference to a policy at which moment a call ended.

A stretch lies within one day of every zone that counts, and on one side of every moment at which a
revision comes into force. Pure. Knows nothing of recordings.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from retention.policy import RetentionPolicy

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a moment on until before another one."""

    begin: datetime
    end: datetime


def zones_of(policies: Iterable[RetentionPolicy]) -> frozenset[ZoneInfo]:
    """The zones by which they count."""
    calendars = [policy.calendars for policy in policies]
    return frozenset(zone for own in calendars for zone in (own.zone, *own.of_controllers.values()))


def stretches(
    zones: Iterable[ZoneInfo], moments: Iterable[datetime], first: datetime, last: datetime
) -> Iterator[Stretch]:
    """One after the other, from `first` until past `last` (both aware)."""
    begun, over = first, last + _DAY
    cuts = {each for zone in zones for each in _midnights(zone, first, over)}
    for cut in sorted({*cuts, *(each.astimezone(UTC) for each in moments), over}):
        if begun < cut <= over:
            yield Stretch(begun, cut)
            begun = cut


def _midnights(zone: ZoneInfo, first: datetime, over: datetime) -> Iterator[datetime]:
    """The beginnings of days; where midnight comes twice, or not at all, the moment of each."""
    day = first.astimezone(zone).date()
    while (begun := datetime.combine(day, time(), zone).astimezone(UTC)) <= over:
        yield begun
        yield datetime.combine(day, time(fold=1), zone).astimezone(UTC)
        day += _DAY
