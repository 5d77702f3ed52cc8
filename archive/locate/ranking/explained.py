"""What each clue says of calls that are shown: of the best row of each, as the ranking has it.

Pure arrays. Knows nothing of verdicts.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from archive.locate.columns.rows import MS_US
from archive.locate.columns.scorer import rows_of
from archive.locate.ranking.asked import Found
from archive.locate.ranking.clue_weights import Weighed
from archive.locate.ranking.evidence import Evidence
from archive.locate.ranking.ranked_calls import Candidate
from archive.locate.ranking.ratios import Floats

_Places = NDArray[np.int64]


def explain(weighed: Weighed, candidates: Sequence[Candidate]) -> Sequence[Mapping[int, float]]:
    """By the place of the clue; a clue that says nothing of any row is left out."""
    starts_us = np.array([each.start_us for each in candidates], np.int64)
    recordings = np.array([each.recording for each in candidates], np.int64)
    best: list[Mapping[int, float]] = [{} for _ in candidates]
    most = np.full(len(candidates), -np.inf)
    for at, month in enumerate(weighed.months):
        which, rows = rows_of(month.rows.columns, month.month, (starts_us, recordings))
        if not len(which):
            continue
        told = dict(_told(weighed, at, rows))
        total = sum(told.values(), np.zeros(len(rows)))
        for row, own in enumerate(which.tolist()):
            if total[row] > most[own] or not best[own]:
                most[own] = total[row]
                best[own] = {place: float(rates[row]) for place, rates in told.items()}
    return best


def _told(weighed: Weighed, at: int, rows: _Places) -> Iterator[tuple[int, Floats]]:
    by_place: dict[int, list[Evidence]] = {}
    for each in weighed.evidence:
        by_place.setdefault(each.place, []).append(each)
    for place, evidence in by_place.items():
        yield (
            place,
            sum((_rates(weighed, each, at, rows) for each in evidence), np.zeros(len(rows))),
        )


def _rates(weighed: Weighed, evidence: Evidence, at: int, rows: _Places) -> Floats:
    month, times = weighed.months[at], weighed.times
    assert times is not None
    columns = month.rows.columns
    start_us = month.begin_us + columns["start"][rows].astype(np.int64) * MS_US
    rates = np.zeros(len(rows))
    if evidence.cells is not None:
        rates += evidence.cells[times.cells.of(start_us)]
    if evidence.windows is not None:
        rates += evidence.windows.rates_at(start_us)
    for name, tables in evidence.tables.items():
        rates += tables[at][columns[name][rows]]
    if evidence.digits is not None:
        # In order, as numbers are looked up.
        codes, which = np.unique(columns["number"][rows], return_inverse=True)
        rates += evidence.digits.of(month.rows.dictionaries["numbers"][codes])[which]
    if evidence.found is not None:
        rates += _found(evidence.found, columns["recording"][rows], evidence.others)
    return rates


def _found(found: Found, recordings: NDArray[np.uint32], others: float) -> Floats:
    """Of those that an index found their rate, of the rest that of the others."""
    some = np.flatnonzero(np.isin(found.recordings, recordings))
    own = dict(zip(found.recordings[some].tolist(), found.log_rates[some].tolist(), strict=True))
    return np.array([own.get(each, others) for each in recordings.tolist()])
