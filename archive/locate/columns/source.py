"""Rows as the catalog hands them in: a row for each recording, agent and outside number of it.

Pure arrays. Knows nothing of files, nor what the texts of agents and groups say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from archive.locate.columns.layout import NUMBER_BYTES
from archive.locate.columns.parted import SOURCE_PARTED, Parted

SOURCE: Final = np.dtype(
    [
        ("start_us", "<i8"),
        ("recording", "<i8"),
        ("conversation", "<i8"),
        ("number", f"S{NUMBER_BYTES}"),  # of the outside party, its digits from the end
        ("agent", "<i8"),  # which of the source's agents
        ("line", f"S{NUMBER_BYTES}"),  # that was dialled, its digits from the end
        ("group", "<i8"),  # which of the source's groups; none of them is empty
        ("duration_ms", "<i8"),
        ("flags", "u1"),
    ]
)
_FIRST_MONTH: Final = 197001
_MONTHS: Final = 12

SourceRows = np.ndarray[Any, Any]  # of SOURCE


@dataclass(frozen=True, slots=True)
class Source:
    """Rows, and the texts that they point to; the empty text is nobody.

    `parted` is what who sees a part of the groups is told of some of the recordings.
    """

    rows: SourceRows
    agents: list[str] = field(default_factory=lambda: [""])
    groups: list[str] = field(default_factory=lambda: [""])
    parted: Parted = field(default_factory=lambda: np.empty(0, SOURCE_PARTED))

    @classmethod
    def joined(cls, parts: Iterable["Source"]) -> Self:
        """One behind the other, each pointing to its own texts."""
        rows, agents, groups = [np.empty(0, SOURCE)], [""], [""]
        parted = [np.empty(0, SOURCE_PARTED)]
        for part in parts:
            own = part.rows.copy()
            own["agent"] += len(agents)
            own["group"] += len(groups)
            rows.append(own)
            told = part.parted.copy()
            told["others"] += np.where(told["others"] > 0, len(groups), 0)
            parted.append(told)
            agents += part.agents
            groups += part.groups
        return cls(np.concatenate(rows), agents, groups, np.concatenate(parted))

    def by_month(self) -> Iterator[tuple[int, Self]]:
        months = months_of(self.rows)
        for month in np.unique(months).tolist():
            rows = self.rows[months == month]
            parted = self.parted[np.isin(self.parted["recording"], rows["recording"])]
            yield month, type(self)(rows, self.agents, self.groups, parted)


def months_of(rows: SourceRows) -> NDArray[np.int64]:
    """The UTC month of each row's beginning, as yyyymm."""
    return months_of_us(rows["start_us"])


def months_of_us(at_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """The UTC month of each of these times, as yyyymm."""
    months = at_us.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    return _FIRST_MONTH + months // _MONTHS * 100 + months % _MONTHS


@lru_cache(maxsize=1 << 12)
def month_begin_us(month: int) -> int:
    """The begin of a month, in µs since 1970 UTC."""
    began = np.datetime64(f"{month // 100:04}-{month % 100:02}", "us")
    return int(began.astype(np.int64))
