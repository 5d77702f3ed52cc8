"""How one part is run, and when it is started again after it has ended by itself.

Pure values. Knows nothing of processes.
"""

import sys
from dataclasses import dataclass
from typing import Final

FIRST_PAUSE_S: Final = 0.5
# A part that cannot start is tried twice a minute: often enough to heal, too rare to load a disk.
LONGEST_PAUSE_S: Final = 30.0
# Who has run for this long was well; its next failure is a first one.
WELL_AFTER_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Pauses:
    """Before a part is started again: doubled from `first_s` with each failure in a row."""

    first_s: float = FIRST_PAUSE_S
    longest_s: float = LONGEST_PAUSE_S

    def after(self, failures: int) -> float:
        """How long to wait before the next start after so many failures in a row, in seconds."""
        return min(self.longest_s, self.first_s * 2.0 ** min(failures - 1, 16))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPlan:
    """How one part is run: what to execute, and how long its start and its end may take.

    One that `has_spare` has a second process beside it, which takes its place when it dies: all but
    reading the configuration and the state is done by then (`rokuon.machine.notify`). Of one that
    `carries_others` all the others have what they live by: when it dies they end, and start anew
    once it is ready again.
    """

    name: str
    command: tuple[str, ...]
    start_s: float = 60.0
    grace_s: float = 15.0
    pauses: Pauses = Pauses()
    has_spare: bool = False
    carries_others: bool = False


@dataclass(slots=True)
class Failures:
    """How often a part has ended by itself in a row."""

    pauses: Pauses
    in_a_row: int = 0

    def pause_s(self, ran_s: float) -> float:
        """It has ended after it ran for `ran_s` seconds: how long to wait before the next start."""
        self.in_a_row = 1 if ran_s > WELL_AFTER_S else self.in_a_row + 1
        return self.pauses.after(self.in_a_row)


def part_command(name: str, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The command line of a part: this interpreter, `rokuon serve PART`, the same configuration."""
    return (sys.executable, "-m", "rokuon", *arguments, "serve", name)
