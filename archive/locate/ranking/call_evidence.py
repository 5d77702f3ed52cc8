"""Numbers, direction, length, what happened, texts: what each says by itself.

Pure arrays. Who was spoken with and when it was are in modules of their own.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.locate.clues import (
    Clue,
    CustomerClue,
    DialledClue,
    DirectionClue,
    GistClue,
    HappenedClue,
    IdClue,
    LengthClue,
    NumberClue,
)
from archive.locate.columns.flags import DIRECTION, DIRECTIONS, HAPPENED
from archive.locate.columns.rows import DURATION_CODES, DURATION_FROM_MS
from archive.locate.gist import share_of
from archive.locate.numbers import Form
from archive.locate.ranking.asked import Found
from archive.locate.ranking.evidence import Evidence
from archive.locate.ranking.hidden_number import HiddenNumber
from archive.locate.ranking.memory_rates import MemoryRates, meant
from archive.locate.ranking.ratios import FLOOR, OUTSIDE, Floats, log_rates, only, ratios
from archive.locate.ranking.reached import Counts, ReachedMonth, rows_within, spread
from archive.locate.ranking.remembered_number import (
    RememberedDigits,
    Told,
    chance_of,
    shares,
    sharing,
    ways_told,
)
from archive.locate.withheld_numbers import Withheld

_FLAGS: Final = np.arange(256)
_DIRECTION: Final = _FLAGS & DIRECTION
# A length that is told to the second is about as long.
_EXACT: Final = 1.03
# Nothing is told for sure of another call: lengths are off, not mixed up.
_ELSE: Final = 0.005
# Who says about ten minutes has rounded what is nearer to it than to the next that is said.
_ROUNDED: Final = 1.3
_LONGEST_MS: Final = 86_400_000


def number_evidence(
    months: Sequence[ReachedMonth], place: int, clue: Clue, rates: MemoryRates
) -> Evidence:
    """Of the outside number, or that it was withheld."""
    assert isinstance(clue.value, NumberClue)
    number = clue.value.number
    if number.form is Form.NONE:
        return Evidence(place=place)
    if number.form is Form.WITHHELD:
        return _withheld(months, (place, clue, number.reason), rates)
    begins = 0.0
    if number.form is Form.FIRST:
        numbers = [each.rows.dictionaries["numbers"] for each in months]
        begins = sharing(number, numbers, [each.numbers for each in months])
    errors = replace(rates.number, other_phone=meant(clue, rates.number.other_phone, rates))
    digits = RememberedDigits(number, chance_of(number, begins), errors, clue.certain)
    return Evidence(place=place, tables={"flags": [digits.flags] * len(months)}, digits=digits)


def _withheld(
    months: Sequence[ReachedMonth], told: tuple[int, Clue, Withheld | None], rates: MemoryRates
) -> Evidence:
    place, clue, reason = told
    if clue.certain:
        hidden = HiddenNumber.certain(reason, _flags_of(months))
    else:
        hidden = HiddenNumber.likely(reason, rates.number)
    return Evidence(place=place, tables={"flags": [hidden.flags] * len(months)}, digits=hidden)


def dialled_evidence(
    months: Sequence[ReachedMonth], place: int, clue: Clue, rates: MemoryRates
) -> Evidence:
    """Of the number of ours that was called."""
    assert isinstance(clue.value, DialledClue)
    lines = spread(
        [each.lines for each in months],
        [each.rows.dictionaries["lines"] for each in months],
        lambda entry: bytes(entry).decode() or None,
    )
    number = clue.value.number
    ways = ways_told(number, lines.values, rates.number)
    if clue.certain:
        certain = only(ways == Told.RIGHT, lines.counts, rows_within(months))
        return Evidence(place=place, tables={"line": lines.tables(np.append(certain, OUTSIDE))})
    fits = shares(number, rates.number)[ways]
    likely = ratios(fits, lines.counts, rates.other.dialled)
    return Evidence(place=place, tables={"line": lines.tables(log_rates(likely))})


def direction_evidence(
    months: Sequence[ReachedMonth], place: int, clue: Clue, rates: MemoryRates
) -> Evidence:
    assert isinstance(clue.value, DirectionClue)
    fits: NDArray[np.bool_] = np.equal(_DIRECTION, DIRECTIONS[clue.value.direction])
    known = np.where(_DIRECTION > 0, fits, np.nan)
    return _of_flags(months, (place, clue, fits), (known, rates.other.direction))


def happened_evidence(
    months: Sequence[ReachedMonth], place: int, clue: Clue, rates: MemoryRates
) -> Evidence:
    """Of what happened, or did not."""
    assert isinstance(clue.value, HappenedClue)
    happened = (_FLAGS & HAPPENED[clue.value.what]) > 0
    fits: NDArray[np.bool_] = np.logical_xor(happened, not clue.value.was)
    wrong = rates.other.happened
    return _of_flags(months, (place, clue, fits), (np.where(fits, 1 - wrong, wrong), 0.0))


def _of_flags(
    months: Sequence[ReachedMonth],
    told: tuple[int, Clue, NDArray[np.bool_]],
    likely: tuple[Floats, float],
) -> Evidence:
    place, clue, fits = told
    counts = _flags_of(months)
    if clue.certain:
        found = only(fits, counts, float(counts.sum()))
    else:
        shares, wrong = likely
        found = log_rates(ratios(shares, counts, wrong))
    return Evidence(place=place, tables={"flags": [found] * len(months)})


def _flags_of(months: Sequence[ReachedMonth]) -> Counts:
    return sum((each.flags for each in months), np.zeros(len(_FLAGS), np.int64))


def length_evidence(
    months: Sequence[ReachedMonth], place: int, clue: Clue, rates: MemoryRates
) -> Evidence:
    """Of how long it was: what is remembered is off by a factor."""
    assert isinstance(clue.value, LengthClue)
    low_ms, high_ms = clue.value.min_ms, clue.value.max_ms
    counts = sum((each.durations for each in months), np.zeros(DURATION_CODES, np.int64))
    begins = DURATION_FROM_MS.astype(np.float64)
    ends = np.append(begins[1:], np.inf)
    if clue.certain:
        told = only((begins <= high_ms) & (ends > low_ms), counts, float(counts.sum()))
        return Evidence(place=place, tables={"duration": [told] * len(months)})
    if (about_ms := clue.value.about_ms) is not None:
        # What is well within the tolerance is nearer than what is barely so.
        low_ms = max(low_ms, round(about_ms / _ROUNDED))
        high_ms = min(high_ms, round(about_ms * _ROUNDED))
    middles = np.sqrt(np.maximum(begins, 500.0) * np.append(begins[1:], begins[-1]))
    below = [
        _below(edge_ms, middles, rates.other.length)
        for edge_ms in (max(low_ms, 1) / _EXACT, high_ms * _EXACT)
    ]
    if low_ms <= 0:
        below[0] = np.zeros(DURATION_CODES)
    if high_ms >= _LONGEST_MS:
        below[1] = np.ones(DURATION_CODES)
    told = log_rates(ratios(below[1] - below[0], counts, _ELSE))
    return Evidence(place=place, tables={"duration": [told] * len(months)})


def _below(edge_ms: float, lengths_ms: Floats, spread: float) -> Floats:
    """The chance that something so long is remembered as shorter than the edge."""
    away = np.log(max(edge_ms, 1.0) / lengths_ms) / spread / math.sqrt(2)
    return np.array([0.5 * (1 + math.erf(each)) for each in away])


_WRONG_TEXT: Final = {GistClue: "gist", CustomerClue: "customer", IdClue: "id"}


# Of few calls of which anything is written all may fit: so many others would not, a guess.
_OTHER_TEXTS: Final = 20
# And of words that stand together nowhere one such text: half of them may stand in it.
_HALF: Final = 0.05


def text_evidence(
    months: Sequence[ReachedMonth], told: tuple[int, Clue], found: Found, rates: MemoryRates
) -> Evidence:
    """Of what an index found; of the other rows it is known of some, and unknown of the rest."""
    place, clue = told
    rows = rows_within(months)
    is_left = clue.guessed and isinstance(clue.value, GistClue) and len(found.log_rates) > 0
    best = float(np.max(found.log_rates)) if is_left else 0.0
    fits = np.exp(np.minimum(found.log_rates - best, 0.0))
    likely = np.zeros(len(fits))
    total = math.fsum(fits.tolist()) + (_HALF if isinstance(clue.value, GistClue) else 0.0)
    if clue.certain:
        # What is not known does not fit: the share is that of all rows.
        if len(fits):
            likely = log_rates(fits * (max(rows, len(fits)) + _OTHER_TEXTS) / total)
        return Evidence(place=place, found=_with(found, likely), others=OUTSIDE)
    if len(fits):
        wrong = getattr(rates.text, _WRONG_TEXT[type(clue.value)])
        by_chance = total / (max(found.told, len(fits)) + _OTHER_TEXTS)
        known = (max(found.told, len(fits)) - len(fits)) / max(rows - len(fits), 1)
        # What is left of a sentence is meant at a rate, else it says nothing of any call.
        meant = rates.text.left_over if clue.guessed else 1.0
        if is_left:
            meant *= _is_topic(share_of(best), by_chance, rates)
        likely = log_rates(meant * ((1 - wrong) * fits / by_chance + wrong) + 1 - meant)
        other = 1 - meant * min(known, 1.0) * (1 - wrong)
        others = math.log(max(other, math.exp(FLOOR)))
        return Evidence(place=place, found=_with(found, likely), others=others)
    return Evidence(place=place, found=_with(found, likely))


def _is_topic(held: float, by_chance: float, rates: MemoryRates) -> float:
    """How likely what is left of a sentence tells of calls, by how the best text holds it.

    The odds fall with the square of what stands in no text within reach (a guess), and with how few
    texts have it: a word that one has by chance is no topic of which one call was.
    """
    odds, against = held**2, (1 - held) ** 2
    return odds / (odds + against) * by_chance / (by_chance + rates.text.left_by_chance)


def _with(found: Found, rates: Floats) -> Found:
    return Found(
        start_us=found.start_us, recordings=found.recordings, log_rates=rates, told=found.told
    )
