"""Requests drawn from the truth by the error model, in sets: clues, and what was meant.

The same world, model, set and seed give the same requests. Knows nothing of who answers them.
"""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from eval.memory.clue import Clue
from eval.memory.model import Model
from eval.memory.sorts import SHIFT_DAY, Dice, Sort, donors, languages, sorts_of
from eval.world.arrays import Floats, Ints
from eval.world.world import Fate, World

NEVER: Final = -1
BURSTS: Final = "bursts"
PAST_24: Final = "clock.past_24"


@dataclass(frozen=True, slots=True)
class Request:
    """Clues by their sort, and the call that is meant, or `NEVER`."""

    language: str
    clues: tuple[tuple[str, Clue], ...]
    meant: int

    def as_json(self, text: str = "") -> str:
        """A line of a file, with the request in words; says nothing of what was meant."""
        told = [each.as_json() for _, each in self.clues]
        line = {"language": self.language, "clues": told} | ({"text": text} if text else {})
        return json.dumps(line, ensure_ascii=False)


class Memory:
    """A world and how people tell of it."""

    def __init__(self, world: World, model: Model) -> None:
        self.world, self.model = world, model
        self.prior = prior_of(world, model)
        self.sorts = {each: sorts_of(model, world, each) for each in languages()}
        self.before = call_before(world)

    def donors(self, sort: Sort) -> Floats:
        """Of calls of which that sort is known, how likely each is told of."""
        return donors(sort, self.world, self.prior)

    def requests(self, name: str, count: int, seed: int) -> Iterator[Request]:
        """So many of the set of that name, in both languages by turns."""
        dice = np.random.default_rng([seed, zlib.crc32(name.encode())])
        of_set = self.prior * self.world.in_burst if name == BURSTS else self.prior
        meant = dice.choice(len(of_set), size=count, p=of_set / of_set.sum())
        never = dice.random(count) < self.model.asked["never"]
        teller = Teller(self, dice)
        for at, language in zip(range(count), (*languages(),) * count, strict=False):
            call = NEVER if never[at] else int(meant[at])
            told = teller.clues(call, language, self.model.sets[name])
            yield Request(language, tuple(told), call)


class Teller:
    """Draws what is said of calls."""

    def __init__(self, memory: Memory, dice: Dice) -> None:
        self._memory, self._dice = memory, dice
        self._donors: dict[str, Floats] = {}

    def clues(
        self, call: int, language: str, chances: Mapping[str, float]
    ) -> Iterator[tuple[str, Clue]]:
        """Of the sorts of a set, as they come."""
        memory, dice = self._memory, self._dice
        rates = memory.model.errors["call_before"]
        when, agent = (
            int(memory.before[call]) if call != NEVER and dice.random() < rates[each] else call
            for each in ("when", "agent")
        )
        told_of = {"date": when, "clock": when, "agent": agent}
        told = {
            name: self._told(name, told_of.get(name, call), language)
            for name, chance in chances.items()
            if dice.random() < chance
        }
        for name, each in told.items():
            if name == "date" and "clock" in told and told["clock"].kind == PAST_24:
                # Drawn apart, so that all else is drawn as it was.
                apart = Teller(memory, dice.spawn(1)[0])
                yield SHIFT_DAY, apart._told(SHIFT_DAY, when, language)
            else:
                yield name, each

    def _told(self, name: str, call: int, language: str) -> Clue:
        sort = self._memory.sorts[language][name]
        if call != NEVER and sort.known[call]:
            return sort.tell(call, self._dice)
        if call == NEVER and name == "number":
            # As of a destroyed one: of no telephone that was seen.
            return self._unseen(sort)
        if name not in self._donors:
            self._donors[name] = np.cumsum(self._memory.donors(sort))
        at = np.searchsorted(self._donors[name], self._dice.random())
        return sort.tell(min(int(at), len(sort.known) - 1), self._dice)

    def _unseen(self, sort: Sort) -> Clue:
        gone = np.flatnonzero(self._memory.world.fate == Fate.DESTROYED)
        return sort.tell(int(gone[0]), self._dice)


def prior_of(world: World, model: Model) -> Floats:
    """The chance of each call to be asked for: new ones sooner."""
    age = world.days - world.day
    weights = model.asked["floor"] + np.exp(-age / model.asked["recent_days"])
    shares: Floats = weights / weights.sum()
    return shares


def call_before(world: World) -> Ints:
    """The call before from the same number, itself where there is none."""
    before: Ints = np.arange(len(world))
    seen = np.flatnonzero((world.number > 0) & (world.fate == Fate.RECORDED))
    order = seen[np.lexsort((world.at_s[seen], world.number[seen]))]
    same = world.number[order][1:] == world.number[order][:-1]
    before[order[1:][same]] = order[:-1][same]
    return before
