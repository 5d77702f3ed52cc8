"""Answers to one more question about a call: what is said, and how likely that is of every call.

Questions are by their codes. What is not kept of a call is said as of another, as in a request.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from eval.memory.agents import romaji_of, team_name
from eval.memory.clue import Clue, clue
from eval.memory.dates import WEEKDAYS
from eval.memory.lengths import ABOUT_S
from eval.world.agents import QUEUES
from eval.world.arrays import Flags, Floats, Ints
from eval.world.calendar import SLOTS, first_day
from eval.world.surnames import surnames
from eval.world.world import Fate, World

# So many do not know; of the others so many say another value, as if at random.
NOT_KNOWN: Final = 0.2
WRONG: Final = 0.05
_LAST_DIGITS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Answers:
    """To one question: by call the places of its value, of one agent and of the other, −1: none."""

    values: Sequence[Clue]
    one: Ints
    other: Ints
    by_chance: Floats

    def tell(self, call: int, dice: np.random.Generator) -> Clue | None:
        """Draw what is said of a call, None where it is not known."""
        if dice.random() < NOT_KNOWN:
            return None
        value = int((self.one if dice.random() < 0.5 else self.other)[call])
        if value < 0 or dice.random() < WRONG:
            value = int(dice.choice(len(self.by_chance), p=self.by_chance))
        return self.values[value]

    def likelihood(self, told: Clue) -> Floats:
        """The chance that it is said, by call."""
        value = self.values.index(told)
        chance = float(self.by_chance[value])
        likely = np.zeros(len(self.one))
        for own in (self.one, self.other):
            right = (1 - WRONG) * (own == value) + WRONG * chance
            likely += np.where(own < 0, chance, right) / 2
        return likely * (1 - NOT_KNOWN)


class Questions:
    """All that can be answered of a world; `weights` are how soon each call is asked for."""

    def __init__(self, world: World, weights: Floats) -> None:
        self._world, self._weights = world, weights
        self._made: dict[tuple[str, str], Answers] = {}

    def answers(self, question: str, language: str) -> Answers:
        """Of a question by its code; raises `KeyError`."""
        own = question, language if question == "surname" else ""
        if own not in self._made:
            values, one, other = _ASKED[question](self._world, language)
            # Digits are those of any telephone.
            digits = question == "last_digits"
            shares = self._shares(None if digits else one, len(values))
            self._made[own] = Answers(
                values, one, one if other is None else other, shares / shares.sum()
            )
        return self._made[own]

    def _shares(self, column: Ints | None, count: int) -> Floats:
        if column is None:
            return np.ones(count)
        told = (column >= 0) & (self._world.fate == Fate.RECORDED)
        weights: Floats = np.zeros(count)
        np.add.at(weights, column[told], self._weights[told])
        return weights


_Column = tuple[Sequence[Clue], Ints, Ints | None]


def _kept(world: World, column: Ints) -> Ints:
    """What is told of who spoke is kept of recorded calls alone."""
    return np.where(world.fate == Fate.RECORDED, column, -1)


def _last_digits(world: World, _language: str) -> _Column:
    known: Flags = (world.number > 0) & (world.fate != Fate.DESTROYED)
    values = [clue("number.last", last=f"{each:04}") for each in range(_LAST_DIGITS)]
    return values, np.where(known, world.number % _LAST_DIGITS, -1), None


def _month(world: World, _language: str) -> _Column:
    days = np.datetime64(first_day(world.days)) + world.day
    months = days.astype("datetime64[M]").astype(np.int64) % 12
    return [clue("answer.month", month=each) for each in range(1, 13)], months, None


def _weekday(world: World, _language: str) -> _Column:
    weekdays = (first_day(world.days).weekday() + world.day) % len(WEEKDAYS)
    return [clue("answer.weekday", weekday=each) for each in WEEKDAYS], weekdays, None


def _half_day(world: World, _language: str) -> _Column:
    values = [clue("answer.half_day", half=each) for each in ("before", "after")]
    return values, (world.slot >= SLOTS // 2).astype(np.int64), None


def _direction(world: World, _language: str) -> _Column:
    values = [clue("direction", way=each) for each in ("they", "we")]
    return values, _kept(world, world.outbound.astype(np.int64)), None


def _queue(world: World, _language: str) -> _Column:
    return [clue("queue", queue=each) for each in QUEUES], _kept(world, world.queue), None


def _surname(world: World, language: str) -> _Column:
    """In kanji as in the table of agents, or in Roman letters."""
    names = surnames()
    texts = [
        names.written[each]
        if language == "ja"
        else romaji_of(names.readings[names.reading_of[each]])
        for each in world.agents.surname_of.tolist()
    ]
    distinct, place = np.unique(texts, return_inverse=True)
    values = [clue("agent.heard", name=str(each)) for each in distinct]
    return values, *_of_agents(world, place.astype(np.int64))


def _team(world: World, _language: str) -> _Column:
    agents = world.agents
    values = [clue("agent.team", team=team_name(each)) for each in range(agents.teams)]
    return values, *_of_agents(world, agents.team[agents.agent_of])


def _of_agents(world: World, by_persona: Ints) -> tuple[Ints, Ints]:
    second = np.where(world.persona2 >= 0, world.persona2, world.persona)
    return _kept(world, by_persona[world.persona]), _kept(world, by_persona[second])


def _length(world: World, _language: str) -> _Column:
    """The nearest of those that are said."""
    edges = [math.sqrt(a * b) for a, b in pairwise(ABOUT_S)]
    values = [clue("length.about", seconds=each) for each in ABOUT_S]
    return values, _kept(world, np.searchsorted(edges, world.length_s)), None


def _transferred(world: World, _language: str) -> _Column:
    values = [clue("event.transferred", was=each) for each in (0, 1)]
    return values, _kept(world, (world.persona2 >= 0).astype(np.int64)), None


def _customer(world: World, _language: str) -> _Column:
    values = [clue("customer.name", name=each) for each in surnames().written]
    return values, _kept(world, world.surname), None


def _order(world: World, _language: str) -> _Column:
    distinct, place = np.unique(world.order[world.order >= 0], return_inverse=True)
    column = np.full(len(world), -1, np.int64)
    column[world.order >= 0] = place
    return [clue("gist", order=f"{each:07}") for each in distinct], _kept(world, column), None


_ASKED: Final[Mapping[str, Callable[[World, str], _Column]]] = {
    "last_digits": _last_digits,
    "month": _month,
    "weekday": _weekday,
    "half_day": _half_day,
    "direction": _direction,
    "surname": _surname,
    "queue": _queue,
    "team": _team,
    "length": _length,
    "transferred": _transferred,
    "customer": _customer,
    "order": _order,
}
