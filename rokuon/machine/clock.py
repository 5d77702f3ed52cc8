"""The only place that reads a clock; everything below is handed what it returns.

Knows nothing of who asks.
"""

import ctypes
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from archive.moments import ClockReading

_US: Final = 1_000_000
# What adjtimex(2) returns of a clock that is not synchronised; less than nothing: it is refused.
_TIME_ERROR: Final = 5
_TIMEX_WORDS: Final = 64
# STA_UNSYNC among the states; struct timex: modes (int, padded), offset, freq, maxerror, esterror,
# status (int, padded) as longs.
_STA_UNSYNC: Final = 0x0040
_ERROR: Final = 4
_STATUS: Final = 5


@dataclass(frozen=True, slots=True)
class KernelClock:
    """What the kernel says of its clock; where it may not be asked it is not synchronised."""

    synchronised: bool
    error_us: int
    is_refused: bool = False


def now_us() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1_000


def now() -> datetime:
    """The moment as an aware UTC time."""
    return datetime.now(UTC)


def monotonic_s() -> float:
    """Seconds on a clock that is never set."""
    return time.monotonic()


def both() -> ClockReading:
    """The one that can be set and the one that never is, at the same moment."""
    return ClockReading(wall_us=now_us(), monotonic_us=int(monotonic_s() * _US))


def since_boot_us() -> int:
    """Microseconds since this machine was started, those included in which it slept."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000


def kernel_clock() -> KernelClock:
    """Ask the kernel, as `timedatectl` does; changes nothing."""
    timex = (ctypes.c_long * _TIMEX_WORDS)()
    state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    synchronised = 0 <= state < _TIME_ERROR and not timex[_STATUS] & _STA_UNSYNC
    return KernelClock(synchronised, timex[_ERROR], is_refused=state < 0)
