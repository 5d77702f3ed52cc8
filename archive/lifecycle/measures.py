"""What a case does to a recording: it freezes it, stops its use, or has it erased.

Pure. Knows nothing of who may decide so, nor of what a case is beyond its id.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from archive.flaws import Flaw, PartRefused
from archive.ids import RecordingId

# As in the purpose `case:ID`.
_CASE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")


class MeasureKind(StrEnum):
    FREEZE = "freeze"  # it is kept
    SUSPENSION = "suspension"  # nobody uses it
    ERASURE_GRANTED = "erasure_granted"  # who it is about wanted it gone, rightly
    ERASURE_COURT = "erasure_court"  # a court wants it gone


ERASING: Final = (MeasureKind.ERASURE_GRANTED, MeasureKind.ERASURE_COURT)
# While one of these is in force nobody uses the recording.
SUSPENDING: Final = (MeasureKind.SUSPENSION, *ERASING)


class MeasureRefused(PartRefused):
    """A measure that cannot be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One kind of thing that one case does; `whole_conversation`: to all that belong to it."""

    kind: MeasureKind
    case: str
    whole_conversation: bool = False

    def __post_init__(self) -> None:
        if not _CASE.fullmatch(self.case):
            raise MeasureRefused("case", Flaw.NO_CASE)
        if self.whole_conversation and self.kind is not MeasureKind.FREEZE:
            raise MeasureRefused("whole_conversation", Flaw.NOT_WHOLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenMeasure:
    """A measure in force on a recording: since when (µs UTC), by whom, on whose word."""

    measure: Measure
    recording: RecordingId
    taken_us: int
    author: str
    one_person: bool = False
