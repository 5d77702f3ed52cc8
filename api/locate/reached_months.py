"""The months of columns within somebody's reach, and what the people in them are called.

Kept for who asks next with the same reach, as long as the file is in force. Knows nothing of clues.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.access.reach import Within
from archive.locate.columns.month_file import MonthFile
from archive.locate.columns.rows import MonthRows
from archive.locate.ranking.agent_texts import People, SpokenWith, agent_of, queues_of
from archive.locate.ranking.group_reach import reached_groups
from archive.locate.ranking.reached import ReachedMonth
from archive.locate.request.known_names import KnownNames, known_names

# Sets of gifts: so many of them are remembered at once.
_REACHES: Final = 16

Reached = tuple[ReachedMonth, ...]


@dataclass(slots=True)
class ReachedMonths:
    """Those of one process; several threads may ask."""

    _kept: OrderedDict[Within, dict[int, tuple[MonthRows, ReachedMonth]]] = field(
        default_factory=OrderedDict
    )
    _lock: Lock = field(default_factory=Lock)

    def of(
        self, files: Sequence[MonthFile], allowed: Within, rows: NDArray[np.bool_] | None
    ) -> Reached:
        """One for each file; `rows` says by row number of a recording what groups cannot."""
        if rows is not None:
            return tuple(_reached(each, allowed, rows) for each in files)
        with self._lock:
            kept = self._kept.pop(allowed.timeless, {})
            self._kept[allowed.timeless] = fresh = {}
            while len(self._kept) > _REACHES:
                self._kept.popitem(last=False)
            found = []
            for file in files:
                own = kept.get(id(file.rows))
                month = own[1] if own else _reached(file, allowed, None)
                fresh[id(file.rows)] = (file.rows, month)
                found.append(month)
        return tuple(found)

    @property
    def held(self) -> frozenset[int]:
        """Of which rows, by identity, anything is kept."""
        return frozenset(each for kept in self._kept.values() for each in kept)

    def retain(self, files: Sequence[MonthFile]) -> None:
        """Forget all of files that are no longer in force, so that they can be wiped."""
        own = {id(each.rows) for each in files}
        with self._lock:
            for kept in self._kept.values():
                for gone in kept.keys() - own:
                    del kept[gone]


def _reached(file: MonthFile, allowed: Within, rows: NDArray[np.bool_] | None) -> ReachedMonth:
    reached = reached_groups(file.rows.dictionaries["groups"], allowed)
    return ReachedMonth(file.header.month, file.rows, reached, rows)


def names_within(months: Reached, people: People, tags: Sequence[str]) -> KnownNames:
    """What those within reach are called; of whom it cannot see who asks has never heard."""
    agents = sorted({each for month in months for each in _agents(month, people)})
    queues = sorted({each for month in months for each in _queues(month)})
    return _known(tuple(agents), tuple(queues), tuple(tags))


def _agents(month: ReachedMonth, people: People) -> Iterator[SpokenWith]:
    texts = month.rows.dictionaries["agents"]
    for code in np.flatnonzero(month.agents).tolist():
        if (found := agent_of(texts[code], people)) is not None:
            yield found


def _queues(month: ReachedMonth) -> Iterator[str]:
    texts = month.rows.dictionaries["groups"]
    for code in np.flatnonzero(month.groups).tolist():
        yield from queues_of(texts[code]) or ()


@lru_cache(maxsize=_REACHES)
def _known(
    agents: tuple[SpokenWith, ...], queues: tuple[str, ...], tags: tuple[str, ...]
) -> KnownNames:
    return known_names(
        people=(name for each in agents for name in each.names),
        ids=(each.agent_id for each in agents if each.agent_id),
        extensions=(each.extension for each in agents if each.extension),
        teams=(each.team for each in agents),
        queues=queues,
        tags=tags,
    )
