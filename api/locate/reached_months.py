"""The months of columns within somebody's reach, and what the people in them are called.

Kept for who asks next with the same reach, as long as the file is in force. Knows nothing of clues.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from archive.access.reach import Within
from archive.locate.columns.month_file import MonthFile
from archive.locate.columns.rows import MonthRows
from archive.locate.ranking.agent_texts import queues_of
from archive.locate.ranking.group_reach import others_reached, reached_groups
from archive.locate.ranking.people import People, SpokenWith
from archive.locate.ranking.reached import ReachedMonth
from archive.locate.ranking.reached_agents import Parts, agents_within
from archive.locate.request.known_names import KnownNames, known_names

# Sets of gifts: so many of them are remembered at once.
_REACHES: Final = 16


class Reached(tuple[ReachedMonth, ...]):
    """One for each file; the same value for who asks next, as long as all of them are the same."""

    # By which table of agents and which tags, and what those in these months are called.
    named: tuple[People, Sequence[str], KnownNames] | None = None

    def __init__(self, _months: Iterable[ReachedMonth] = ()) -> None:
        # Of how many of the newest recordings within reach what is written is known.
        self.shares: dict[str, float] = {}


@dataclass(slots=True)
class _Kept:
    """Of a reach: its months by the rows that they are of, by identity; and all together."""

    months: dict[int, tuple[MonthRows, ReachedMonth]] = field(default_factory=dict)
    together: Reached = field(default_factory=Reached)


@dataclass(slots=True)
class ReachedMonths:
    """Those of one process; several threads may ask."""

    _kept: OrderedDict[Within, _Kept] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(
        self, files: Sequence[MonthFile], allowed: Within, rows: NDArray[np.bool_] | None
    ) -> Reached:
        """One for each file; `rows` says by row number of a recording what groups cannot."""
        with self._lock:
            kept = self._kept.pop(allowed.timeless, _Kept())
            self._kept[allowed.timeless] = fresh = _Kept()
            while len(self._kept) > _REACHES:
                self._kept.popitem(last=False)
            found = []
            for file in files:
                own = kept.months.get(id(file.rows))
                is_same = own is not None and own[1].allowed is rows
                month = own[1] if own and is_same else _reached(file, allowed, rows)
                fresh.months[id(file.rows)] = (file.rows, month)
                found.append(month)
            # Months are compared by identity.
            is_all = kept.together == tuple(found)
            fresh.together = kept.together if is_all else Reached(found)
            return fresh.together

    @property
    def held(self) -> frozenset[int]:
        """Of which rows, by identity, anything is kept."""
        return frozenset(each for kept in self._kept.values() for each in kept.months)

    def retain(self, files: Sequence[MonthFile]) -> None:
        """Forget all of files that are no longer in force, so that they can be wiped."""
        own = {id(each.rows) for each in files}
        with self._lock:
            for kept in self._kept.values():
                for gone in kept.months.keys() - own:
                    del kept.months[gone]
                    kept.together = Reached()


def _reached(file: MonthFile, allowed: Within, rows: NDArray[np.bool_] | None) -> ReachedMonth:
    groups = file.rows.dictionaries["groups"]
    told = file.rows.told_to(others_reached(groups, allowed))
    return ReachedMonth(file.header.month, told, reached_groups(groups, allowed), rows)


def names_within(months: Reached, people: People, tags: Sequence[str]) -> KnownNames:
    """What those within reach are called; of whom it cannot see who asks has never heard."""
    if months.named is not None and months.named[:2] == (people, tags):
        return months.named[2]
    agents = agents_within(months, people, _NAMED).values
    seats = agents_within(months, people, _SEATED).values
    groups = frozenset[str]().union(*(_groups(each) for each in months))
    known = _known(tuple(agents), tuple(seats), groups, tuple(tags))
    months.named = (people, tags, known)
    return known


_NAMED: Final[Parts] = frozenset({"names", "agent_id", "team"})
_SEATED: Final[Parts] = frozenset({"extension"})


# Which texts of a month lie within reach: as long as anybody has the month.
_OF_MONTHS: Final[WeakKeyDictionary[ReachedMonth, frozenset[str]]] = WeakKeyDictionary()


def _groups(month: ReachedMonth) -> frozenset[str]:
    if month not in _OF_MONTHS:
        texts = month.rows.dictionaries["groups"]
        _OF_MONTHS[month] = frozenset(texts[code] for code in np.flatnonzero(month.groups))
    return _OF_MONTHS[month]


@lru_cache(maxsize=_REACHES)
def _known(
    agents: tuple[SpokenWith, ...],
    seats: tuple[SpokenWith, ...],
    groups: frozenset[str],
    tags: tuple[str, ...],
) -> KnownNames:
    return known_names(
        people=(name for each in agents for name in each.names),
        ids=(each.agent_id for each in agents if each.agent_id),
        extensions=(each.extension for each in seats if each.extension),
        teams=(each.team for each in agents),
        queues=(queue for each in groups for queue in queues_of(each) or ()),
        tags=tags,
    )
