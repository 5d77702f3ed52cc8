"""Relaxations where nothing fits: the clue to drop, and two that exclude each other.

Pure. How many calls fit is counted by who has them, within the reach of who asks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from archive.locate.clues import Clue

# How many conversations fit all of these certain clues, named by their places; and if more do.
Count = Callable[[frozenset[int]], tuple[int, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """Without the clue at this place so many conversations fit; `is_cut`: or more."""

    place: int
    count: int
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxations:
    """The clues that may be dropped, the fewest left first; else clues by their places.

    `alone` fit nothing by themselves; of each of the pairs both fit something, together nothing.
    """

    drops: tuple[Relaxation, ...] = ()
    alone: tuple[int, ...] = ()
    excluding: tuple[tuple[int, int], ...] = ()


def relaxations(clues: Sequence[Clue], count: Count) -> Relaxations:
    """Nothing where something fits all that is certain; asks for at most 91 counts."""
    certain = [place for place, clue in enumerate(clues) if clue.certain]
    every = frozenset(certain)
    if not certain or count(every)[0]:
        return Relaxations()
    drops = [_without(each, count(every - {each})) for each in certain]
    alone = [each for each in certain if not count(frozenset((each,)))[0]]
    pairs = combinations([each for each in certain if each not in alone], 2)
    return Relaxations(
        drops=tuple(sorted((each for each in drops if each.count), key=lambda each: each.count)),
        alone=tuple(alone),
        excluding=tuple(pair for pair in pairs if not count(frozenset(pair))[0]),
    )


def _without(place: int, counted: tuple[int, bool]) -> Relaxation:
    count, is_cut = counted
    return Relaxation(place=place, count=count, is_cut=is_cut)
