"""A clue, and a table of what is told of each of a few values: days, half hours, agents.

The one table is both drawn from and asked how likely a clue is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.world.arrays import Floats

Value = str | int


@dataclass(frozen=True, slots=True)
class Clue:
    """Its kind, and the values of its slots by name."""

    kind: str
    slots: tuple[tuple[str, Value], ...] = ()

    def as_json(self) -> dict[str, object]:
        """As a request has it."""
        return {"kind": self.kind, "values": dict(self.slots)}


def clue(kind: str, **slots: Value) -> Clue:
    """One of that kind."""
    return Clue(kind, tuple(sorted(slots.items())))


Said = dict[Clue, float]


class Spoken:
    """Clues of each value of a field, which is first taken for another by `kernel`."""

    def __init__(self, kernel: Floats, told: Sequence[Mapping[Clue, float]]) -> None:
        self._kernel = kernel
        self._clues = [list(each) for each in told]
        self._shares = [np.cumsum(list(each.values())) for each in told]
        self._of: dict[Clue, list[tuple[int, float]]] = {}
        for taken, each in enumerate(told):
            for one, share in each.items():
                self._of.setdefault(one, []).append((taken, share))

    def clues(self) -> Iterable[Clue]:
        """All that can be told."""
        return self._of.keys()

    def tell(self, value: int, dice: np.random.Generator) -> Clue:
        """Draw one."""
        taken = int(np.searchsorted(np.cumsum(self._kernel[value]), dice.random()))
        taken = min(taken, len(self._clues) - 1)
        shares = self._shares[taken]
        at = int(np.searchsorted(shares, dice.random() * shares[-1]))
        return self._clues[taken][at]

    def likelihood(self, told: Clue) -> Floats:
        """The chance that it is told, by value."""
        taken = np.zeros(self._kernel.shape[1])
        for at, share in self._of.get(told, ()):
            taken[at] = share
        of_each: Floats = self._kernel @ taken
        return of_each


def mixed(parts: Mapping[str, tuple[float, Said]]) -> Said:
    """Kinds that can be said, each with its weight and the shares of what it says."""
    total = sum(weight for weight, said in parts.values() if said)
    found: Said = {}
    for weight, said in parts.values():
        within = sum(said.values())
        for one, share in said.items():
            found[one] = found.get(one, 0.0) + weight / total * share / within
    return found
