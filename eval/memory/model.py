"""The error model: a TOML file as a value. Knows nothing of what its rates mean."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

FIRST: Final = Path(__file__).parents[1] / "models/first.toml"
# A sort of errors has so many at most, however its rates are multiplied.
_MOST: Final = 0.9
# What the second model makes wrong that the first does not.
_CALL_BEFORE: Final = {"when": 0.04, "agent": 0.06}
Table = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of kinds, rates of errors, sets of what is told."""

    asked: Table
    kinds: Mapping[str, Table]
    errors: Mapping[str, Table]
    sets: Mapping[str, Table]


def read_model(path: Path = FIRST) -> Model:
    """As it stands in the file."""
    told = tomllib.loads(path.read_text("utf-8"))
    return Model(told["asked"], told["kinds"], told["errors"], told["sets"])


def varied(model: Model, seed: int) -> Model:
    """Another one: each rate multiplied by 0.5 to 2, and two more kinds of error."""
    dice = np.random.default_rng(seed)
    errors = {
        sort: {name: rate * float(2 ** dice.uniform(-1, 1)) for name, rate in rates.items()}
        for sort, rates in model.errors.items()
    }
    errors["call_before"] = dict(_CALL_BEFORE)
    for sort, rates in errors.items():
        total = sum(rates.values())
        if total > _MOST:
            errors[sort] = {name: rate * _MOST / total for name, rate in rates.items()}
    return replace(model, errors=errors)


def faultless(model: Model) -> Model:
    """A memory without errors: what an exact search takes a clue for."""
    errors = {sort: dict.fromkeys(rates, 0.0) for sort, rates in model.errors.items()}
    return replace(model, errors=errors)
