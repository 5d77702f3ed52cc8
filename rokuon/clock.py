"""The only place that reads a clock; everything below is handed what it returns.

Knows nothing of who asks.
"""

import time
from datetime import UTC, datetime


def now_us() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1_000


def now() -> datetime:
    """The moment as an aware UTC time."""
    return datetime.now(UTC)


def monotonic_s() -> float:
    """Seconds on a clock that is never set."""
    return time.monotonic()
