"""What stops a sweep: the hour, the share of a day, more than is usual, a clock that stepped.

Pure. Knows nothing of what is destroyed, nor of who reads the clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from archive.moments import ClockReading
from retention.policies.policy import Limits

# Fewer days on which something was destroyed say nothing of what is usual.
LEAST_DAYS: Final = 7
# NTP slews by less; what steps further is no clock to destroy by.
MAX_STEP_US: Final = 10_000_000


class Brake(StrEnum):
    WINDOW = "window"
    SHARE = "share"
    MEDIAN = "median"
    CLOCK = "clock"
    CLOCK_UNSURE = "clock_unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the brakes go by: recordings there are, destroyed today, and on the 30 days before."""

    archived: int
    today: int = 0
    before: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many more may go today; `brake` is what the next one would meet."""

    left: int
    brake: Brake


def allowance(limits: Limits, past: Past) -> Allowance:
    """How many recordings may still be destroyed today."""
    of_archive = ceil(limits.share_per_day * (past.archived + past.today))
    share = Allowance(max(0, of_archive - past.today), Brake.SHARE)
    days = [each for each in past.before if each]
    if len(days) < LEAST_DAYS:
        return share
    usual = ceil(limits.times_median * median(days))
    unusual = Allowance(max(0, usual - past.today), Brake.MEDIAN)
    return min(share, unusual, key=lambda each: each.left)


def is_open(limits: Limits, zone: ZoneInfo, now: datetime) -> bool:
    """Whether the window is: from its first minute until before its last, over midnight too."""
    if limits.window is None:
        return True
    opens, closes = limits.window
    at = now.astimezone(zone).time()
    return opens <= at < closes if opens <= closes else not closes <= at < opens


def has_stepped(earlier: ClockReading, later: ClockReading) -> bool:
    """Whether the wall clock was set between two readings."""
    passed_us = later.monotonic_us - earlier.monotonic_us
    return abs(later.wall_us - earlier.wall_us - passed_us) > MAX_STEP_US


def is_behind(now_us: int, last_us: int) -> bool:
    """Whether it is earlier than what was written down last, by more than clocks differ."""
    return now_us < last_us - MAX_STEP_US
