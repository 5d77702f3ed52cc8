"""How far a recording of a plan has come on its way out, and which step may follow which.

Pure: one table. A step that is out of turn is a fault of ours. Knows nothing of what a step does.
"""

from enum import StrEnum
from typing import Final

from retention.rules.errors import RetentionError

# Who plans and destroys, and says that it has ended: nobody did it.
ACTOR: Final = "retention"


class Stage(StrEnum):
    """Where a planned recording is; what is done next in each is in `docs/destruction.md`."""

    PLANNED = "planned"
    INTENDED = "intended"  # D1: no longer served
    KEYLESS = "keyless"  # D2: the point of no return
    GONE = "gone"  # D4: a tombstone is left
    DROPPED = "dropped"  # kept after all; the plan says why


class Ended(StrEnum):
    """Why a run ended."""

    DONE = "done"
    STOPPED = "stopped"
    ALTERED = "altered"  # its rows are not those that were approved


_FOLLOWS: Final[dict[Stage, frozenset[Stage]]] = {
    Stage.PLANNED: frozenset({Stage.INTENDED, Stage.DROPPED}),
    # Back, and served again: its keys are there, and it is judged anew with the next batch.
    Stage.INTENDED: frozenset({Stage.KEYLESS, Stage.DROPPED, Stage.PLANNED}),
    Stage.KEYLESS: frozenset({Stage.GONE}),
    Stage.GONE: frozenset(),
    Stage.DROPPED: frozenset(),
}
# Those from which there is more to do.
UNDER_WAY: Final = (Stage.INTENDED, Stage.KEYLESS)


class OutOfTurn(RetentionError):
    """A recording was to take a step that does not follow."""

    def __init__(self, stage: Stage, to: Stage) -> None:
        super().__init__(f"{to} does not follow {stage}")


def advanced(stage: Stage, to: Stage) -> Stage:
    """The stage after a step; one that was taken already is none. Raises `OutOfTurn`."""
    if to is stage:
        return stage
    if to not in _FOLLOWS[stage]:
        raise OutOfTurn(stage, to)
    return to
