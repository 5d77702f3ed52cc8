"""Clues of the length of a call: about so long, or only short or long."""

import math
from itertools import pairwise
from typing import Final

import numpy as np

from eval.memory.clue import Said, Spoken, clue
from eval.memory.model import Model

LONGEST_S: Final = 7_200
ABOUT_S: Final = (30, 60, 120, 180, 300, 600, 900, 1_200, 1_800, 2_700, 3_600)
_PLAIN: Final = 0.3
_SHORT_S, _LONG_S = 60, 900


def spoken_lengths(model: Model) -> Spoken:
    """Of each second up to the longest call; what is taken for it is a word's length."""
    factor = model.errors["length"]["factor"]
    edges = [
        0.0,
        *(math.sqrt(a * b) for a, b in pairwise(ABOUT_S)),
        math.inf,
    ]
    kernel = np.zeros((LONGEST_S + 1, len(ABOUT_S)))
    for second in range(1, LONGEST_S + 1):
        below = [_below(edge, second, factor) for edge in edges]
        kernel[second] = np.diff(below)
    kernel[0] = kernel[1]
    return Spoken(kernel, [_said_of(each) for each in ABOUT_S])


def _below(edge: float, second: int, factor: float) -> float:
    if edge in {0.0, math.inf} or not factor:
        return float(second < edge)
    return 0.5 * (1 + math.erf(math.log(edge / second) / factor / math.sqrt(2)))


def _said_of(seconds: int) -> Said:
    about = clue("length.about", seconds=seconds)
    plain = "short" if seconds <= _SHORT_S else "long" if seconds >= _LONG_S else ""
    if not plain:
        return {about: 1.0}
    return {about: 1 - _PLAIN, clue("length.short_or_long", length=plain): _PLAIN}
