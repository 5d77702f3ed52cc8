"""The exact posterior of every conversation of a world, given the clues and how they come about.

"No such call" is among the hypotheses. Who asks the product has no such thing to go by.
"""

from dataclasses import dataclass

import numpy as np

from eval.memory.clue import Clue
from eval.memory.sorts import SHIFT_DAY, Sort, unseen_number
from eval.requests.drawn import Memory, Request
from eval.world.arrays import Floats

_WHEN = ("date", SHIFT_DAY, "clock")


@dataclass(frozen=True, slots=True)
class Posterior:
    """By call, and of none; together 1."""

    calls: Floats
    never: float


class Oracle:
    """Knows the world as far as it is kept, and the model."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._donors: dict[str, Floats] = {}

    def posterior(self, request: Request) -> Posterior:
        """Of every conversation."""
        memory = self._memory
        asked_never = memory.model.asked["never"]
        calls = memory.prior * (1 - asked_never)
        never = asked_never
        when = np.ones(len(calls))
        for name, told in request.clues:
            sort = memory.sorts[request.language][name]
            likely, by_chance = self._likely(name, sort, told)
            never *= by_chance
            if name in _WHEN:
                when *= likely
            elif name == "agent":
                calls *= self._or_before(likely, "agent")
            else:
                calls *= likely
        calls *= self._or_before(when, "when")
        total = calls.sum() + never
        return Posterior(calls / total, float(never / total))

    def _likely(self, name: str, sort: Sort, told: Clue) -> tuple[Floats, float]:
        """By call, and of who never called."""
        likely = sort.likelihood(told)
        if name not in self._donors:
            self._donors[name] = self._memory.donors(sort)
        by_chance = float(self._donors[name] @ likely)
        if not sort.known.all():
            likely = np.where(sort.known, likely, by_chance)
        if name == "number":
            return likely, unseen_number(self._memory.model, told)
        return likely, by_chance

    def _or_before(self, likely: Floats, sort: str) -> Floats:
        """Of this call, or of the party's before."""
        rate = self._memory.model.errors["call_before"][sort]
        if not rate:
            return likely
        return (1 - rate) * likely + rate * likely[self._memory.before]
