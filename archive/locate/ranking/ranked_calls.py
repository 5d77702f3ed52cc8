"""The calls that are most likely meant, how likely each, and how likely none that is kept.

Pure arrays. Knows nothing of what is told about them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self, overload

import numpy as np
from numpy.typing import NDArray

from archive.locate.columns.best import Best, Ranked
from archive.locate.columns.scorer import BLOCK_ROWS, scores
from archive.locate.columns.weights import Rates
from archive.locate.ranking.asked import Asked
from archive.locate.ranking.clue_weights import Weighed, weigh
from archive.locate.ranking.memory_rates import GUESSED, MemoryRates
from archive.locate.ranking.ratios import OUTSIDE, Floats
from archive.locate.ranking.reached import ReachedMonth
from archive.locate.ranking.when_evidence import rate_at, rate_of_hour

# Sums of floats differ in their last digits with what lies beside them in a file.
_DECIMALS: Final = 6
_HOUR_US: Final = 3_600_000_000


class Candidate(NamedTuple):
    """A conversation by its best row; `score` is the sum of what the clues say of it.

    `weight` is what it is in order of: with how soon it is asked for.
    """

    conversation: int
    recording: int
    start_us: int
    score: float
    weight: float
    chance: float


@dataclass(frozen=True, slots=True, eq=False)
class RankedCalls(Sequence[Candidate]):
    """The best first, by their values: of thousands that are counted some twenty are shown."""

    conversation: NDArray[np.int64]
    recording: NDArray[np.int64]
    start_us: NDArray[np.int64]
    score: Floats
    weight: Floats
    chance: Floats

    @classmethod
    def none(cls) -> Self:
        rows, rates = np.empty(0, np.int64), np.empty(0)
        return cls(rows, rows, rows, rates, rates, rates)

    def __len__(self) -> int:
        return len(self.conversation)

    @overload
    def __getitem__(self, at: int) -> Candidate: ...
    @overload
    def __getitem__(self, at: slice) -> "RankedCalls": ...
    def __getitem__(self, at: int | slice) -> "Candidate | RankedCalls":
        some = [getattr(self, name)[at] for name in Candidate._fields]
        if isinstance(at, slice):
            return RankedCalls(*some)
        return Candidate._make(each.item() for each in some)

    def __iter__(self) -> Iterator[Candidate]:
        columns = (getattr(self, name).tolist() for name in Candidate._fields)
        return map(Candidate._make, zip(*columns, strict=True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RankedCalls) and tuple(self) == tuple(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """What became of the call that is meant; together 1."""

    recorded: float
    not_recorded: float
    destroyed: float
    never: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The best first; beside them the chance of each call not recorded and of each destroyed."""

    candidates: RankedCalls
    chances: Chances
    unrecorded: Floats
    destroyed: Floats
    weighed: Weighed


@dataclass(slots=True)
class _Mass:
    """exp of all scores, added up beside the highest so far."""

    top: float = -np.inf
    sum: float = 0.0

    def add(self, sums: Rates, room: Rates) -> None:
        top = float(sums.max(initial=OUTSIDE))
        if top == OUTSIDE:
            return
        if top > self.top:
            self.sum *= float(np.exp(self.top - top))
            self.top = top
        own = room[: len(sums)]
        np.subtract(sums, np.float32(self.top), out=own)
        self.sum += float(np.exp(own, out=own).sum(dtype=np.float64))

    def log(self) -> float:
        return self.top + float(np.log(self.sum)) if self.sum else -np.inf


def rank(
    months: Sequence[ReachedMonth], asked: Asked, limit: int, rates: MemoryRates = GUESSED
) -> Ranking:
    """The best `limit` conversations of these files."""
    weighed = weigh(months, asked, rates)
    best, mass = Best(limit), _Mass()
    room = np.empty(BLOCK_ROWS, np.float32)
    for month in weighed.scored():
        for scored in scores(month.rows.columns, month.month, month.weights):
            best.offer(scored, month)
            mass.add(scored.sums, room)
    unrecorded, destroyed = _others(weighed, asked)
    return _stated(weighed, asked, (best.ranked(), mass.log(), unrecorded, destroyed), rates)


def _others(weighed: Weighed, asked: Asked) -> tuple[Floats, Floats]:
    """The log rates of calls of which no more is kept than when, and of some the number."""
    times, own = weighed.times, asked.unrecorded
    if times is None:
        return np.empty(0), np.empty(0)
    not_kept = sum(each.not_kept for each in weighed.evidence)
    unrecorded = rate_at(times, weighed.cells, own.start_us) + not_kept
    destroyed = rate_of_hour(times, weighed.cells, asked.destroyed_us) + not_kept
    for each in weighed.evidence:
        if each.windows is not None:
            unrecorded += each.windows.rates_at(own.start_us)
            destroyed += each.windows.rates_at(asked.destroyed_us, _HOUR_US)
        if each.digits is not None and len(own.numbers.codes):
            unrecorded += each.digits.of(own.numbers.distinct)[own.numbers.codes]
            unrecorded += each.digits.flags[own.flags]
    return unrecorded, destroyed


def _stated(
    weighed: Weighed,
    asked: Asked,
    found: tuple[Ranked, float, Floats, Floats],
    rates: MemoryRates,
) -> Ranking:
    rows, mass, unrecorded, destroyed = found
    times = weighed.times
    if times is None:
        none = Chances(recorded=0.0, not_recorded=0.0, destroyed=0.0, never=1.0)
        return Ranking(
            candidates=RankedCalls.none(),
            chances=none,
            unrecorded=np.empty(0),
            destroyed=np.empty(0),
            weighed=weighed,
        )
    others = np.concatenate([asked.unrecorded.start_us, asked.destroyed_us])
    all_calls = float(times.weights.sum() + rate_at(times, times.asked_for, others).sum())
    norm = np.log1p(-rates.asked.never) - np.log(all_calls)
    parts = np.exp(np.append(np.concatenate([unrecorded, destroyed]), mass) + norm)
    never = rates.asked.never * float(np.exp(sum(each.not_kept for each in weighed.evidence)))
    total = float(parts.sum()) + never
    shares = np.round(parts / total, _DECIMALS)
    first, second = len(unrecorded), len(unrecorded) + len(destroyed)
    return Ranking(
        candidates=_candidates(weighed, rows, norm - np.log(total)),
        chances=Chances(
            recorded=float(shares[-1]),
            not_recorded=round(float(parts[:first].sum()) / total, _DECIMALS),
            destroyed=round(float(parts[first:second].sum()) / total, _DECIMALS),
            never=round(never / total, _DECIMALS),
        ),
        unrecorded=shares[:first],
        destroyed=shares[first:second],
        weighed=weighed,
    )


def _candidates(weighed: Weighed, rows: Ranked, norm: float) -> RankedCalls:
    assert weighed.times is not None
    wanted = np.log(rate_at(weighed.times, weighed.times.asked_for, rows["start_us"]))
    weights = rows["score"].astype(np.float64)
    chances: Floats = np.exp(weights + norm)
    return RankedCalls(
        conversation=rows["conversation"],
        recording=rows["recording"],
        start_us=rows["start_us"],
        score=np.round(weights - wanted, _DECIMALS),
        weight=weights,
        chance=np.round(chances, _DECIMALS),
    )
