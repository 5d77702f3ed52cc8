"""What a product finds, beside what can be known: a line of the table for each set and way.

Another person's call that is said to be confirmed is counted over all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from eval.asking.bodies import Way, body_of
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
_NAMES: Final = {
    NEVER: "never",
    int(Fate.RECORDED): "recorded",
    int(Fate.NOT_RECORDED): "not_recorded",
    int(Fate.DESTROYED): "destroyed",
}
_TIMES: Final = 1_000


@dataclass(slots=True)
class Judged:
    """The product's and the oracle's figures of one set, asked one way."""

    found: Ranks = field(default_factory=Ranks)
    best: Ranks = field(default_factory=Ranks)
    fates: list[int] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)
    confirmed: int = 0
    confirmed_wrongly: int = 0

    def row(self, name: str, way: Way) -> list[str]:
        """A line of the table."""
        found, best = self.found, self.best
        low, high = self._interval()
        p50, p99 = np.quantile(self.took_ms, (0.5, 0.99))
        return [
            name,
            way,
            f"{len(self.fates)}",
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
        fates, causes = np.array(self.fates), np.array(ranks.causes)
        shares = [causes[fates == each].mean() for each in FATES if (fates == each).any()]
        return float(np.mean(shares))


def judge(
    memory: Memory, requests: Sequence[Request], product: Product, way: Way, templates: Wording
) -> Judged:
    """Ask for each, and compare."""
    judged, oracle = Judged(), Oracle(memory)
    for at, request in enumerate(requests):
        answer = product.ask(body_of(request, way, templates, seed=at))
        posterior = oracle.posterior(request)
        fate = NEVER if request.meant == NEVER else int(memory.world.fate[request.meant])
        judged.fates.append(fate)
        judged.took_ms.append(answer.took_ms)
        judged.found.causes.append(answer.cause == _NAMES[fate])
        judged.best.causes.append(cause_of(posterior, memory.world) == fate)
        own = recordings_of(memory.world, request.meant)
        for each in answer.candidates:
            judged.confirmed += each.confirmed
            judged.confirmed_wrongly += each.confirmed and each.recordings.isdisjoint(own)
        if fate == Fate.RECORDED:
            judged.found.ranks.append(place_of(answer, own))
            judged.best.ranks.append(rank_of(posterior, request.meant))
    return judged


def recordings_of(world: World, meant: int) -> frozenset[str]:
    """The ids of the recordings of a call, none of one that never was."""
    if meant == NEVER:
        return frozenset()
    begin_us, length_us = world.begins_us(meant), int(world.length_s[meant]) * 1_000_000
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
