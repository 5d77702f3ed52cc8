"""Weights of each value of each column in a request: tables of log rates for one file.

Pure arrays. Knows nothing of how rates come of clues, nor of who asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Rates = NDArray[np.float32]
OUTSIDE: Final = np.float32(-np.inf)
# In the order in which a row's rates are added: sums of float32 are equal only in one order.
SCORED: Final = ("number", "agent", "line", "duration", "flags")


def bounded(rates: NDArray[Any], floor: float) -> Rates:
    """The rates of one clue, none below the floor: a false memory excludes nothing."""
    assert np.isfinite(floor)
    limited: Rates = np.maximum(rates, floor).astype(np.float32)
    return limited


@dataclass(frozen=True, slots=True)
class Steps:
    """A step function over UTC: `rates[i]` from `edges_us[i - 1]` on and before `edges_us[i]`."""

    edges_us: NDArray[np.int64]
    rates: Rates

    def __post_init__(self) -> None:
        assert len(self.rates) == len(self.edges_us) + 1
        assert (np.diff(self.edges_us) > 0).all()


# Any time is as good as any other.
ALWAYS: Final = Steps(np.empty(0, np.int64), np.zeros(1, np.float32))


@dataclass(frozen=True, slots=True)
class Boosts:
    """Recordings that indexes of texts and ids found, with their beginning, each with a rate."""

    start_us: NDArray[np.int64]
    recordings: NDArray[np.int64]
    rates: Rates


NO_BOOSTS: Final = Boosts(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class Weights:
    """The tables for one file: by its own codes, or `OUTSIDE` where a certain clue excludes.

    `groups` has what reach excludes as `OUTSIDE`; entry 0 is that of erased rows, always so.
    `tables` has those of `SCORED` that say anything. `allowed` says of each row number of a
    recording whether it is within reach, where groups cannot tell.
    """

    groups: Rates
    steps: Steps = ALWAYS
    tables: Mapping[str, Rates] = field(default_factory=dict)
    boosts: Boosts = NO_BOOSTS
    allowed: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        assert self.groups[0] == OUTSIDE
        assert self.tables.keys() <= set(SCORED)


def within(groups: Rates, reached: NDArray[np.bool_]) -> Rates:
    """The rates of groups with those outside the reach excluded, and erased rows with them."""
    rates = np.where(reached, groups, OUTSIDE).astype(np.float32)
    rates[:1] = OUTSIDE
    return rates
