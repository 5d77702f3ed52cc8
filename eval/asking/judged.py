"""What a product finds, beside what can be known: a line of the table for each set and way.

A call that is said to be confirmed and is another one, or another person's, is counted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from eval.asking.bodies import WAYS, Way, body_of
from eval.asking.product import Answer, Product
from eval.loading.adoptions import recording_of
from eval.oracle.oracle import Oracle
from eval.oracle.table import FATES, Ranks, cause_of, rank_of
from eval.phrases.wording import Wording
from eval.requests.drawn import NEVER, Memory, Request
from eval.world.world import Fate, World

HEADS: Final = (
    "set", "as", "requests", "P@1", "R@5", "R@10", "MRR", "oracle: R@10", "MRR",
    "of it: R@10", "MRR (95 %)", "fate", "oracle", "each fate", "oracle", "p50 / p99 ms",
)  # fmt: skip
NAMES: Final = {
    NEVER: "never",
    int(Fate.RECORDED): "recorded",
    int(Fate.NOT_RECORDED): "not_recorded",
    int(Fate.DESTROYED): "destroyed",
}
_TIMES: Final = 1_000
_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of a request asked one way: places of the call, 0 where it is not found; causes said."""

    request: Request
    answer: Answer
    fate: int
    place: int
    best_place: int
    best_cause: int
    confirmed: int
    other_calls: int
    other_persons: int


@dataclass(slots=True)
class Judged:
    """The product's and the oracle's figures of one set, asked one way."""

    outcomes: list[Outcome] = field(default_factory=list)
    found: Ranks = field(default_factory=Ranks)
    best: Ranks = field(default_factory=Ranks)

    def note(self, one: Outcome) -> None:
        """One more; places are of requests for a recorded call."""
        self.outcomes.append(one)
        self.found.causes.append(one.answer.cause == NAMES[one.fate])
        self.best.causes.append(one.best_cause == one.fate)
        if one.fate == Fate.RECORDED:
            self.found.ranks.append(one.place)
            self.best.ranks.append(one.best_place)

    def row(self, name: str, way: Way) -> list[str]:
        """A line of the table."""
        found, best = self.found, self.best
        low, high = self._interval()
        p50, p99 = np.quantile([each.answer.took_ms for each in self.outcomes], (0.5, 0.99))
        return [
            name,
            way,
            f"{len(self.outcomes)}",
            *(f"{found.share(within):.3f}" for within in (1, 5, 10)),
            f"{found.mrr:.3f}",
            f"{best.share(10):.3f}",
            f"{best.mrr:.3f}",
            _of(found.share(10), best.share(10)),
            f"{_of(found.mrr, best.mrr)} ({low:.3f}–{high:.3f})",
            f"{found.cause:.3f}",
            f"{best.cause:.3f}",
            f"{self._each_fate(found):.3f}",
            f"{self._each_fate(best):.3f}",
            f"{p50:.0f} / {p99:.0f}",
        ]

    def _interval(self) -> tuple[float, float]:
        """Of the share of the oracle's MRR, 95 %, by bootstrap over requests."""
        pairs = np.array(
            [[1 / rank if rank else 0.0 for rank in each.ranks] for each in (self.found, self.best)]
        )
        count = pairs.shape[1]
        drawn = np.random.default_rng(1).integers(count, size=(_TIMES, count))
        found, best = pairs[:, drawn].mean(axis=2)
        low, high = np.quantile(found / best, (0.025, 0.975))
        return float(low), float(high)

    def _each_fate(self, ranks: Ranks) -> float:
        """The mean over fates of how often each is said right: always the same answer has 1/4."""
        fates = np.array([each.fate for each in self.outcomes])
        causes = np.array(ranks.causes)
        shares = [causes[fates == each].mean() for each in FATES if (fates == each).any()]
        return float(np.mean(shares))


class Judge:
    """Asks for requests of one memory, and compares with what it knows."""

    def __init__(self, memory: Memory, product: Product, templates: Wording) -> None:
        self._world, self._oracle = memory.world, Oracle(memory)
        self._product, self._templates = product, templates

    def judge(
        self, requests: Sequence[Request], told: Callable[[Way, Outcome], None]
    ) -> Mapping[Way, Judged]:
        """Each both ways; the oracle needs no words."""
        judged = {way: Judged() for way in WAYS}
        for at, request in enumerate(requests):
            meant = request.meant
            posterior = self._oracle.posterior(request)
            fate = NEVER if meant == NEVER else int(self._world.fate[meant])
            best_place = rank_of(posterior, meant) if fate == Fate.RECORDED else 0
            best_cause = cause_of(posterior, self._world)
            own = recordings_of(self._world, meant)
            for way in WAYS:
                answer = self._product.ask(body_of(request, way, self._templates, seed=at))
                sure = [each.recordings for each in answer.candidates if each.confirmed]
                one = Outcome(
                    request=request,
                    answer=answer,
                    fate=fate,
                    place=place_of(answer, own),
                    best_place=best_place,
                    best_cause=best_cause,
                    confirmed=len(sure),
                    other_calls=sum(own.isdisjoint(each) for each in sure),
                    other_persons=sum(self._is_others(each, meant) for each in sure),
                )
                judged[way].note(one)
                told(way, one)
        return judged

    def _is_others(self, recordings: frozenset[str], meant: int) -> bool:
        """Whether it is the call of somebody else than who called, or nobody did."""
        if meant == NEVER:
            return True
        customers = {int(self._world.customer[self._call_of[each]]) for each in recordings}
        return customers != {int(self._world.customer[meant])}

    @cached_property
    def _call_of(self) -> Mapping[str, int]:
        recorded = np.flatnonzero(self._world.fate == Fate.RECORDED).tolist()
        return {own: call for call in recorded for own in recordings_of(self._world, call)}


def recordings_of(world: World, meant: int) -> frozenset[str]:
    """The ids of the recordings of a call, none of one that never was."""
    if meant == NEVER:
        return frozenset()
    begin_us, length_us = world.begins_us(meant), int(world.length_s[meant]) * _US
    legs = 1 + int(world.persona2[meant] >= 0)
    begins = (begin_us + leg * length_us // legs for leg in range(legs))
    return frozenset(str(recording_of(meant, leg, at_us)) for leg, at_us in enumerate(begins))


def place_of(answer: Answer, own: frozenset[str]) -> int:
    """At which place the call is, 0: not on the page."""
    places = (
        at for at, each in enumerate(answer.candidates, 1) if not own.isdisjoint(each.recordings)
    )
    return next(places, 0)


def _of(found: float, best: float) -> str:
    return f"{found / best:.3f}" if best else "–"
