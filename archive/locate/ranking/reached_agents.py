"""Whom the rows within a reach were spoken with, told apart by no more than clues tell of.

Pure arrays: a table of agents has hundreds of thousands of rows, but few names and teams.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final, Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from archive.locate.ranking.agent_texts import People, SpokenWith, agent_of
from archive.locate.ranking.reached import ReachedMonth, Spread

Part = Literal["names", "agent_id", "team", "extension"]
Parts = frozenset[Part]
_SEATED: Final = re.compile(r'\{"p": ?([0-9]{1,15})\}')
_NOBODY: Final = -1


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
    place = np.full(len(counts), _NOBODY, np.intp)
    place[present] = np.arange(len(present))
    values = [alike.values[at] for at in present.tolist()]
    others = sorted({_only(each, parts) for month in own for each in month.others.values()})
    behind = {each: len(values) + at for at, each in enumerate(others)}
    total = np.concatenate([counts[present], np.zeros(len(others), np.int64)])
    places = []
    for month, each in zip(months, own, strict=True):
        where = np.full(len(month.agents), _NOBODY, np.intp)
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
    texts = month.rows.dictionaries["agents"]
    codes, rows, others = [], [], {}
    for code in np.flatnonzero(month.agents).tolist():
        seated = _SEATED.fullmatch(texts[code])
        if seated and int(seated[1]) in people.rows:
            codes.append(code)
            rows.append(int(seated[1]))
        elif (other := agent_of(texts[code], people)) is not None:
            others[code] = other
    return _OfMonth(people, np.array(codes, np.intp), np.array(rows, np.intp), others)


def _alike(people: People, parts: Parts) -> _Alike:
    kept = _TABLES.setdefault(people, {})
    if parts not in kept:
        told = list(map(itemgetter(*_places(parts)), people.spoken.values()))  # they are many
        some = dict(zip(told, people.spoken.values(), strict=True))
        values = sorted({_only(each, parts) for each in some.values()})
        place = {each: at for at, each in enumerate(values)}
        places = {each: place[_only(agent, parts)] for each, agent in some.items()}
        of_row = np.full(max(people.rows, default=0) + 1, _NOBODY, np.intp)
        of_row[np.array(list(people.spoken), np.intp)] = [places[each] for each in told]
        kept[parts] = _Alike(values, of_row)
    return kept[parts]


def _places(parts: Parts) -> tuple[int, ...]:
    """Of these in an agent; of none the first, which says nothing then."""
    return tuple(at for at, name in enumerate(SpokenWith._fields) if name in parts) or (0,)


def _only(agent: SpokenWith, parts: Parts) -> SpokenWith:
    return SpokenWith(
        agent.names if "names" in parts else (),
        agent.agent_id if "agent_id" in parts else "",
        agent.team if "team" in parts else "",
        agent.extension if "extension" in parts else "",
    )
