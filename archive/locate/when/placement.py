"""Alternatives of days and clocks as stretches of UTC: sorted, their cores apart.

Pure. Knows nothing of words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from heapq import heappop, heappush
from itertools import pairwise
from typing import Final

from archive.locate.stretches import Stretch
from archive.locate.when.local_time import LocalTime, day_s
from archive.locate.when.values import DAY_S, EVERY_DAY, Alternative, DaySpan

# Each evening of eleven years; past it the latest are kept, and the reading says so.
MAX_STRETCHES: Final = 4096
US: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Stretches, and what was odd about placing them."""

    stretches: tuple[Stretch, ...]
    moved: bool = False
    twice: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Local:
    """A stretch by the wall clock, in seconds."""

    begin_s: int
    end_s: int
    before_s: int
    after_s: int
    weight: float


def place(alternatives: tuple[Alternative, ...], zone: tzinfo) -> Placed:
    """The stretches that these alternatives are in a zone."""
    spans = [span for each in alternatives for span in each.days]
    if not spans:
        return Placed(stretches=())
    around = timedelta(days=2)
    first = min(each.first - timedelta(days=each.before_days) for each in spans) - around
    last = max(each.last + timedelta(days=each.after_days) for each in spans) + around
    local = LocalTime(zone, first, last + timedelta(days=_longest(alternatives)))
    found: list[Stretch] = []
    moved = twice = False
    for each in _latest(item for every in alternatives for item in _of(every)):
        pieces, by_rule = local.pieces(each.begin_s, each.end_s)
        moved = moved or by_rule
        twice = twice or _is_twice(each, pieces)
        found += [
            Stretch(
                begin_us=begin * US,
                end_us=end * US,
                before_us=each.before_s * US,
                after_us=each.after_s * US,
                weight=each.weight,
            )
            for begin, end in pieces
        ]
    apart = disjoint(found)
    kept, cut = apart[-MAX_STRETCHES:], len(apart) > MAX_STRETCHES
    return Placed(stretches=kept, moved=moved, twice=twice, cut=cut)


def _is_twice(local: _Local, pieces: Iterable[tuple[int, int]]) -> bool:
    """Whether the clocks, set back, show at least half of it again."""
    seconds = sum(end - begin for begin, end in pieces)
    return 2 * seconds >= 3 * (local.end_s - local.begin_s)


def _longest(alternatives: tuple[Alternative, ...]) -> int:
    return max((clock.end_s // DAY_S for each in alternatives for clock in each.clocks), default=0)


def _latest(items: Iterator[_Local]) -> list[_Local]:
    """As many as there may be and one more, the latest; days of centuries are never held."""
    kept: list[tuple[int, int, _Local]] = []
    for number, each in enumerate(items):
        heappush(kept, (each.begin_s, number, each))
        if len(kept) > MAX_STRETCHES + 1:
            heappop(kept)
    return [each for _, _, each in kept]


def _of(alternative: Alternative) -> Iterator[_Local]:
    for span in alternative.days:
        if not alternative.clocks and alternative.weekdays == EVERY_DAY:
            yield _Local(
                begin_s=day_s(span.first),
                end_s=day_s(span.last) + DAY_S,
                before_s=span.before_days * DAY_S,
                after_s=span.after_days * DAY_S,
                weight=span.weight,
            )
        elif not alternative.clocks:
            yield from _whole_days(span, alternative.weekdays)
        else:
            for at, weight in _each_day(span, alternative.weekdays):
                for clock in alternative.clocks:
                    begin = day_s(at)
                    yield _Local(
                        begin_s=begin + clock.begin_s,
                        end_s=begin + clock.end_s,
                        before_s=clock.before_s,
                        after_s=clock.after_s,
                        weight=weight * clock.weight,
                    )


def _each_day(span: DaySpan, weekdays: frozenset[int]) -> Iterator[tuple[date, float]]:
    """The days, those around them with what is left of the weight there; the latest ones."""
    last = span.last + timedelta(days=span.after_days)
    first = max(
        span.first - timedelta(days=span.before_days), last - timedelta(days=7 * MAX_STRETCHES)
    )
    for number in range((last - first).days + 1):
        at = first + timedelta(days=number)
        if at.weekday() not in weekdays:
            continue
        share = 1.0
        if at < span.first:
            share = 1 - (span.first - at).days / (span.before_days + 1)
        elif at > span.last:
            share = 1 - (at - span.last).days / (span.after_days + 1)
        yield at, round(span.weight * share, 6)


def _whole_days(span: DaySpan, weekdays: frozenset[int]) -> Iterator[_Local]:
    """Runs of such days that are equally likely."""
    run: list[date] = []
    weight = 0.0
    for at, likely in _each_day(span, weekdays):
        if run and (at - run[-1] > timedelta(days=1) or likely != weight):
            yield _run(run, weight)
            run = []
        run.append(at)
        weight = likely
    if run:
        yield _run(run, weight)


def _run(days: list[date], weight: float) -> _Local:
    return _Local(
        begin_s=day_s(days[0]), end_s=day_s(days[-1]) + DAY_S, before_s=0, after_s=0, weight=weight
    )


def disjoint(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same with their cores apart: where two lie over each other the heavier stands.

    What is cut off has no edge at the cut.
    """
    waiting = sorted(stretches, key=lambda each: (each.begin_us, -each.weight, each.end_us))
    if all(one.end_us <= other.begin_us for one, other in pairwise(waiting)):
        return tuple(waiting)
    bounds = sorted({at for each in waiting for at in (each.begin_us, each.end_us)})
    active: list[tuple[float, int, Stretch]] = []
    pieces: list[tuple[int, int, Stretch]] = []
    number = 0
    for begin, end in pairwise(bounds):
        while number < len(waiting) and waiting[number].begin_us <= begin:
            heappush(active, (-waiting[number].weight, number, waiting[number]))
            number += 1
        while active and active[0][2].end_us <= begin:
            heappop(active)
        if not active:
            continue
        top = active[0][2]
        if pieces and pieces[-1][2] is top and pieces[-1][1] == begin:
            pieces[-1] = (pieces[-1][0], end, top)
        else:
            pieces.append((begin, end, top))
    return tuple(_cut(*each) for each in pieces)


def _cut(begin: int, end: int, whole: Stretch) -> Stretch:
    return Stretch(
        begin_us=begin,
        end_us=end,
        before_us=whole.before_us if begin == whole.begin_us else 0,
        after_us=whole.after_us if end == whole.end_us else 0,
        weight=whole.weight,
    )
