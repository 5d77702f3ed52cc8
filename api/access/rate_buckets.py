"""How often somebody may ask: a bucket of tokens for each, and at most so many buckets.

Pure: the time is handed in. Knows nothing of the web, of accounts or of where requests come from.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final

# An account's own; beyond it whoever has not asked for longest begins anew, with a full bucket.
MAX_BUCKETS: Final = 10_000
# A person's screen, command line and script together: as much as this many tokens.
TOKENS_OF_AN_ACCOUNT: Final = 2
# Who mistypes a token or uses an old one notices before; a guess every ten seconds finds nothing.
FAILURES_PER_S: Final = 0.1
FAILURES_AT_ONCE: Final = 20
_US: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """So many a second for as long as one likes, and `burst` at once."""

    per_s: float
    burst: int

    def times(self, count: int) -> "Pace":
        """The pace of so many together."""
        return Pace(per_s=self.per_s * count, burst=self.burst * count)


FAILURES: Final = Pace(per_s=FAILURES_PER_S, burst=FAILURES_AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """What one token may do, and how many tokens that are none one address may send."""

    each_token: Pace
    failures: Pace = FAILURES


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left of a burst at a moment (µs); less than one: nothing may be taken."""

    left: float
    at_us: int

    def at(self, now_us: int, pace: Pace) -> "Bucket":
        """It later, filled up by what has come since; a clock that was set back adds nothing."""
        passed_us = max(0, now_us - self.at_us)
        return Bucket(min(pace.burst, self.left + pace.per_s * passed_us / _US), now_us)

    def wait_s(self, pace: Pace) -> float:
        """After how long there is one to take; 0 where there is."""
        return max(0.0, (1 - self.left) / pace.per_s)


@dataclass(frozen=True, slots=True)
class Buckets:
    """A bucket for each who asks, at one pace."""

    pace: Pace
    most: int = MAX_BUCKETS
    _by_key: OrderedDict[Hashable, Bucket] = field(default_factory=OrderedDict)

    def take(self, key: Hashable, now_us: int) -> float:
        """Take one: 0, or the seconds after which there is one where there is none."""
        full = Bucket(self.pace.burst, now_us)
        bucket = self._by_key.pop(key, full).at(now_us, self.pace)
        wait_s = bucket.wait_s(self.pace)
        self._put(key, bucket if wait_s else Bucket(bucket.left - 1, now_us))
        return wait_s

    def give_back(self, key: Hashable, now_us: int) -> None:
        """Undo a `take` of this key."""
        if key in self._by_key:
            bucket = self._by_key.pop(key).at(now_us, self.pace)
            self._put(key, Bucket(min(self.pace.burst, bucket.left + 1), now_us))

    def _put(self, key: Hashable, bucket: Bucket) -> None:
        self._by_key[key] = bucket
        while len(self._by_key) > self.most:
            self._by_key.popitem(last=False)
