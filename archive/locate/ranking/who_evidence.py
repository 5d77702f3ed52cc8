"""Agent, team, extension and queue: one question, who was spoken with.

What is told second is weighed among the rows that fit what was told first. Pure arrays.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.folded_names import fold_name
from archive.locate.clues import (
    AgentClue,
    Clue,
    DeniedClue,
    ExtensionClue,
    QueueClue,
    TeamClue,
    Value,
)
from archive.locate.columns.flags import TRANSFERRED
from archive.locate.ranking.agent_texts import label_fit, queues_of
from archive.locate.ranking.evidence import Evidence
from archive.locate.ranking.memory_rates import MemoryRates, meant
from archive.locate.ranking.people import People, SpokenWith
from archive.locate.ranking.ratios import FLOOR, OUTSIDE, Floats, chance, log_rates, only, ratios
from archive.locate.ranking.reached import ReachedMonth, Spread, rows_within, spread
from archive.locate.ranking.reached_agents import Part, agents_within, pairs_within
from archive.locate.ranking.remembered_number import shares, ways_told
from archive.locate.who.name_table import NameTable
from archive.locate.who.similarity import similarities

WHO: Final = (AgentClue, TeamClue, ExtensionClue)
_FLAGS: Final = 256
# What is certain must fit so well: the same name, or another writing of it.
_CERTAIN: Final = 0.4
_TABLES: Final = 4
_REMEMBERED: Final = 64
_NOT_KNOWN: Final = np.nan
# What of an agent each kind of clue tells of.
_PARTS: Final[Mapping[type, tuple[Part, ...]]] = {
    AgentClue: ("names", "agent_id"),
    TeamClue: ("team",),
    ExtensionClue: ("extension",),
}
# Which agents and which groups rows of a month have together, and how many.
_Pairs = Callable[[ReachedMonth], NDArray[np.int64]]


def who_evidence(
    months: Sequence[ReachedMonth],
    clues: Sequence[Clue],
    people: People,
    rates: MemoryRates,
) -> Iterator[Evidence]:
    """Of all clues of the question, together."""
    parts = frozenset(each for clue in clues for each in _PARTS.get(type(asked_for(clue)), ()))
    agents = agents_within(months, people, parts)
    # Behind the agents stand the rows of which none is known.
    rows = rows_within(months)
    weights = np.append(agents.counts, max(rows - int(agents.counts.sum()), 0)).astype(np.float64)
    shared = [_of_several(len(months))]
    for place, clue in enumerate(clues):
        if isinstance(value := asked_for(clue), WHO):
            fits = np.append(_fits(value, agents.values, rates), _NOT_KNOWN)
            if clue.certain:
                told = only(_is_certain(fits, clue), weights, rows)
                weights = weights * np.exp(told)
            else:
                wrong = meant(clue, _wrong(value, rates), rates)
                likely = ratios(_as_said(fits, clue), weights, wrong)
                weights, told = weights * likely, log_rates(likely)
            tables = {"agent": agents.tables(told)}
            if shared:
                tables["flags"] = shared.pop()
            yield Evidence(place=place, tables=tables)
    for place, clue in enumerate(clues):
        if isinstance(value := asked_for(clue), QueueClue):
            pairs = partial(pairs_within, people=people, parts=parts)
            yield _queue(months, (place, clue, value), (agents, weights, pairs), rates)


def asked_for(clue: Clue) -> Value:
    """The value of a clue; of one that is denied what it denies."""
    return clue.value.value if isinstance(clue.value, DeniedClue) else clue.value


def _as_said(fits: Floats, clue: Clue) -> Floats:
    """How likely it is told of each; that it was not one, of those that are not alike."""
    return 1 - np.minimum(fits, 1) if isinstance(clue.value, DeniedClue) else fits


def _is_certain(fits: Floats, clue: Clue) -> NDArray[np.bool_]:
    """Those that fit for certain; whom nobody knows may be another than who is denied."""
    is_it: NDArray[np.bool_] = fits >= _CERTAIN
    return ~is_it if isinstance(clue.value, DeniedClue) else is_it


def _queue(
    months: Sequence[ReachedMonth],
    told: tuple[int, Clue, QueueClue],
    among: tuple[Spread[SpokenWith], Floats, _Pairs],
    rates: MemoryRates,
) -> Evidence:
    place, clue, value = told
    queues = spread(
        [each.groups for each in months],
        [each.rows.dictionaries["groups"] for each in months],
        queues_of,
    )
    fits = np.array([label_fit(value.names, each) for each in queues.values])
    together = _together(months, queues, *among)
    if clue.certain:
        own = only(_is_certain(fits, clue), together, rows_within(months))
        nowhere = 0.0 if isinstance(clue.value, DeniedClue) else OUTSIDE
        return Evidence(place=place, tables={"group": queues.tables(np.append(own, nowhere))})
    fits = _as_said(fits, clue)
    likely = ratios(fits, together, meant(clue, rates.other.queue, rates))
    # Of a call without a queue one is told at random, whoever the agent was.
    both = chance(fits, together)
    at_random = chance(fits, queues.counts) / both if both else 1.0
    found = log_rates(np.append(likely, at_random))
    return Evidence(place=place, tables={"group": queues.tables(found)}, not_kept=float(found[-1]))


def _together(
    months: Sequence[ReachedMonth],
    queues: Spread[tuple[str, ...]],
    agents: Spread[SpokenWith],
    weights: Floats,
    pairs: _Pairs,
) -> Floats:
    """The rows of each queue, as much of each as fits what is told of the agent.

    `weights` are of the rows of each agent, and of those of which none is known.
    """
    if (weights[:-1] == agents.counts).all():
        return queues.counts.astype(np.float64)
    counts = np.zeros((len(agents.values) + 1, len(queues.values) + 1), np.int64)
    for at, month in enumerate(months):
        agent, group, rows = pairs(month)
        np.add.at(counts, (agents.places[at][agent], queues.places[at][group]), rows)
    nobody = 1.0 if weights[-1] else 0.0
    of_one = np.append(weights[:-1] / np.maximum(agents.counts, 1), nobody)
    found: Floats = (counts * of_one[:, None]).sum(axis=0)[:-1]
    return found


def _of_several(months: int) -> list[Floats]:
    """Of a call with several agents each is told of as likely."""
    halved = np.where(np.arange(_FLAGS) & TRANSFERRED, np.log(0.5), 0.0)
    return [halved] * months


def _wrong(value: object, rates: MemoryRates) -> float:
    match value:
        case AgentClue():
            return rates.other.agent
        case TeamClue():
            return rates.other.team
        case _:
            return rates.other.extension


def _fits(
    value: AgentClue | TeamClue | ExtensionClue, agents: Sequence[SpokenWith], rates: MemoryRates
) -> Floats:
    match value:
        case AgentClue(names):
            return _name_fits(names, agents)
        case TeamClue(names):
            return np.array([label_fit(names, (e.team,)) if e.team else _NOT_KNOWN for e in agents])
        case ExtensionClue(number):
            ways = ways_told(number, [each.extension[::-1] for each in agents], rates.number)
            known = np.array([bool(each.extension) for each in agents], dtype=np.bool_)
            return np.where(known, shares(number, rates.number)[ways], _NOT_KNOWN)


def _name_fits(names: Sequence[str], agents: Sequence[SpokenWith]) -> Floats:
    """Of several each is as likely the one that was meant."""
    known = tuple(sorted({each.names for each in agents}))
    place = {each: at for at, each in enumerate(known)}
    own = np.array([place[each.names] for each in agents], dtype=np.intp)
    total = np.zeros(len(agents))
    for name in names:
        likely = _likenesses(name, known)[own]
        folded = fold_name(name)
        ids = np.array([fold_name(each.agent_id) == folded for each in agents], dtype=np.bool_)
        total += np.where(ids, 1.0, likely)
    named = np.array([bool(each.names or each.agent_id) for each in agents], dtype=np.bool_)
    return np.where(named, total / max(len(names), 1), _NOT_KNOWN)


@lru_cache(maxsize=_REMEMBERED)
def _likenesses(name: str, known: tuple[tuple[str, ...], ...]) -> Floats:
    told = similarities(name, _table(known)).log_rates.astype(np.float64)
    return np.where(told > FLOOR, np.exp(told), 0.0)


@lru_cache(maxsize=_TABLES)
def _table(names: tuple[tuple[str, ...], ...]) -> NameTable:
    return NameTable(names)
