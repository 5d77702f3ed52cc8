"""From which day on no backup opens what was destroyed, and what may be claimed of that.

Pure. Knows nothing of keystores: it is told which epochs there are (docs/keys.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from archive.keys.epochs.epochs import Epoch, EpochState

HOUR_US: Final = 3_600_000_000


class Assurance(StrEnum):
    """Which copies of an epoch key are known to be gone with it."""

    KNOWN_COPIES = "known_copies"
    ONE_PLACE = "one_place"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPlan:
    """How often epochs turn (0: on command alone) and how many turns a key outlives its epoch."""

    every_us: int
    keep: int
    assurance: Assurance = Assurance.KNOWN_COPIES


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupEnd:
    """No backup opens what is destroyed now once `ends_with` is in force and `waits_for` are gone.

    `planned_us`: µs since 1970 UTC, None where epochs turn on command alone. `waits_for`: epochs
    that are due and held back, each of which opens more than was planned.
    """

    epoch: int
    ends_with: int
    planned_us: int | None
    waits_for: tuple[int, ...]
    assurance: Assurance


def backup_end(epochs: Sequence[Epoch], plan: TurnPlan) -> BackupEnd:
    """For what is destroyed now. A turn under way may have copied it: then its epoch counts."""
    living = [each for each in epochs if each.state is not EpochState.DESTROYED]
    last = living[-1]
    current = next(each for each in living if each.state is EpochState.CURRENT)
    turns = last.number + plan.keep - current.number
    return BackupEnd(
        epoch=last.number,
        ends_with=last.number + plan.keep,
        planned_us=current.created_us + turns * plan.every_us if plan.every_us else None,
        waits_for=tuple(
            each.number for each in living if each.number <= current.number - plan.keep
        ),
        assurance=plan.assurance,
    )
