"""Recovery on command: everything in the spool whose writer is gone, sealed and archived now.

Knows nothing of terminals; what was done comes back as a report.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from archive.ids import PartName
from archive.keeper.keeper_rounds import Keeper
from archive.keeper.readoption import PutBackParts, Readoption
from archive.keeper.stuck_parts import StuckFile


class KeyStatus(Protocol):
    """Whether the key daemon is there; see `KeyClient`."""

    def status(self) -> object:
        """Raises `KeyUnavailable` where it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryReport:
    """What a recovery did. All in `archived`; those it had to close also in `finalised`.

    `live`: parts that a writer or another keeper holds, or that have a problem. `removed`: names
    of files without a key or audio.
    """

    archived: tuple[PartName, ...]
    finalised: tuple[PartName, ...]
    with_holes: tuple[PartName, ...]
    live: int
    removed: tuple[str, ...]
    problems: tuple[StuckFile, ...]


def readopt(keeper: Keeper, kept: Readoption, now_us: Callable[[], int]) -> PutBackParts:
    """Have every archived part adopted anew whose key the keystore lacks and whose page is kept.

    Raises `KeyUnavailable`, `OSError`.
    """
    parts: list[PartName] = []
    problems: list[StuckFile] = []
    for step in kept.steps():
        parts += step.parts
        problems += step.problems
        if step.parts:
            keeper.round(now_us(), probes_all=True)
    return PutBackParts(parts=tuple(parts), problems=tuple(problems))


def recover_all(keeper: Keeper, keys: KeyStatus, now_us: Callable[[], int]) -> RecoveryReport:
    """One pass over the whole spool; a keeper of patience 0 also names what is short and young.

    Raises `KeyUnavailable` before anything else where the key daemon cannot be reached.
    """
    keys.status()
    done = keeper.round(now_us(), probes_all=True)
    return RecoveryReport(
        archived=done.archived,
        finalised=done.recovered,
        with_holes=done.with_holes,
        live=done.live,
        removed=done.removed,
        problems=keeper.problems,
    )
