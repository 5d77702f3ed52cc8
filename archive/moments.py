"""Moments as the archive keeps them, in µs since 1970 UTC, and as times.

Knows no zone but UTC, and no clock.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
US: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """Both clocks at one moment, in µs: the wall's since 1970 UTC, and one that is never set."""

    wall_us: int
    monotonic_us: int


def moment(at_us: int) -> datetime:
    """µs since 1970 UTC as a time."""
    return EPOCH + at_us * US


def microseconds(at: datetime) -> int:
    """The same the other way; what is less than a microsecond is left out."""
    return (at - EPOCH) // US
