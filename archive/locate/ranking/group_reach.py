"""Which groups of a month lie within somebody's reach, by what their texts say.

Pure arrays. Numbers and limits of use are not in groups: who asks has them looked up.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from archive.access.reach import ReachRule, Within
from archive.folded_names import fold_name


def reached_groups(texts: Sequence[str], allowed: Within) -> NDArray[np.bool_]:
    """By code; the empty text, that of erased rows, is within nobody's reach."""
    return np.array([bool(text) and _is_reached(text, allowed) for text in texts], np.bool_)


def others_reached(texts: Sequence[str], allowed: Within) -> NDArray[np.bool_]:
    """Of which of them all recordings are seen: in a range of numbers perhaps some are alone."""
    whole = tuple(rule for rule in allowed.reach if not rule.numbers)
    return reached_groups(texts, replace(allowed, reach=whole))


def _is_reached(text: str, allowed: Within) -> bool:
    told = json.loads(text)
    purposes = told.get("p", ())
    if allowed.purpose and purposes and fold_name(allowed.purpose) not in purposes:
        return False
    return any(_holds(rule, told) for rule in allowed.reach)


def _holds(rule: ReachRule, told: Mapping[str, Sequence[str]]) -> bool:
    """Whether every kind holds that a group can tell; ranges of numbers are decided elsewhere."""
    named = ((rule.queues, "q"), (rule.teams, "t"), (rule.controllers, "c"))
    return all(not wanted or not wanted.isdisjoint(told.get(key, ())) for wanted, key in named)
