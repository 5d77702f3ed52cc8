"""Waiting for something to be so, with a deadline.

Knows nothing of what is waited for.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypeVar

T = TypeVar("T")
_LOOK_AGAIN_S: Final = 0.05
# Who looked for long rests so many times as long, before the next look.
_REST: Final = 1


def now() -> datetime:
    """This moment; scenarios search by the time of what they did."""
    return datetime.fromtimestamp(time.time_ns() / 1e9, UTC)


class NeverCame(AssertionError):
    """What was waited for did not come in time."""


def until(find: Callable[[], T | None], what: str, *, within_s: float = 20.0) -> T:
    """What `find` returns as soon as it is not None. Raises `NeverCame`."""
    deadline_s = time.monotonic() + within_s
    while True:
        began_s = time.monotonic()
        found = find()
        if found is not None:
            return found
        if time.monotonic() >= deadline_s:
            raise NeverCame(f"{what} did not come within {within_s} s")
        # To look costs what those need who are looked at: command lines, correlations.
        time.sleep(max(_LOOK_AGAIN_S, _REST * (time.monotonic() - began_s)))


def met(condition: Callable[[], bool], what: str, *, within_s: float = 20.0) -> None:
    """Return as soon as the condition holds. Raises `NeverCame`."""
    until(lambda: True if condition() else None, what, within_s=within_s)
