"""Which of SIPp's callers goes with which callee, and when each is told to go on.

Between the two of a pair nothing needs to be but a B2BUA that does its duty. Knows nothing of it.
"""

from dataclasses import dataclass
from typing import Final, Literal

Side = Literal["caller", "callee"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two scenarios. Each step: who is told to go on, once its messages have this."""

    caller: str
    callee: str
    steps: tuple[tuple[Side, str], ...] = ()
    status: str = "486 Busy Here"
    keys: tuple[tuple[str, str], ...] = (("header", "Retry-After: 5"),)

    def __str__(self) -> str:
        return f"{self.caller} {self.callee} {self.status[:3]}".removesuffix(" 486")


_ACKED: Final = r"^ACK "
_RANG: Final = r"^SIP/2.0 180 "
_HANGS_UP: Final[tuple[tuple[Side, str], ...]] = (("caller", _ACKED),)
_MOVED: Final = (("header", "Contact: <sip:elsewhere@127.0.0.1:9>"),)
_REFERRED: Final = (("refer_to", "sip:elsewhere@127.0.0.1:9"),)


def _after(status: int, number: int, method: str) -> str:
    """A response to the request of this number."""
    return rf"^SIP/2.0 {status} (?:.+\n)*?CSeq: {number} {method}"


PAIRS: Final = (
    Pair(caller="caller", callee="callee", steps=_HANGS_UP),
    Pair(caller="caller", callee="callee_when_told", steps=(("callee", _RANG), ("caller", _ACKED))),
    Pair(
        caller="caller",
        callee="callee_early",
        steps=(("callee", r"^SIP/2.0 183 "), ("caller", _ACKED)),
    ),
    Pair(caller="caller_hears_bye", callee="callee_hangs_up", steps=(("callee", _ACKED),)),
    Pair(caller="caller_cancels", callee="callee_rings", steps=(("caller", _RANG),)),
    Pair(caller="caller_refused", callee="callee_refuses"),
    Pair(
        caller="caller_refused",
        callee="callee_refuses",
        status="302 Moved Temporarily",
        keys=_MOVED,
    ),
    Pair(caller="caller_offerless", callee="callee", steps=_HANGS_UP),
    Pair(caller="caller_lost_ack", callee="callee", steps=_HANGS_UP),
    Pair(caller="caller_prack", callee="callee_reliable", steps=_HANGS_UP),
    Pair(caller="caller_forked", callee="callee_forks", steps=(("caller", _after(200, 2, "BYE")),)),
    Pair(caller="caller", callee="callee_forks_once", steps=_HANGS_UP),
    Pair(
        caller="caller_reinvites",
        callee="callee_pending",
        steps=(("caller", _ACKED), ("caller", r"^CSeq: 3 ACK")),
    ),
    Pair(
        caller="caller_small_timer",
        callee="callee_small_timer",
        steps=(("caller", r"^CSeq: 2 ACK"),),
    ),
    Pair(
        caller="caller_unauthorized",
        callee="callee_unauthorized",
        steps=(("caller", r"^CSeq: 2 ACK"),),
    ),
    Pair(
        caller="caller_challenged", callee="callee_challenges", steps=(("caller", r"^CSeq: 2 ACK"),)
    ),
    Pair(
        caller="caller_updates",
        callee="callee_updated",
        steps=(("caller", _ACKED), ("caller", _after(200, 2, "UPDATE"))),
    ),
    Pair(
        caller="caller_reprised",
        callee="callee_updates",
        steps=(("callee", _ACKED), ("callee", r"^CSeq: 2 ACK")),
    ),
    Pair(
        caller="caller_referred",
        callee="callee_refers",
        steps=(("callee", _ACKED),),
        keys=_REFERRED,
    ),
)
