"""Moments as the archive keeps them, in µs since 1970 UTC, and as times.

Knows no zone but UTC, and no clock.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
US: Final = timedelta(microseconds=1)


def moment(at_us: int) -> datetime:
    """µs since 1970 UTC as a time."""
    return EPOCH + at_us * US


def microseconds(at: datetime) -> int:
    """The same the other way; what is less than a microsecond is left out."""
    return (at - EPOCH) // US
