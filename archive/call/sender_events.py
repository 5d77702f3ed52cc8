"""What is heard, by which key and of whom; who was called, and when parties may hear each other.

Pure values, as EVENT frames keep them. Knows nothing of other events, frames or packets.
"""

from collections.abc import Iterable
from typing import Final, Literal

from archive.call.event_values import EndReason, EventAt, LatchRule

AttemptOutcome = Literal[
    "rang",
    "sounded",  # it rings, and the callee is heard before the answer
    "answered",
    "redirected",
    "refused",
    "unanswered",
    "unreachable",
    "given_up",
]
# A hunt group has a handful; each is an event of the recording.
MAX_ATTEMPTS: Final = 32
_BUSY: Final = frozenset({486, 600})
_DECLINED: Final = frozenset({403, 603, 607})
UNANSWERED: Final = frozenset({408, 480})


class StreamKeyed(EventAt, frozen=True, kw_only=True, tag="stream_keyed"):
    """The stream comes as SRTP from now on, with a key of this `a=crypto` (RFC 4568 §9.1).

    `crypto` is "" outside of the sealed file: it opens what is said.
    """

    stream: int
    crypto: str = ""


class StreamLatched(EventAt, frozen=True, kw_only=True, tag="stream_latched"):
    """Whose packets are heard on the stream from now on (docs/format.md, EVENT); all are kept.

    `address` and `port` are where the last description says that its author is, "" where it names
    no IP address.
    """

    stream: int
    rule: LatchRule
    address: str = ""
    port: int = 0


class StreamHeard(EventAt, frozen=True, kw_only=True, tag="stream_heard"):
    """Whom the stream's worker has come to hear; a later part begins with the last one."""

    stream: int
    address: str
    port: int
    ssrc: int


class PartiesJoined(EventAt, frozen=True, kw_only=True, tag="parties_joined"):
    """Both have answered and every notice is over: who is silent from now on has said nothing."""


class PartiesParted(EventAt, frozen=True, kw_only=True, tag="parties_parted"):
    """One place of the call is vacant, or told of recording anew: nobody hears the other."""


class Attempted(EventAt, frozen=True, kw_only=True, tag="attempted"):
    """One step of an attempt: it rang, or what it came to.

    `target` is that of the configuration, "" of who came by himself; `status` is the response's, 0
    where none came.
    """

    target: str
    outcome: AttemptOutcome
    status: int = 0


def attempts_in(events: Iterable[object]) -> tuple[Attempted, ...]:
    """All attempts of a recording, in the order in which they were told."""
    return tuple(each for each in events if isinstance(each, Attempted))


def failed_because(last: Attempted) -> EndReason | None:
    """Return why a call ended whose last attempt came to this; None where it says nothing."""
    match last.outcome:
        case "refused" | "redirected":
            return _refused_because(last.status)
        case "unanswered":
            return "unanswered"
        case "unreachable":
            return "unreachable"
        case "given_up":
            return "cancel"
        case _:
            return None


def _refused_because(status: int) -> EndReason:
    if status in _BUSY:
        return "busy"
    if status in _DECLINED:
        return "declined"
    return "unanswered" if status in UNANSWERED else "unreachable"
