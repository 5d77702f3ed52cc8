"""How many new INVITEs a node that is late lets in: the law of docs/adr/0050.

Pure: arrivals and `now` in, verdicts out. Knows nothing of sockets, and not how a call is refused.
"""

from dataclasses import dataclass, field, replace
from math import inf
from typing import Final, Self

from capture.admission.source_shares import SourceShares

# RFC 8289 §3.2 judges a queue by the least wait of an interval; a call is set up in 20 ms.
INTERVAL_S: Final = 0.1
TARGET_S: Final = 0.01
# Calm for so long: nothing limits any more.
CALM_S: Final = 1.0
# The 100 leaves by then, or the 503 does (RFC 3261 §17.2.1).
MAX_WAIT_S: Final = 0.2
# Whoever waited longer through a start or a pause has mostly hung up or tried the next target.
MAX_PAUSED_WAIT_S: Final = 4.0
# A turn of the loop takes milliseconds; who was away for so long was not let run.
PAUSE_S: Final = 0.05
# What came during a pause is worked off beside what comes: at 90 % of load in ten times as long.
CATCH_UP: Final = 10.0
_LOWERED: Final = 0.8
_RAISED: Final = 1.03
_RAISED_BEYOND: Final = 1.01
_LEAST_PER_S: Final = 1.0
_NEW_WEIGHT: Final = 0.3


@dataclass(frozen=True, slots=True)
class Interval:
    """What has been seen since `begun_s`: the least wait of an INVITE, and how many were taken."""

    begun_s: float
    least_s: float = inf
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which nobody could be answered; what is late by it is late `until_s`."""

    ended_s: float = -inf
    until_s: float = -inf


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionRate:
    """New INVITEs a second, `inf`: as many as come; `finished_per_s` were while it was late.

    It is limited since `limited_s`: who had come before stands in the queue without leave.
    """

    interval: Interval
    seen_s: float
    per_s: float = inf
    finished_per_s: float = 0.0
    limited_s: float = inf
    calm_since_s: float
    pause: Pause = field(default_factory=Pause)
    shares: SourceShares = field(default_factory=SourceShares)

    @classmethod
    def begun(cls, now_s: float) -> Self:
        """Return that of a node which takes calls from now on: what waited for it is excused."""
        return cls(
            interval=Interval(now_s),
            seen_s=now_s,
            calm_since_s=now_s,
            pause=Pause(now_s, now_s + MAX_PAUSED_WAIT_S),
        )

    @property
    def is_limited(self) -> bool:
        """Does it let in fewer than may come?"""
        return self.per_s < inf

    def turned(self, now_s: float, oldest_s: float) -> Self:
        """Return it after a turn of the loop whose oldest new message arrived then."""
        away_s = now_s - max(self.seen_s, oldest_s)
        rate = replace(self, seen_s=now_s)
        if away_s > PAUSE_S and now_s - self.pause.ended_s > MAX_PAUSED_WAIT_S:
            until_s = now_s + min(CATCH_UP * away_s, MAX_PAUSED_WAIT_S)
            rate = replace(rate, pause=Pause(now_s, until_s))
        return rate._closed(now_s)

    def arrived(self, source: str, now_s: float) -> tuple[Self, bool]:
        """Return it after a new INVITE, and whether that is let into the queue."""
        rate = self._closed(now_s)
        shares, is_taken = rate.shares.asked(source), True
        if rate.is_limited:
            shares, is_taken = shares.taken(source, now_s)
        calm_since_s = rate.calm_since_s if is_taken else inf
        return replace(rate, shares=shares, calm_since_s=calm_since_s), is_taken

    def begun_with(self, source: str, arrived_s: float, now_s: float) -> tuple[Self, bool]:
        """Return it after the turn of one in the queue has come, and whether that is set up."""
        rate, wait_s = self._closed(now_s), max(0.0, now_s - arrived_s)
        is_excused = arrived_s <= rate.pause.ended_s or rate.shares.is_small(source)
        most_s = MAX_WAIT_S if rate.is_limited and not is_excused else MAX_PAUSED_WAIT_S
        shares, is_taken = rate.shares, wait_s <= most_s
        if is_taken and rate.is_limited and arrived_s < rate.limited_s and not is_excused:
            shares, is_taken = shares.taken(source, now_s)
        seen = rate.interval
        interval = Interval(seen.begun_s, min(seen.least_s, wait_s), seen.taken + is_taken)
        return replace(rate, interval=interval, shares=shares), is_taken

    def _closed(self, now_s: float) -> Self:
        """It with the interval judged that is over."""
        elapsed_s = now_s - self.interval.begun_s
        if elapsed_s < INTERVAL_S:
            return self
        is_excused = not self.is_limited and self.interval.begun_s < self.pause.until_s
        is_late = TARGET_S < self.interval.least_s < inf and not is_excused
        rate = self._lowered(elapsed_s) if is_late else self._raised(now_s, elapsed_s)
        shares = self.shares.renewed(rate.per_s, elapsed_s)
        limited_s = min(self.limited_s, now_s) if rate.is_limited else inf
        return replace(rate, limited_s=limited_s, interval=Interval(now_s), shares=shares)

    def _lowered(self, elapsed_s: float) -> Self:
        """It with less than was set up while it was late, and so had all that it could do."""
        if not self.is_limited and self.calm_since_s < inf:
            return replace(self, calm_since_s=inf)
        measured = self.interval.taken / elapsed_s
        if self.is_limited:
            measured = self.finished_per_s + _NEW_WEIGHT * (measured - self.finished_per_s)
        per_s = max(_LEAST_PER_S, min(self.per_s, _LOWERED * measured))
        return replace(self, per_s=per_s, finished_per_s=measured, calm_since_s=inf)

    def _raised(self, now_s: float, elapsed_s: float) -> Self:
        calm_since_s = min(self.calm_since_s, self.interval.begun_s)
        if now_s - calm_since_s >= CALM_S:
            return replace(self, per_s=inf, calm_since_s=calm_since_s)
        raised = _RAISED if self.per_s < self.finished_per_s else _RAISED_BEYOND
        per_s = self.per_s * raised ** (elapsed_s / INTERVAL_S)
        return replace(self, per_s=per_s, calm_since_s=calm_since_s)
