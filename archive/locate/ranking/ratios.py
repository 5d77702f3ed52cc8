"""Likelihood ratios of what is told, of one value against a call at random.

Pure arithmetic, the same in every order of the values.
"""

import math
from math import fsum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# No clue takes away more than this: a false memory excludes nothing.
FLOOR: Final = -9.0
OUTSIDE: Final = -np.inf


def chance(fits: Floats, weights: NDArray[np.float64] | NDArray[np.int64]) -> float:
    """The mean fit of the values, each by its weight."""
    known = np.flatnonzero(~np.isnan(fits) & (weights > 0))
    total = fsum(weights[known].tolist())
    return fsum((weights[known] * fits[known]).tolist()) / total if total else 0.0


def ratios(fits: Floats, weights: NDArray[np.float64] | NDArray[np.int64], wrong: float) -> Floats:
    """P(told | value) / P(told), where it is told at random at the rate `wrong`.

    `fits` is how likely it is told of each value, but for a factor; nan where nothing is known.
    """
    by_chance = chance(fits, weights)
    if not by_chance:  # nothing fits: it is a clue to nothing
        return np.ones(len(fits))
    found: Floats = np.where(np.isnan(fits), 1.0, (1 - wrong) * fits / by_chance + wrong)
    return found


def log_rates(found: Floats) -> Floats:
    """The logarithm of ratios, bounded below."""
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(found), FLOOR)


def only(
    fits: NDArray[np.bool_], weights: NDArray[np.float64] | NDArray[np.int64], rows: float
) -> Floats:
    """The log rates of a certain clue: −log of the share that fits, what does not is outside.

    The share is that of all rows: what is not known does not fit it.
    """
    fitting = fsum(weights[fits].tolist())
    return np.where(fits, math.log(rows / fitting) if fitting else 0.0, OUTSIDE)
