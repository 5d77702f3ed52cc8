"""Figures of a set: how often the call that was meant is the first, among five, among ten.

Places are of requests for a recorded call. The fate is of all: recorded, not recorded, destroyed,
never made; to be right of some only would be to say that nothing is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from eval.oracle.filters import Filters, Found
from eval.oracle.oracle import Oracle, Posterior
from eval.requests.drawn import NEVER, Memory, Request
from eval.world.world import Fate, World

HEADS: Final = (
    "set", "requests", "P@1", "R@5", "R@10", "MRR (95 %)", "fate",
    "exact: P@1", "R@10", "MRR", "fate",
)  # fmt: skip
FATES: Final = (NEVER, *map(int, Fate))


@dataclass(slots=True)
class Ranks:
    """Of each request the place at which its call was found, 0 where it was not; right causes."""

    ranks: list[int] = field(default_factory=list)
    causes: list[bool] = field(default_factory=list)
    # What the first was said to be worth, and whether it was right.
    stated: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)

    def share(self, within: int) -> float:
        """Found among so many."""
        return float(np.mean([0 < rank <= within for rank in self.ranks]))

    @property
    def mrr(self) -> float:
        """Mean of 1 / rank."""
        return float(np.mean(inverse(self.ranks)))

    @property
    def cause(self) -> float:
        """The share of right answers to what became of the call."""
        return float(np.mean(self.causes))

    def interval(self, seed: int = 1) -> tuple[float, float]:
        """Of the MRR, 95 %, by bootstrap."""
        found = np.array(inverse(self.ranks))
        dice = np.random.default_rng(seed)
        means = found[dice.integers(len(found), size=(1_000, len(found)))].mean(axis=1)
        low, high = np.quantile(means, (0.025, 0.975))
        return float(low), float(high)


def inverse(ranks: Sequence[int]) -> list[float]:
    """1 / rank of each, 0 of what is not found."""
    return [1 / rank if rank else 0.0 for rank in ranks]


def beside(own: Sequence[float], best: Sequence[float]) -> str:
    """A share of what can be known, with its interval, 95 %, by bootstrap over requests."""
    both = np.array([own, best], dtype=np.float64)
    if not both[1].any():
        return "–"
    drawn = np.random.default_rng(1).integers(len(own), size=(1_000, len(own)))
    means = both[:, drawn].mean(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):  # a draw without any that can be found
        low, high = np.nanquantile(means[0] / means[1], (0.025, 0.975))
    return f"{both[0].mean() / both[1].mean():.3f} ({low:.3f}–{high:.3f})"


def judge(memory: Memory, requests: list[Request]) -> tuple[Ranks, Ranks]:
    """The oracle's and the exact filters'."""
    oracle, filters = Oracle(memory), Filters(memory)
    best, exact = Ranks(), Ranks()
    for request in requests:
        posterior = oracle.posterior(request)
        found = filters.find(request)
        fate = NEVER if request.meant == NEVER else int(memory.world.fate[request.meant])
        _note_first(best, posterior, request)
        if fate == Fate.RECORDED:
            best.ranks.append(rank_of(posterior, request.meant))
            exact.ranks.append(place_of_call(found, request.meant))
        best.causes.append(cause_of(posterior, memory.world) == fate)
        exact.causes.append(found.cause == fate)
    return best, exact


def row_of(name: str, best: Ranks, exact: Ranks) -> list[str]:
    """A line of the table."""
    low, high = best.interval()
    return [
        name,
        f"{len(best.causes)}",
        *(f"{best.share(within):.3f}" for within in (1, 5, 10)),
        f"{best.mrr:.3f} ({low:.3f}–{high:.3f})",
        f"{best.cause:.3f}",
        *(f"{exact.share(within):.3f}" for within in (1, 10)),
        f"{exact.mrr:.3f}",
        f"{exact.cause:.3f}",
    ]


def rank_of(posterior: Posterior, meant: int) -> int:
    """Its place; of equals the newest is first."""
    own = posterior.calls[meant]
    return int((posterior.calls > own).sum() + (posterior.calls[meant + 1 :] == own).sum()) + 1


def cause_of(posterior: Posterior, world: World) -> int:
    """The likeliest fate of the call, whichever it is."""
    masses = np.bincount(world.fate, weights=posterior.calls, minlength=len(Fate))
    return FATES[int(np.argmax([posterior.never, *masses]))]


def _note_first(ranks: Ranks, posterior: Posterior, request: Request) -> None:
    first = int(np.argmax(posterior.calls))
    stated = float(posterior.calls[first])
    is_never = posterior.never > stated
    ranks.stated.append(max(stated, posterior.never))
    ranks.right.append(request.meant == (NEVER if is_never else first))


def place_of_call(found: Found, meant: int) -> int:
    """Its place, 0 where an exact search does not find it."""
    at = np.flatnonzero(found.calls == meant)
    return int(at[0]) + 1 if len(at) else 0
