"""The clocks of a machine for all processes of a Rokuon: a test moves them.

Knows nothing of what passes meanwhile. Processes find them by their environment.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

_MINUTE_US: Final = 60_000_000
_DAY_US: Final = 86_400_000_000
# Python imports it before anything else. One file, so that no process sees half of a move.
_SHIFT: Final = """\
import pathlib
from rokuon.machine import clock
_now, _since, _steady, _kernel = (
    clock.now_us, clock.since_boot_us, clock.monotonic_s, clock.kernel_clock
)
_moved = pathlib.Path(__file__).with_name("moved")
def _of(which):
    return int(_moved.read_text().split()[which])
def _said():
    word = _moved.read_text().split()[3]
    return _kernel() if word == "own" else clock.KernelClock(word == "yes", 0)
clock.now_us = lambda: _now() + _of(0)
clock.since_boot_us = lambda: _since() + _of(1)
clock.monotonic_s = lambda: _steady() + _of(2) / 1_000_000
clock.kernel_clock = _said
"""


@dataclass(slots=True)
class Clock:
    """Of every process that is started from now on; `folder` is its own.

    By how much each clock is moved, in µs; `synchronised` is the kernel's word, `own` its own.
    """

    folder: Path
    wall_us: int = 0
    since_boot_us: int = 0
    monotonic_us: int = 0
    synchronised: str = "own"

    @classmethod
    def hung_up(cls, folder: Path, environment: pytest.MonkeyPatch) -> "Clock":
        """Begin with the right time."""
        own = cls(folder)
        own._tell()
        (folder / "sitecustomize.py").write_text(_SHIFT)
        environment.setenv("PYTHONPATH", str(folder), prepend=":")
        return own

    @property
    def now_us(self) -> int:
        """What a process reads off the wall."""
        return time.time_ns() // 1_000 + self.wall_us

    def put_forward(self, days: int) -> None:
        """In one step, for all of them."""
        self.wall_us += days * _DAY_US
        self._tell()

    def pass_by(self, minutes: int) -> None:
        """Let so much time pass: by every clock alike, which is no step."""
        self.wall_us += minutes * _MINUTE_US
        self.since_boot_us += minutes * _MINUTE_US
        self.monotonic_us += minutes * _MINUTE_US
        self._tell()

    def boot(self, days: int) -> None:
        """Start the machine after so many days in which it was off, a minute ago."""
        self.wall_us += days * _DAY_US
        self.since_boot_us = _MINUTE_US - time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000
        self._tell()

    def say(self, *, synchronised: bool) -> None:
        """Have the kernel say so of its clock."""
        self.synchronised = "yes" if synchronised else "no"
        self._tell()

    def _tell(self) -> None:
        new = self.folder / "new"
        told = (self.wall_us, self.since_boot_us, self.monotonic_us, self.synchronised)
        new.write_text(" ".join(map(str, told)))
        new.replace(self.folder / "moved")
