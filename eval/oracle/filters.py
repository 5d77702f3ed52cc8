"""Exact filters: every clue a field that must fit, the newest first.

Vague times are taken for their window. Of clues that today's search has no field for nothing is
asked: first digits, about how long, what happened, topics.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from eval.memory.clue import Clue
from eval.memory.model import faultless
from eval.memory.sorts import SHIFT_DAY
from eval.requests.drawn import NEVER, Memory, Request
from eval.world.arrays import Flags, Ints
from eval.world.world import Fate, World

_NO_FIELD: Final = ("number.first", "number.withheld", "length", "event", "customer")


@dataclass(frozen=True, slots=True)
class Found:
    """Recorded calls that fit, the newest first; what else is said where none does."""

    calls: Ints
    cause: int


class Filters:
    """The search, asked as well as somebody can who believes every clue."""

    def __init__(self, memory: Memory) -> None:
        self._world = memory.world
        self._exact = Memory(memory.world, faultless(memory.model))

    def find(self, request: Request) -> Found:
        """The calls that fit all."""
        fits = np.ones(len(self._world), dtype=np.bool_)
        for name, told in request.clues:
            if _has_field(told):
                sort = self._exact.sorts[request.language][name]
                fits &= ~sort.known | (sort.likelihood(told) > 0)
                if name not in {"date", SHIFT_DAY, "clock", "number"}:
                    fits &= sort.known | (self._world.fate != Fate.RECORDED)
        calls = np.flatnonzero(fits & (self._world.fate == Fate.RECORDED))[::-1]
        return Found(calls, int(Fate.RECORDED) if len(calls) else _cause(self._world, fits))


def _has_field(told: Clue) -> bool:
    return not told.kind.startswith(_NO_FIELD) and dict(told.slots).get("topic") is None


def _cause(world: World, fits: Flags) -> int:
    """The ledger is asked first, then the tombstones."""
    for fate in (Fate.NOT_RECORDED, Fate.DESTROYED):
        if (fits & (world.fate == fate)).any():
            return int(fate)
    return NEVER
