"""Times within which it makes no difference to a policy at which moment a call ended.

A stretch lies within one day of every zone that counts, and on one side of every moment at which a
revision comes into force. Pure. Knows nothing of recordings.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from retention.policies.policy import RetentionPolicy

_DAY: Final = timedelta(days=1)
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a moment on until before another one."""

    begin: datetime
    end: datetime


def zones_of(policies: Iterable[RetentionPolicy]) -> frozenset[ZoneInfo]:
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


def blocks(
    own: Sequence[Stretch], zones: frozenset[ZoneInfo], moments: Iterable[datetime]
) -> tuple[range, ...]:
    """The places of stretches within which what rules say never turns twice.

    Within a month each rule's end moves with the day, or stays where a shorter month ends: so two
    rules' ends come nearer or go apart, and never both. Where days begin at two places, or a
    revision comes into force, that is not so, and a block is one stretch.
    """
    if len(zones) != 1:
        return tuple(range(at, at + 1) for at in range(len(own)))
    (zone,) = zones
    cuts = sorted(moments)

    def block(at: int) -> tuple[int, int, int, int]:
        day = own[at].begin.astimezone(zone).date()
        passed = sum(cut <= own[at].begin for cut in cuts)
        return day.year, day.month, (day + _DAY).month, passed

    found: list[range] = []
    for _, group in groupby(range(len(own)), block):
        places = list(group)
        found.append(range(places[0], places[-1] + 1))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Piece(Generic[_Found]):
    """What is so of everything that ended from a moment on, until the next piece."""

    begin: datetime
    found: _Found


def pieces(
    own: Sequence[Stretch],
    within: Sequence[range],
    find: Callable[[Stretch], _Found],
    told: Callable[[_Found], object],
) -> tuple[Piece[_Found], ...]:
    """One after the other, each as long as what is told of it stays the same.

    Of a block that is told the same of at both ends nothing between them is asked.
    """
    made: list[Piece[_Found]] = []
    for block in within:
        asked = {at: find(own[at]) for at in {block[0], block[-1]}}
        _ask_between(own, find, told, asked)
        for at in sorted(asked):
            if not made or told(made[-1].found) != told(asked[at]):
                made.append(Piece(own[at].begin, asked[at]))
    return tuple(made)


def _ask_between(
    own: Sequence[Stretch],
    find: Callable[[Stretch], _Found],
    told: Callable[[_Found], object],
    asked: dict[int, _Found],
) -> None:
    """Ask in halves until each place where what is told turns lies between two neighbours."""
    waiting = [(min(asked), max(asked))]
    while waiting:
        first, last = waiting.pop()
        if last - first > 1 and told(asked[first]) != told(asked[last]):
            middle = (first + last) // 2
            asked[middle] = find(own[middle])
            waiting += [(first, middle), (middle, last)]
