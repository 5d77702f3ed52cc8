"""Whom the rows within a reach were spoken with, told apart by no more than clues tell of.

Pure arrays: a table of agents has hundreds of thousands of rows, but few names and teams.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from archive.locate.ranking.agent_texts import agent_of, seats_of
from archive.locate.ranking.people import NOBODY, People, SpokenWith
from archive.locate.ranking.reached import ReachedMonth, Spread

Part = Literal["names", "agent_id", "team", "extension"]
Parts = frozenset[Part]


@dataclass(frozen=True, slots=True)
class _Alike:
    """Agents of a table by some of their parts, in order; which of them each row of it is."""

    values: list[SpokenWith]
    of_row: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _OfMonth:
    """Codes of agents that rows within reach have: with their row of the table, and of others."""

    people: People
    codes: NDArray[np.intp]
    rows: NDArray[np.intp]
    others: Mapping[int, SpokenWith]
    pairs: dict[Parts, NDArray[np.int64]] = field(default_factory=dict)


# As long as anybody has the month, or the table.
_MONTHS: Final[WeakKeyDictionary[ReachedMonth, _OfMonth]] = WeakKeyDictionary()
_TABLES: Final[WeakKeyDictionary[People, dict[Parts, _Alike]]] = WeakKeyDictionary()


def agents_within(
    months: Sequence[ReachedMonth], people: People, parts: Parts
) -> Spread[SpokenWith]:
    """Those whom rows within reach have; two that differ in other parts alone are one."""
    alike, own = _alike(people, parts), [_of_month(each, people) for each in months]
    counts = np.zeros(len(alike.values), np.int64)
    for month, each in zip(months, own, strict=True):
        seated = alike.of_row[each.rows]
        told = np.bincount(seated, month.agents[each.codes], len(counts))
        counts += told.astype(np.int64)
    present = np.flatnonzero(counts)
    place = np.full(len(counts), NOBODY, np.intp)
    place[present] = np.arange(len(present))
    values = [alike.values[at] for at in present.tolist()]
    others = sorted({_only(each, parts) for month in own for each in month.others.values()})
    behind = {each: len(values) + at for at, each in enumerate(others)}
    total = np.concatenate([counts[present], np.zeros(len(others), np.int64)])
    places = []
    for month, each in zip(months, own, strict=True):
        where = np.full(len(month.agents), NOBODY, np.intp)
        where[each.codes] = place[alike.of_row[each.rows]]
        for code, value in each.others.items():
            where[code] = behind[_only(value, parts)]
            total[where[code]] += month.agents[code]
        places.append(where)
    return Spread(values + others, total, places)


def pairs_within(month: ReachedMonth, people: People, parts: Parts) -> NDArray[np.int64]:
    """A code of each of them with each code of a group that rows have together, and how many."""
    own = _of_month(month, people)
    if parts not in own.pairs:
        alike = _alike(people, parts)
        others = {_only(each, parts): None for each in own.others.values()}
        behind = {each: len(alike.values) + at for at, each in enumerate(others, 1)}
        which = np.zeros(len(month.agents), np.intp)  # 0 is nobody
        which[own.codes] = alike.of_row[own.rows] + 1
        for code, value in own.others.items():
            which[code] = behind[_only(value, parts)]
        distinct, code_of = np.unique(which, return_index=True)
        agents, groups, counts = month.pairs(which)
        codes = code_of[np.searchsorted(distinct, agents)]
        own.pairs[parts] = np.stack([codes, groups, counts])
    return own.pairs[parts]


def _of_month(month: ReachedMonth, people: People) -> _OfMonth:
    found = _MONTHS.get(month)
    if found is None or found.people is not people:
        found = _MONTHS[month] = _read(month, people)
    return found


def _read(month: ReachedMonth, people: People) -> _OfMonth:
    texts = month.rows.texts["agents"]
    seats, present = seats_of(texts), month.agents > 0
    is_seated = people.has(seats) & present
    others = np.flatnonzero(present & ~is_seated).tolist()
    told = {at: agent_of(texts[at], people) for at in others}
    codes = np.flatnonzero(is_seated)
    return _OfMonth(people, codes, seats[codes], {at: e for at, e in told.items() if e is not None})


def _alike(people: People, parts: Parts) -> _Alike:
    kept = _TABLES.setdefault(people, {})
    if parts not in kept:
        told = [_only(each, parts) for each in people.persons]
        distinct = {each: at for at, each in enumerate(dict.fromkeys(told))}
        rows = np.flatnonzero(people.person_of != NOBODY)
        which = np.array([distinct[each] for each in told], np.intp)[people.person_of[rows]]
        found = list(distinct)
        if "extension" in parts:
            found, which = _at_desks(found, which, people, rows)
        values = sorted(set(found))
        place = {each: at for at, each in enumerate(values)}
        of_row = np.full(len(people.person_of), NOBODY, np.intp)
        of_row[rows] = np.array([place[each] for each in found], np.intp)[which]
        kept[parts] = _Alike(values, of_row)
    return kept[parts]


def _at_desks(
    persons: Sequence[SpokenWith], which: NDArray[np.intp], people: People, rows: NDArray[np.intp]
) -> tuple[list[SpokenWith], NDArray[np.intp]]:
    desks = len(people.extensions)
    pairs, which = np.unique(which * desks + people.extension_of[rows], return_inverse=True)
    found = [divmod(pair, desks) for pair in pairs.tolist()]
    return [persons[at]._replace(extension=people.extensions[desk]) for at, desk in found], which


def _only(agent: SpokenWith, parts: Parts) -> SpokenWith:
    return SpokenWith(
        agent.names if "names" in parts else (),
        agent.agent_id if "agent_id" in parts else "",
        agent.team if "team" in parts else "",
        agent.extension if "extension" in parts else "",
    )
