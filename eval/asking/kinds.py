"""Where a product finds less than can be found: by kind of clue, language and way of asking.

A request counts for each kind that it is of. Knows nothing of how calls are found.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from eval.asking.bodies import Way
from eval.asking.judged import Outcome
from eval.world.world import Fate

HEADS: Final = ("language", "as", "requests", "MRR", "oracle", "of it", "lost")
_LEAST: Final = 20


@dataclass(slots=True)
class _Sum:
    requests: int = 0
    found: float = 0.0
    best: float = 0.0

    def add(self, one: Outcome) -> None:
        self.requests += 1
        self.found += 1 / one.own.place if one.own.place else 0.0
        self.best += 1 / one.best.place


def clue_kinds(one: Outcome) -> Iterable[str]:
    """Each kind of clue of a request once."""
    return {each.kind for _, each in one.request.clues}


def rows(
    told: Iterable[tuple[Way, Outcome]], most: int, kinds_of: Callable[[Outcome], Iterable[str]]
) -> list[list[str]]:
    """Of kinds with requests enough those that lose most; what is lost is a sum of 1 / place."""
    sums: defaultdict[tuple[str, str, Way], _Sum] = defaultdict(_Sum)
    for way, one in told:
        if one.fate == Fate.RECORDED:
            for kind in kinds_of(one):
                sums[kind, one.request.language, way].add(one)
    return [_row(key, own) for key, own in _worst(sums)[:most]]


def _worst(
    sums: Mapping[tuple[str, str, Way], _Sum],
) -> list[tuple[tuple[str, str, Way], _Sum]]:
    enough = [each for each in sums.items() if each[1].requests >= _LEAST]
    return sorted(enough, key=lambda each: each[1].found - each[1].best)


def _row(key: tuple[str, str, Way], own: _Sum) -> list[str]:
    found, best = own.found / own.requests, own.best / own.requests
    of_it = f"{found / best:.3f}" if best else "–"
    lost = f"{own.best - own.found:.1f}"
    return [*key, f"{own.requests}", f"{found:.3f}", f"{best:.3f}", of_it, lost]
