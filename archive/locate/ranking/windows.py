"""Windows of time: a rate inside them, to the millisecond, and another outside.

Pure arrays. Knows nothing of which clue they are of.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive.locate.columns.weights import Steps
from archive.locate.ranking.ratios import OUTSIDE, Floats
from archive.locate.ranking.reached import ReachedMonth
from archive.locate.stretches import Stretch


@dataclass(frozen=True, slots=True)
class Windows:
    """Stretches, their falling edges within; of a certain clue nothing fits outside."""

    stretches: Sequence[Stretch]
    inside: float
    outside: float = OUTSIDE

    def added_to(self, steps: Steps) -> Steps:
        """The same function with the rate of each moment added."""
        begins = np.array([each.begin_us - each.before_us for each in self.stretches], np.int64)
        # The last moment is within: rows are of whole milliseconds.
        ends = np.array([each.end_us + each.after_us + 1 for each in self.stretches], np.int64)
        edges = np.unique(np.concatenate([steps.edges_us, begins, ends]))
        open_ = np.zeros(len(edges) + 1, np.int64)
        np.add.at(open_, np.searchsorted(edges, begins) + 1, 1)
        np.add.at(open_, np.searchsorted(edges, ends) + 1, -1)
        own = steps.rates[np.searchsorted(steps.edges_us, np.append(edges[:1] - 1, edges), "right")]
        rates = own + np.where(np.cumsum(open_) > 0, self.inside, self.outside)
        return Steps(edges, rates.astype(np.float32))

    def may_have(self, month: ReachedMonth) -> bool:
        """Whether a row of a month may fit."""
        return self.outside != OUTSIDE or any(
            month.touches(each.begin_us - each.before_us, each.end_us + each.after_us)
            for each in self.stretches
        )

    def rates_at(self, at_us: NDArray[np.int64], length_us: int = 0) -> Floats:
        """Of each moment, from which it may be any one for so long."""
        open_ = np.zeros(len(at_us), np.bool_)
        for each in self.stretches:
            begins, ends = each.begin_us - each.before_us, each.end_us + each.after_us
            open_ |= (at_us <= ends) & (at_us + length_us >= begins)
        return np.where(open_, self.inside, self.outside)
