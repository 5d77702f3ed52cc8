"""How a disk is that the keeper writes to: its room, and for how many days that lasts.

Pure values. Knows nothing of how they are measured.
"""

from typing import Final

import msgspec

_HOUR_US: Final = 3_600_000_000
_DAY_US: Final = 24 * _HOUR_US
# One an hour for a day: what a day brings is known whatever the hour.
SAMPLE_US: Final = _HOUR_US
SAMPLES_US: Final = _DAY_US + _HOUR_US
# From less than this nothing is said of a day.
MIN_SPAN_US: Final = 6 * _HOUR_US


class RoomSample(msgspec.Struct, frozen=True):
    """How many bytes were free at a moment (µs since 1970 UTC)."""

    at_us: int
    free_bytes: int


class DiskState(msgspec.Struct, frozen=True, kw_only=True):
    """A disk as of the last sample, and samples of up to a day before it, the oldest first.

    `refuses`: why it takes no file (`archive.disk.trial`, or `away`); "" where it takes them.
    `samples` is empty, and the sizes 0, where the disk cannot even be measured.
    """

    name: str
    free_bytes: int = 0
    size_bytes: int = 0
    refuses: str = ""
    samples: tuple[RoomSample, ...] = ()

    @property
    def filled_a_day_bytes(self) -> int | None:
        """By how much its room shrank in a day, as the samples have it; None: not known yet."""
        if not self.samples:
            return None
        first, last = self.samples[0], self.samples[-1]
        span_us = last.at_us - first.at_us
        if span_us < MIN_SPAN_US:
            return None
        return (first.free_bytes - last.free_bytes) * _DAY_US // span_us

    @property
    def days_left(self) -> float | None:
        """For how many days its room lasts so; None where it does not fill, or it is not known."""
        filled = self.filled_a_day_bytes
        return self.free_bytes / filled if filled is not None and filled > 0 else None


def sampled(before: tuple[RoomSample, ...], now: RoomSample) -> tuple[RoomSample, ...]:
    """The samples with the latest one, which takes the place of the one before within the hour.

    What is older than a day goes, and what a clock that was set back has left.
    """
    kept = [each for each in before if now.at_us - SAMPLES_US <= each.at_us <= now.at_us]
    if len(kept) > 1 and kept[-1].at_us - kept[-2].at_us < SAMPLE_US:
        kept.pop()
    return (*kept, now)
