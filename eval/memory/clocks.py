"""Clues of a time of day, and the half hours it is taken for."""

from typing import Final

import numpy as np

from eval.memory.clue import Said, Spoken, clue, mixed
from eval.memory.model import Model, Table
from eval.world.arrays import Floats
from eval.world.calendar import SLOTS

# From and until which half hour; those that overlap are said by turns.
PARTS: Final = {
    "early_morning": (10, 16), "morning": (16, 23), "noon": (23, 27), "afternoon": (26, 34),
    "evening": (32, 38), "night": (38, 46), "late_night": (46, 58),
}  # fmt: skip


def spoken_clocks(model: Model) -> Spoken:
    """Of each half hour of a day."""
    told = [_said_of(slot, model.kinds["clock"]) for slot in range(SLOTS)]
    return Spoken(_kernel(model.errors["clock"]), told)


def _kernel(errors: Table) -> Floats:
    kernel = np.zeros((SLOTS, SLOTS))
    shifts = {int(name): rate for name, rate in errors.items() if name.isdigit()}
    noon = errors.get("noon", 0.0)
    for slot in range(SLOTS):
        kernel[slot, slot] += 1 - sum(shifts.values()) - noon
        kernel[slot, (slot + SLOTS // 2) % SLOTS] += noon
        for by, rate in shifts.items():
            for other in (slot - by, slot + by):
                kernel[slot, other % SLOTS] += rate / 2
    return kernel


def _said_of(slot: int, kinds: Table) -> Said:
    hour = slot // 2
    hours = (hour, (hour + 1) % 24) if slot % 2 else (hour,)
    parts = [name for name, (a, b) in PARTS.items() if a <= slot < b or a <= slot + SLOTS < b]
    said: dict[str, Said] = {
        "part": {clue("clock.part", part=each): 1.0 for each in parts},
        "hour": {clue("clock.hour", hour=each): 1.0 for each in hours},
        "bare_hour": {clue("clock.hour", hour=each % 12, bare=1): 1.0 for each in hours},
        "half": {clue("clock.half", hour=hour): 1.0} if slot % 2 else {},
        "between": {
            clue("clock.between", begin=begin, end=begin + width): 1.0
            for width in (2, 3)
            for begin in range(hour - width + 1, hour + 1)
            if begin >= 0 and begin + width <= 24
        },
        "past_24": {clue("clock.past_24", hour=hour + 24): 1.0} if hour < 3 else {},
    }
    return mixed({kind: (kinds[kind], each) for kind, each in said.items()})
