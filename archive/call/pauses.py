"""The pauses of a recording as its events tell them: masked intervals that keep their place.

Pure. Knows nothing of how they are heard or shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from archive.call.events import Event, RecordingPaused, RecordingResumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """Nothing that arrived from `from_us` until before `until_us` was kept (µs since 1970 UTC).

    `because` is why it ended, "" where no part that is known tells of an end: then `until_us` is
    the end of the recording.
    """

    from_us: int
    until_us: int
    by: str
    reason: str
    because: str


def masked_in(events: Iterable[Event], ended_us: int) -> tuple[Masked, ...]:
    """The masked intervals, oldest first."""
    told = list(events)
    ends = {each.serial: each for each in told if isinstance(each, RecordingResumed)}
    begins = {each.serial: each for each in told if isinstance(each, RecordingPaused)}
    return tuple(_masked(begins[serial], ends.get(serial), ended_us) for serial in sorted(begins))


def lies_between(masked: Iterable[Masked], last_us: int, first_us: int) -> bool:
    """Whether nobody wanted to keep what came between the last packet of a part and the next."""
    return any(each.from_us <= first_us and each.until_us >= last_us for each in masked)


def _masked(begin: RecordingPaused, end: RecordingResumed | None, ended_us: int) -> Masked:
    return Masked(
        from_us=begin.at_us,
        until_us=max(begin.at_us, ended_us if end is None else end.at_us),
        by=begin.by,
        reason=begin.reason,
        because="" if end is None else end.because,
    )
