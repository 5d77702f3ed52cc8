"""Candidates side by side, from what is told of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np

from archive.locate.answer.candidates import Candidates, Values
from tests.support.archive.conversation_facts import TOKYO


@dataclass(frozen=True, kw_only=True)
class Row:
    """One of them; of a kind that is left out nothing is known."""

    begin_us: int
    chance: float = 1.0
    has: dict[str, str] = field(default_factory=dict)


def candidates_of(
    rows: Sequence[Row],
    *,
    strangers: Sequence[str] = (),
    zone: ZoneInfo = TOKYO,
    kinds: Sequence[str] = (),
) -> Candidates:
    """In their order; `strangers` are labels of calls that nobody handed in."""
    names = kinds or sorted({kind for row in rows for kind in row.has})
    values = {}
    for kind in names:
        labels = (*strangers, *dict.fromkeys(row.has[kind] for row in rows if kind in row.has))
        codes = [labels.index(row.has[kind]) if kind in row.has else -1 for row in rows]
        values[kind] = Values(np.array(codes, dtype=np.int64), labels)
    return Candidates(
        begins_us=np.array([row.begin_us for row in rows], dtype=np.int64),
        chances=np.array([row.chance for row in rows], dtype=np.float64),
        values=values,
        zone=zone,
    )
