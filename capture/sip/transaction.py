"""What all transactions share: the timers of RFC 3261 §17 and what a step puts out.

Times are seconds of the caller's monotonic clock. Knows no state.
"""

from typing import Final

import msgspec

from capture.sip.flow import Flow
from capture.sip.message import Response

# RFC 3261 §17.1.1.1, table 4: round-trip estimate, longest interval, life of a message.
T1_S: Final = 0.5
T2_S: Final = 4.0
T4_S: Final = 5.0
# Timers B, F, H, J, L and M, and the wait for the ACK of a 2xx (§13.3.1.4).
TIMEOUT_S: Final = 64 * T1_S
TIMEOUT_US: Final = int(TIMEOUT_S * 1_000_000)
# Timer D (§17.1.1.2): at least 32 s.
TIMER_D_S: Final = 32.0
# An INVITE that nobody answered by then gets a 100 (§17.2.1).
TRYING_AFTER_S: Final = 0.2
# Timer E has grown to T2 by then, so that a 100 no longer costs a retransmission (RFC 4320 §4.1).
LATE_TRYING_AFTER_S: Final = 3.5
# A provisional response stops timer B; this is the bound instead (timer C, §16.6).
RINGING_TIMEOUT_S: Final = 180.0


class Transmit(msgspec.Struct, frozen=True):
    """Send these bytes: `by` another way, or along the transaction's flow."""

    data: bytes
    by: Flow | None = None


class Deliver(msgspec.Struct, frozen=True):
    """Hand this response to the user of the transaction."""

    response: Response


class GaveUp(msgspec.Struct, frozen=True):
    """No final response came in time, or none can come: the peer `is_away`."""

    is_away: bool = False


class RingTimeout(msgspec.Struct, frozen=True):
    """Provisional responses came and nothing else: whoever rings must be told that it is over."""


Output = Transmit | Deliver | GaveUp | RingTimeout


class Backoff(msgspec.Struct, frozen=True, kw_only=True):
    """A retransmission that is due, and the interval that led to it; each one doubles."""

    due_s: float
    interval_s: float = T1_S
    longest_s: float = T2_S

    def after(self, now_s: float) -> "Backoff":
        """The next one, counted from when this was really sent."""
        interval_s = min(2 * self.interval_s, self.longest_s)
        return Backoff(due_s=now_s + interval_s, interval_s=interval_s, longest_s=self.longest_s)


def is_due(at_s: float | None, now_s: float) -> bool:
    """Has this time come? One that is not set never does."""
    return at_s is not None and at_s <= now_s


def earliest(*times_s: float | None) -> float | None:
    return min((at_s for at_s in times_s if at_s is not None), default=None)
