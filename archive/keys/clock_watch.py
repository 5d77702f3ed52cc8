"""Whether the clock of this machine can be destroyed by: what is known of it since its start.

Pure but for the file in which a person's word is kept. Knows nothing of what is destroyed.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from archive.disk.files import LocalDisk, publish

HOUR_US: Final = 3_600_000_000
# A day off, and the night before it. Longer ones are those in which a clock's battery may end.
PAUSE_US: Final = 36 * HOUR_US
# Of what the kernel says: a time server may be wrong at first, and is looked at again.
SETTLE_US: Final = 10 * 60 * 1_000_000
# NTP slews by less.
STEP_US: Final = 10_000_000


class Doubt(StrEnum):
    """Why nothing is destroyed by this clock."""

    UNSYNCHRONISED = "unsynchronised"  # the kernel does not say that it is
    SETTLING = "settling"  # it says so, for less than ten minutes
    PAUSE = "pause"  # the last sign of life is more than 36 h old
    BEHIND = "behind"  # the last sign of life is of a later time


class KernelWord(StrEnum):
    """What the kernel says of its clock."""

    SYNCHRONISED = "synchronised"
    UNSYNCHRONISED = "unsynchronised"
    UNASKED = "unasked"  # a guest's, or a site without a time server
    REFUSED = "refused"  # a filter of system calls lets nobody ask; as good as no word


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSeen:
    """The clocks at one moment, in µs: the wall's since 1970 UTC, the one since the boot."""

    wall_us: int
    since_boot_us: int
    kernel: KernelWord = KernelWord.UNASKED

    @property
    def boot_us(self) -> int:
        """When the machine was started by its wall clock: another moment after another boot."""
        return self.wall_us - self.since_boot_us


class ClockFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the clock, for a person who looks at another one.

    `doubt`: why nothing is destroyed by it, "": it is; `since_us`: since when, 0: there is none;
    `life_us`: the last sign of life before the key daemon's start, 0: there is none.
    """

    doubt: str = ""
    kernel: str = KernelWord.UNASKED
    since_us: int = 0
    life_us: int = 0


class _Word(msgspec.Struct, frozen=True):
    """What is kept of a person's word: in which boot it was given."""

    boot_us: int


@dataclass(slots=True, kw_only=True)
class ClockWatch:
    """Looks at the clock again and again; `doubt` is why nothing is destroyed now, None: it may be.

    `life_us`: the last sign of life before this start, 0: there is none; `word`: the file of a
    person's word.
    """

    read: Callable[[], ClockSeen]
    life_us: int
    word: Path
    doubt: Doubt | None = None
    _pause: Doubt | None = field(init=False)
    _since_us: int | None = field(default=None, init=False)
    _confirmed_us: int | None = field(default=None, init=False)
    _doubted_us: int | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        first = self.read()
        self._pause = _pause(first.wall_us, self.life_us)
        if first.kernel is KernelWord.SYNCHRONISED and self._pause is None:
            self._since_us = first.since_boot_us - SETTLE_US
        with suppress(OSError, msgspec.DecodeError):
            self._confirmed_us = msgspec.json.decode(self.word.read_bytes(), type=_Word).boot_us
        self.look()

    def look(self) -> Doubt | None:
        """Look now."""
        return self._look_at(self.read())

    def facts(self) -> ClockFacts:
        """Look now, and return all that is known."""
        seen = self.read()
        doubt = self._look_at(seen)
        since_us = 0 if self._doubted_us is None else seen.boot_us + self._doubted_us
        return ClockFacts(
            doubt=doubt or "",
            kernel=seen.kernel,
            since_us=since_us,
            life_us=self.life_us,
        )

    def confirm(self) -> None:
        """A person says that date and time are right: until the next boot, or step of the clock."""
        seen = self.read()
        word = msgspec.json.encode(_Word(seen.boot_us))
        publish(LocalDisk(), self.word, [word])
        self._confirmed_us = seen.boot_us
        self.look()

    def _look_at(self, seen: ClockSeen) -> Doubt | None:
        self.doubt = None if self._is_confirmed(seen) else self._judged(seen)
        if self.doubt is None:
            self._doubted_us = None
        elif self._doubted_us is None:
            self._doubted_us = seen.since_boot_us
        return self.doubt

    def _is_confirmed(self, seen: ClockSeen) -> bool:
        at_us = self._confirmed_us
        return at_us is not None and abs(seen.boot_us - at_us) <= STEP_US

    def _judged(self, seen: ClockSeen) -> Doubt | None:
        if seen.kernel is KernelWord.UNASKED:
            return self._pause
        if seen.kernel is not KernelWord.SYNCHRONISED:
            self._since_us = None
            return Doubt.UNSYNCHRONISED
        if self._since_us is None:
            self._since_us = seen.since_boot_us
        is_settled = seen.since_boot_us - self._since_us >= SETTLE_US
        return None if is_settled else self._pause or Doubt.SETTLING


_UNASKED: Final = ClockSeen(wall_us=0, since_boot_us=0)


def unasked_clock(word: Path = Path("clock-confirmed")) -> ClockWatch:
    """Return the watch of who does not ask: there is no doubt, whatever the clock says."""
    return ClockWatch(read=lambda: _UNASKED, life_us=0, word=word)


def _pause(wall_us: int, life_us: int) -> Doubt | None:
    """What the last sign of life says of the clock at a start."""
    if not life_us:
        return None
    if wall_us < life_us - STEP_US:
        return Doubt.BEHIND
    return Doubt.PAUSE if wall_us - life_us > PAUSE_US else None
