"""A question to the ranking: clues, and what was looked up for them elsewhere.

Values alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from archive.locate.clues import Clue
from archive.locate.ranking.people import People

_NOTHING: Final = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Recordings within reach that an index found of a text, and the rate of each (0 or below).

    `told` is of how many rows within reach it is known at all; `is_cut`: there are so many that old
    ones were perhaps not looked at.
    """

    start_us: NDArray[np.int64]
    recordings: NDArray[np.int64]
    log_rates: NDArray[np.float64]
    told: int
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The call of "before" or "after that one": when, and whose number (its digits)."""

    start_us: int
    number: str


@dataclass(frozen=True, slots=True)
class CodedNumbers:
    """Numbers from their ends, each once and in order; which of them each call has."""

    distinct: NDArray[np.bytes_] = field(default_factory=lambda: np.empty(0, "S16"))
    codes: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, np.intp))

    @classmethod
    def of(cls, numbers: NDArray[np.bytes_]) -> Self:
        return cls(*np.unique(numbers, return_inverse=True))

    def at(self, place: int) -> bytes:
        return bytes(self.distinct[self.codes[place]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecorded:
    """Calls within reach that were not recorded: when, and the outside number from its end.

    Without a number they were withheld, as flags of columns say, or it is not known.
    """

    start_us: NDArray[np.int64] = field(default_factory=_NOTHING.copy)
    numbers: CodedNumbers = field(default_factory=CodedNumbers)
    flags: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, at a moment, in a zone.

    `found`, `anchors` and `excluded` (recordings with their beginning) are by the clue's place.
    """

    clues: Sequence[Clue]
    now_us: int
    zone: ZoneInfo
    people: People = field(default_factory=People)
    found: Mapping[int, Found] = field(default_factory=dict)
    anchors: Mapping[int, Anchor] = field(default_factory=dict)
    unrecorded: Unrecorded = field(default_factory=Unrecorded)
    destroyed_us: NDArray[np.int64] = field(default_factory=_NOTHING.copy)  # the hour of each

    @property
    def last_us(self) -> int:
        """The last moment that lies behind: at midnight the day that begins is to come."""
        return self.now_us - 1
