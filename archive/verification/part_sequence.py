"""Whether the parts of a recording follow one another: 0 to n, the last one last, of one node.

Pure. Knows rows, nothing of files.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from archive.ids import NodeId, PartName
from archive.verification.faults import Fault, Finding

# Why a writer begins another part while the call goes on: there must be one.
ROLLED_OVER: Final = frozenset({"length", "size"})
# A part lasts an hour at most; the next one may have to wait for the keeper, which is alarmed.
GOES_ON_US: Final = 2 * 3_600_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A part as its row has it, the latest generation of it."""

    name: PartName
    node: NodeId
    end_reason: str
    is_last: bool
    last_us: int


def course_findings(parts: Sequence[Filed], now_us: int) -> Iterator[Finding]:
    """What does not follow. `parts`: all that a recording has, in any order."""
    if not parts:
        return
    by_number = {part.name.part: part for part in parts}
    first, top = by_number[min(by_number)], by_number[max(by_number)]
    for number in sorted(set(range(top.name.part)) - set(by_number)):
        yield Finding(str(PartName(first.name.recording, number)), Fault.PART_MISSING)
    ends = [number for number, part in by_number.items() if part.is_last]
    for number in sorted(by_number):
        if ends and number > min(ends):
            yield Finding(str(by_number[number].name), Fault.PART_AFTER_LAST)
        if by_number[number].node != first.node:
            yield Finding(str(by_number[number].name), Fault.OTHER_NODE)
    if not ends and _must_go_on(top, now_us):
        after = PartName(top.name.recording, top.name.part + 1)
        yield Finding(str(after), Fault.LAST_PART_MISSING)


def _must_go_on(top: Filed, now_us: int) -> bool:
    return top.end_reason in ROLLED_OVER and now_us - top.last_us > GOES_ON_US
