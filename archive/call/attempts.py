"""Attempts at reaching somebody in an inline call, and what each came to.

Pure values. Knows nothing of SIP dialogs or of where a target is.
"""

from collections.abc import Iterable
from typing import Final, Literal

from archive.call.event_values import EndReason, EventAt

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
