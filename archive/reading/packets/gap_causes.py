"""Why packets of a part are missing: told by its own GAP frames, its damage, or by nobody.

Pure. What nobody tells of was lost on the way. Knows nothing of files, or of who is told.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from archive.call.adoption import GapBecause, StreamGap
from archive.format.end import UNKNOWN_PACKETS, Gap, GapCause
from archive.format.frames import WHOLE_RECORDING
from archive.reading.packets.blocks import KEY_SHIFT
from archive.reading.packets.lacks import LEAST_QUIET_US, Lack, Lacks
from archive.reading.packets.seconds import PlainRange

# Holes that are nearer to each other are one stretch with loss: so an ear hears it.
NEAR_US: Final = 1_000_000
# Of a stream in a part; more of them say nothing new, and are told as fewer longer ones.
MAX_GAPS: Final = 1_000

_BECAUSE: Final[dict[GapCause, GapBecause]] = {
    GapCause.KERNEL_DROPPED: "overrun",
    GapCause.RELAY_FULL: "overrun",
    GapCause.WRITER_FAILED: "not_written",
    GapCause.NODE_STOPPED: "node_stopped",
}


class GapCauses:
    """What a part tells of missing packets, while its frames pass."""

    def __init__(self) -> None:
        self._told: dict[int, list[Gap]] = {}
        self._damage: list[PlainRange] = []

    def note(self, stream: int, gap: Gap) -> None:
        """Take a GAP frame, its times on the part's line."""
        self._told.setdefault(stream, []).append(gap)

    def damaged(self, where: PlainRange) -> None:
        """Take a place where no frame can be read."""
        self._damage.append(where)

    def tell(self, stream: int, lacks: Lacks) -> tuple[StreamGap, ...]:
        """The gaps of a stream in their order; what a pause left out is none."""
        told = [*self._told.get(stream, ()), *self._told.get(WHOLE_RECORDING, ())]
        found = [
            StreamGap(stream, a, b, 0, b - a, "not_sent")
            for a, b in lacks.quiet
            if not any(_is_in(each, (a, b)) for each in told)
        ]
        seen: set[int] = set()
        for lack in lacks.missing:
            own = [n for n, gap in enumerate(told) if _is_in(gap, lack.arrivals_us)]
            seen.update(own)
            cause = told[own[0]].cause if own else None
            if cause is not GapCause.PAUSED:
                found.append(_gap(stream, lack, self._why(lack, cause)))
        found += _unseen(stream, (gap for n, gap in enumerate(told) if n not in seen))
        return _few(found)

    def _why(self, lack: Lack, cause: GapCause | None) -> GapBecause:
        if cause is not None:
            return _BECAUSE[cause]
        first, last = (key >> KEY_SHIFT for key in lack.keys)
        is_damaged = any(first < each.stop and each.start <= last for each in self._damage)
        return "damaged" if is_damaged else "lost"


def _is_in(gap: Gap, around_us: tuple[int, int]) -> bool:
    return gap.from_us <= around_us[1] and gap.until_us >= around_us[0]


def _gap(stream: int, lack: Lack, because: GapBecause) -> StreamGap:
    absent_us = lack.until_us - lack.from_us
    return StreamGap(stream, lack.from_us, lack.until_us, lack.packets, absent_us, because)


def _unseen(stream: int, told: Iterable[Gap]) -> Iterable[StreamGap]:
    """What no number tells of: after it nothing more came of its source."""
    for gap in told:
        if gap.cause is not GapCause.PAUSED:
            packets = 0 if gap.packets == UNKNOWN_PACKETS else gap.packets
            until_us = max(gap.from_us, gap.until_us)
            absent_us = until_us - gap.from_us
            because = _BECAUSE[gap.cause]
            yield StreamGap(stream, gap.from_us, until_us, packets, absent_us, because)


def _few(found: list[StreamGap]) -> tuple[StreamGap, ...]:
    near_us = NEAR_US
    merged = _merged(found, near_us)
    while len(merged) > MAX_GAPS:
        near_us *= 2
        merged = _merged(merged, near_us)
    return tuple(merged)


def _merged(found: Iterable[StreamGap], near_us: int) -> list[StreamGap]:
    """Short neighbours of one cause as one; long ones too where there are too many."""
    merged: list[StreamGap] = []
    last: dict[GapBecause, int] = {}
    for gap in sorted(found, key=lambda each: (each.from_us, each.until_us)):
        place = last.get(gap.because)
        before = None if place is None else merged[place]
        is_apart = near_us == NEAR_US and (_is_long(gap) or before is None or _is_long(before))
        if place is None or before is None or is_apart or gap.from_us - before.until_us > near_us:
            last[gap.because] = len(merged)
            merged.append(gap)
        else:
            merged[place] = _both(before, gap)
    return merged


def _is_long(gap: StreamGap) -> bool:
    """Whether it is seen as one hole on a time line."""
    lasting_us = gap.until_us - gap.from_us
    return gap.absent_us == lasting_us >= LEAST_QUIET_US


def _both(one: StreamGap, other: StreamGap) -> StreamGap:
    return msgspec.structs.replace(
        one,
        until_us=max(one.until_us, other.until_us),
        packets=one.packets + other.packets,
        absent_us=one.absent_us + other.absent_us,
    )
