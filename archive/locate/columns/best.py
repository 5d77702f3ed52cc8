"""The best conversations of all rows that were scored, in an order that is the same every time.

Pure arrays. Knows nothing of verdicts or pages.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from archive.locate.columns.rows import MS_US, MonthRows
from archive.locate.columns.scorer import Scored, scores
from archive.locate.columns.source import month_begin_us
from archive.locate.columns.weights import OUTSIDE, Rates, Weights

RANKED: Final = np.dtype(
    [("score", "<f4"), ("start_us", "<i8"), ("recording", "<i8"), ("conversation", "<i8")]
)
# So many wait before they are sorted: the sorting of as many costs less than a block.
_WAITING: Final = 1 << 12

# Of so many of the best rows one more is looked at: some conversations have several.
_ROWS_BESIDE: Final = 4
_REST_OF_BITS: Final = 0x7FFFFFFF

Ranked = np.ndarray[Any, Any]  # of RANKED


@dataclass(frozen=True, slots=True)
class ScoredMonth:
    """A file's rows and what a request says of them."""

    month: int
    rows: MonthRows
    weights: Weights


@dataclass(slots=True)
class Best:
    """Keeps the best row of each of the best `limit` conversations.

    Higher score first; of equal ones what began later, then the recording of the higher number.
    """

    limit: int
    _rows: Ranked = field(default_factory=lambda: np.empty(0, RANKED))
    _waiting: list[Ranked] = field(default_factory=list)
    _last: Ranked | None = None  # one row: what others must be before

    def __post_init__(self) -> None:
        assert self.limit > 0

    def offer(self, scored: Scored, month: ScoredMonth) -> None:
        """Keep what may be among the best."""
        hits = self._foremost(self._hits(scored, month), scored, month)
        if not len(hits):
            return
        rows = np.empty(len(hits), RANKED)
        columns, positions = month.rows.columns, hits + scored.begin
        rows["score"] = scored.sums[hits]
        rows["start_us"] = _began_us(columns["start"][positions], month.month)
        for name in ("recording", "conversation"):
            rows[name] = columns[name][positions]
        self._waiting.append(rows)
        if sum(map(len, self._waiting)) > max(_WAITING, self.limit):
            self._sort()

    def ranked(self) -> Ranked:
        """The best so far, in order."""
        self._sort()
        return self._rows

    def _hits(self, scored: Scored, month: ScoredMonth) -> NDArray[np.int64]:
        if self._last is None:
            return np.flatnonzero(scored.sums > OUTSIDE)
        hits = np.flatnonzero(scored.sums >= self._last["score"])
        starts = _began_us(month.rows.columns["start"][hits + scored.begin], month.month)
        is_before = (scored.sums[hits] > self._last["score"]) | (starts >= self._last["start_us"])
        return hits[is_before]

    def _foremost(
        self, hits: NDArray[np.int64], scored: Scored, month: ScoredMonth
    ) -> NDArray[np.int64]:
        """Of many those with the best conversations: to sort all that fit alike takes longest."""
        wanted = self.limit + self.limit // _ROWS_BESIDE
        if len(hits) <= wanted:
            return hits
        places = _places(scored.sums[hits], month.rows.columns["start"][hits + scored.begin])
        first = len(hits) - wanted
        some = hits[places >= np.partition(places, first)[first]]
        calls = np.unique(month.rows.columns["conversation"][some + scored.begin])
        return some if len(calls) >= self.limit else hits

    def _sort(self) -> None:
        rows = np.concatenate([self._rows, *self._waiting])
        self._waiting = []
        rows = rows[np.lexsort((-rows["recording"], -rows["start_us"], -rows["score"]))]
        _, firsts = np.unique(rows["conversation"], return_index=True)
        self._rows = rows[np.sort(firsts)[: self.limit]]
        if len(self._rows) == self.limit:
            self._last = self._rows[-1]


def rank(months: Iterable[ScoredMonth], limit: int) -> Ranked:
    """The best conversations of these files; fewer where time or reach admit no more."""
    best = Best(limit)
    for month in months:
        for scored in scores(month.rows.columns, month.month, month.weights):
            best.offer(scored, month)
    return best.ranked()


def _places(sums: Rates, starts: NDArray[Any]) -> NDArray[np.int64]:
    """Numbers in the order of rows of a month: by score, then by beginning."""
    bits = (sums + np.float32(0)).view(np.int32)  # of two zeros one
    ordered = bits ^ ((bits >> 31) & np.int32(_REST_OF_BITS))
    places: NDArray[np.int64] = (ordered.astype(np.int64) << 32) | starts
    return places


def _began_us(starts: NDArray[Any], month: int) -> NDArray[np.int64]:
    return month_begin_us(month) + starts.astype(np.int64) * MS_US
