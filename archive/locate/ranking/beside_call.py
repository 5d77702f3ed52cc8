"""A call of the same party before or after one that a clue names: whose, on which side, how near.

Pure arrays. Knows nothing of other clues.
"""

from collections.abc import Iterator, Sequence
from math import log
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from archive.locate.clues import BesideClue, Clue
from archive.locate.columns.layout import NUMBER_BYTES
from archive.locate.columns.rows import MS_US
from archive.locate.numbers import Form, RememberedNumber
from archive.locate.ranking.asked import Anchor, Found
from archive.locate.ranking.evidence import Evidence
from archive.locate.ranking.memory_rates import MemoryRates
from archive.locate.ranking.ratios import Floats
from archive.locate.ranking.reached import ReachedMonth, rows_within
from archive.locate.ranking.remembered_number import RememberedDigits
from archive.locate.ranking.when_evidence import Times, likelier_in, rate_at
from archive.locate.ranking.windows import Windows

_SIDES: Final[tuple[Literal["left"], Literal["right"]]] = ("left", "right")
# Of the nth nearest call of the party 1 / n²: a guess.
_FARTHER: Final = -2.0
_KEYS: Final = ("recording", "conversation")
Rows = NDArray[np.int64]


def beside_evidence(
    months: Sequence[ReachedMonth],
    told: tuple[int, Clue],
    named: tuple[Anchor, Found | None],
    times: Times,
    rates: MemoryRates,
) -> Iterator[Evidence]:
    """Of the same party, before or after, the nearer the likelier; never what is named itself.

    By that it is a party of calls within reach hardly anything is said: its share is the chance.
    """
    (place, clue), (anchor, own) = told, named
    assert isinstance(clue.value, BesideClue)
    number = RememberedNumber(form=Form.WHOLE, digits=anchor.number)
    share = _share(months, anchor.number)
    digits = RememberedDigits(number, share, rates.number, certain=clue.certain)
    side = (clue.value.stretch(anchor.start_us),)
    likelier, wrong = likelier_in(side, times), rates.other.direction
    if clue.certain:
        windows = Windows(side, inside=log(likelier))
    else:
        windows = Windows(side, inside=log((1 - wrong) * likelier + wrong), outside=log(wrong))
    yield Evidence(place=place, windows=windows, digits=digits)
    excluded = np.empty(0, np.int64) if own is None else own.recordings
    party = _party_rows(months, anchor, excluded)
    if (found := _near(party, clue.value, anchor, times)) is not None:
        yield Evidence(place=place, found=found)


def _near(rows: Rows, clue: BesideClue, anchor: Anchor, times: Times) -> Found | None:
    """What the calls of the party on that side have of each other: how near they are alone.

    How soon a call is asked for says nothing of them, for the one that is named is what is asked.
    """
    begins, recordings, conversations = rows
    own, of_call = np.unique(conversations, return_inverse=True)
    began = np.full(len(own), np.iinfo(np.int64).max)
    np.minimum.at(began, of_call, begins)
    side, prior = clue.stretch(anchor.start_us), rate_at(times, times.asked_for, began)
    is_meant = (began >= side.begin_us) & (began <= side.end_us) & (prior > 0)
    if not is_meant.any():
        return None
    order = np.argsort(np.abs(began - anchor.start_us)[is_meant], kind="stable")
    shares: Floats = np.arange(1.0, len(order) + 1) ** _FARTHER
    parts: Floats = shares * (len(shares) / float(shares.sum()))
    known: Floats = prior[is_meant]
    bonus = np.zeros(len(own))
    bonus[np.flatnonzero(is_meant)[order]] = np.log(parts * known.mean() / known[order])
    kept = is_meant[of_call]
    return Found(
        start_us=begins[kept],
        recordings=recordings[kept],
        log_rates=bonus[of_call][kept],
        told=int(kept.sum()),
    )


def _party_rows(months: Sequence[ReachedMonth], anchor: Anchor, excluded: Rows) -> Rows:
    """Beginning, recording and conversation of the rows within reach that have the number."""
    found = [np.empty((3, 0), np.int64)]
    for month in months:
        first, behind = _codes(month, anchor.number)
        if first == behind:
            continue
        columns = month.rows.columns
        rows = np.flatnonzero((columns["number"] >= first) & (columns["number"] < behind))
        rows = rows[month.is_within(rows) & ~np.isin(columns["recording"][rows], excluded)]
        begins = month.begin_us + columns["start"][rows].astype(np.int64) * MS_US
        found.append(np.stack([begins, *(columns[each][rows] for each in _KEYS)]).astype(np.int64))
    rows = np.concatenate(found, axis=1)
    # Each recording once, for what an index finds is added to all of its rows.
    return rows[:, np.unique(rows[1], return_index=True)[1]]


def _codes(month: ReachedMonth, number: str) -> tuple[int, int]:
    """The first code of a number, and the one behind its last."""
    numbers = month.rows.dictionaries["numbers"]
    own = number[::-1].encode()[:NUMBER_BYTES]
    first, behind = (int(np.searchsorted(numbers, own, side)) for side in _SIDES)
    return first, behind


def _share(months: Sequence[ReachedMonth], number: str) -> float:
    """How many of the rows have the number of a call within reach."""
    having = sum(int(month.numbers[slice(*_codes(month, number))].sum()) for month in months)
    return max(having, 1) / max(rows_within(months), 1)
