"""Clues of a call's topic: a word, an order number, a tag, as far as it was written down.

Order numbers have seven digits, of which one may be wrong.
"""

from typing import Final

import numpy as np

from eval.memory.clue import Clue, clue
from eval.memory.model import Model
from eval.world.arrays import Floats
from eval.world.world import TAGS, TOPICS, World

_DIGITS: Final = 7


class SpokenGist:
    """Of each call of a world."""

    def __init__(self, model: Model, world: World) -> None:
        self._world = world
        kinds, self._errors = model.kinds["gist"], model.errors["other"]
        weights = np.stack(
            [
                np.full(len(world), kinds["topic"]),
                kinds["order"] * (world.order >= 0),
                kinds["tag"] * (world.tag >= 0),
            ]
        )
        self._shares: Floats = weights / weights.sum(axis=0)
        self._topics = np.bincount(world.topic, minlength=len(TOPICS)) / len(world)

    def tell(self, call: int, dice: np.random.Generator) -> Clue:
        """Draw what is said of a call."""
        world = self._world
        sort = int(dice.choice(3, p=self._shares[:, call]))
        if sort == 0:
            wrong = dice.random() < self._errors["topic"]
            topic = dice.choice(len(TOPICS), p=self._topics) if wrong else world.topic[call]
            return clue("gist", topic=TOPICS[topic])
        if sort == 1:
            order = int(world.order[call])
            if dice.random() < self._errors["order"]:
                place, by = 10 ** int(dice.integers(_DIGITS)), int(dice.integers(1, 10))
                digit = order // place % 10
                order += ((digit + by) % 10 - digit) * place
            return clue("gist", order=f"{order:0{_DIGITS}}")
        wrong = dice.random() < self._errors["tag"]
        tag = int(dice.integers(len(TAGS))) if wrong else int(world.tag[call])
        return clue("gist", tag=TAGS[tag])

    def likelihood(self, told: Clue) -> Floats:
        """The chance that it is said, by call."""
        ((name, value),) = told.slots
        world, errors = self._world, self._errors
        said: Floats
        if name == "topic":
            topic = TOPICS.index(str(value))
            by_chance = errors["topic"] * self._topics[topic]
            said = self._shares[0] * ((1 - errors["topic"]) * (world.topic == topic) + by_chance)
        elif name == "tag":
            by_chance = errors["tag"] / len(TAGS)
            right = world.tag == TAGS.index(str(value))
            said = self._shares[2] * ((1 - errors["tag"]) * right + by_chance)
        else:
            said = self._shares[1] * self._orders(int(value))
        return said

    def _orders(self, order: int) -> Floats:
        wrong = np.zeros(len(self._world), dtype=np.int64)
        for place in range(_DIGITS):
            wrong += self._world.order // 10**place % 10 != order // 10**place % 10
        rate = self._errors["order"]
        said: Floats = (wrong == 0) * (1 - rate) + (wrong == 1) * rate / _DIGITS / 9
        return said
