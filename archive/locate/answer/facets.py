"""Counts of candidates by value, and of their times by day, by weekday and hour.

Pure. Counts conversations, each by its best row; who may see fewer counts only those.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from archive.locate.answer.candidates import Candidates, Values

FACETS: Final = ("agent", "team", "queue", "direction")
# So many values of a kind are told by name; of the others how many they are together.
MAX_VALUES: Final = 20
_DAY_HOURS: Final = 24
_WEEK_HOURS: Final = 7 * _DAY_HOURS
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """The most frequent values of a kind; of how many candidates another one, or none is known."""

    kind: str
    values: tuple[tuple[str, int], ...]
    others: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Candidates by local day, oldest first, none of 0; by weekday (Monday first) and hour."""

    days: tuple[tuple[date, int], ...]
    hours: tuple[tuple[int, ...], ...]


def facets(candidates: Candidates) -> tuple[Facet, ...]:
    """Those of the kinds that are told, in their order."""
    return tuple(_facets(candidates))


def _facets(candidates: Candidates) -> Iterator[Facet]:
    for kind in FACETS:
        if kind in candidates.values:
            yield _facet(kind, candidates.values[kind])


def _facet(kind: str, own: Values) -> Facet:
    known = own.codes[own.codes >= 0]
    counts = np.bincount(known, minlength=len(own.labels)).tolist()
    # By label too: in which order codes were given out tells of calls that nobody asked for.
    found = sorted(
        ((label, count) for label, count in zip(own.labels, counts, strict=True) if count),
        key=lambda each: (-each[1], each[0]),
    )
    named = tuple(found[:MAX_VALUES])
    return Facet(
        kind=kind,
        values=named,
        others=len(known) - sum(count for _, count in named),
        unknown=len(own.codes) - len(known),
    )


def histogram(candidates: Candidates) -> Histogram:
    """Counts of their beginnings, in the zone of the answer."""
    days, counts = np.unique(candidates.days, return_counts=True)
    places = candidates.weekdays * _DAY_HOURS + candidates.hours
    hours = np.bincount(places, minlength=_WEEK_HOURS).reshape(-1, _DAY_HOURS).tolist()
    return Histogram(
        days=tuple(
            (date.fromordinal(_EPOCH_DAY + day), count)
            for day, count in zip(days.tolist(), counts.tolist(), strict=True)
        ),
        hours=tuple(map(tuple, hours)),
    )
