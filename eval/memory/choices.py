"""Clues of a few values: direction, queue, what happened, the dialled number, a topic, a tag."""

from collections.abc import Sequence

import numpy as np

from eval.memory.clue import Clue, Spoken
from eval.world.arrays import Floats


def spoken_choices(clues: Sequence[Clue], wrong: float, shares: Floats | None = None) -> Spoken:
    """Of each: it, or one that is drawn by its share from all."""
    count = len(clues)
    drawn = np.full(count, 1 / count) if shares is None else shares / shares.sum()
    kernel = np.eye(count) * (1 - wrong) + wrong * drawn
    return Spoken(kernel, [{each: 1.0} for each in clues])
