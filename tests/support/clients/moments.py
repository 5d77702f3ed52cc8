"""Moments as clients count and write them.

Knows nothing of calls.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def moment(at_us: int) -> datetime:
    """µs since 1970 as a time."""
    return _EPOCH + timedelta(microseconds=at_us)


def us(text: str) -> int:
    """A time as µs since 1970."""
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(microseconds=1)
