"""Alternatives of days and clocks as stretches of UTC: sorted, their cores apart.

Pure. Knows nothing of words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from heapq import heappop, heappush, merge
from itertools import islice, pairwise, tee
from typing import Final

from archive.locate.stretches import Stretch
from archive.locate.when.local_time import LocalTime, day_s
from archive.locate.when.values import DAY_S, EVERY_DAY, Alternative, ClockSpan, DaySpan, weighed

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
    for each in _latest(alternatives):
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
    """The clocks, set back, show at least half of it again."""
    seconds = sum(end - begin for begin, end in pieces)
    return 2 * seconds >= 3 * (local.end_s - local.begin_s)


def _longest(alternatives: tuple[Alternative, ...]) -> int:
    return max((clock.end_s // DAY_S for each in alternatives for clock in each.clocks), default=0)


def _latest(alternatives: Iterable[Alternative]) -> list[_Local]:
    """As many as there may be and one more, the latest; what lies before them is never made."""
    return list(islice(_merged(map(_of, alternatives)), MAX_STRETCHES + 1))


def _merged(streams: Iterable[Iterator[_Local]]) -> Iterator[_Local]:
    """Streams of which each has the latest first, as one that has."""
    return merge(*streams, key=lambda each: each.begin_s, reverse=True)


def _of(alternative: Alternative) -> Iterator[_Local]:
    """The stretches of an alternative, the latest first."""
    if not alternative.clocks and alternative.weekdays == EVERY_DAY:
        return iter(sorted(map(_whole, alternative.days), key=lambda each: -each.begin_s))
    if not alternative.clocks:
        return _merged(_whole_days(span, alternative.weekdays) for span in alternative.days)
    days = merge(
        *(_each_day(span, alternative.weekdays) for span in alternative.days),
        key=lambda each: each[0],
        reverse=True,
    )
    copies = tee(days, len(alternative.clocks))
    return _merged(map(_at_clock, copies, alternative.clocks))


def _whole(span: DaySpan) -> _Local:
    return _Local(
        begin_s=day_s(span.first),
        end_s=day_s(span.last) + DAY_S,
        before_s=span.before_days * DAY_S,
        after_s=span.after_days * DAY_S,
        weight=span.weight,
    )


def _at_clock(days: Iterable[tuple[date, float]], clock: ClockSpan) -> Iterator[_Local]:
    for at, weight in days:
        begin = day_s(at)
        yield _Local(
            begin_s=begin + clock.begin_s,
            end_s=begin + clock.end_s,
            before_s=clock.before_s,
            after_s=clock.after_s,
            weight=weight * clock.weight,
        )


def _each_day(span: DaySpan, weekdays: frozenset[int]) -> Iterator[tuple[date, float]]:
    """The days, the latest first; those around them with what is left of the weight there."""
    first = span.first - timedelta(days=span.before_days)
    last = span.last + timedelta(days=span.after_days)
    for back in range((last - first).days + 1 if weekdays else 0):
        at = last - timedelta(days=back)
        if at.weekday() not in weekdays:
            continue
        share = 1.0
        if at < span.first:
            share = 1 - (span.first - at).days / (span.before_days + 1)
        elif at > span.last:
            share = 1 - (at - span.last).days / (span.after_days + 1)
        yield at, weighed(span.weight, share)


def _whole_days(span: DaySpan, weekdays: frozenset[int]) -> Iterator[_Local]:
    """Runs of such days that are equally likely, the latest first."""
    run: list[date] = []
    weight = 0.0
    for at, likely in _each_day(span, weekdays):
        if run and (run[-1] - at > timedelta(days=1) or likely != weight):
            yield _run(run, weight)
            run = []
        run.append(at)
        weight = likely
    if run:
        yield _run(run, weight)


def _run(days: list[date], weight: float) -> _Local:
    return _Local(
        begin_s=day_s(days[-1]), end_s=day_s(days[0]) + DAY_S, before_s=0, after_s=0, weight=weight
    )


def disjoint(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same with their cores apart: where two lie over each other the heavier stands, or wider.

    What is cut off has no edge at the cut.
    """
    waiting = sorted(stretches, key=_heavier_first)
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


def _heavier_first(stretch: Stretch) -> tuple[float, ...]:
    wider = (-stretch.before_us, -stretch.after_us)
    return (stretch.begin_us, -stretch.weight, stretch.end_us, *wider)


def _cut(begin: int, end: int, whole: Stretch) -> Stretch:
    return Stretch(
        begin_us=begin,
        end_us=end,
        before_us=whole.before_us if begin == whole.begin_us else 0,
        after_us=whole.after_us if end == whole.end_us else 0,
        weight=whole.weight,
    )
