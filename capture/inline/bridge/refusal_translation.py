"""What a refusal of one side is to the other side: challenge, redirection, overload end here.

Pure (RFC 3261 §8.1.3.4, §16.7 step 6, §20.27, §20.43, §20.44, §22.3). Knows nothing of what a call
makes of a refusal.
"""

from collections.abc import Collection
from typing import Final

import msgspec

from capture.inline.descriptions.speech import speech_line
from capture.inline.state.call_events import Refused
from capture.sdp.acceptance import Unacceptable, what_lacks
from capture.sdp.description import SessionDescription
from capture.sip.build import Header
from capture.sip.credentials import CHALLENGED

SERVER_FAULT: Final = 500
NOT_ACCEPTABLE: Final = 488
_UNAVAILABLE: Final = 480
_OVERLOADED: Final = 503
# A challenge without its header would be none, and it is us who were asked; where a redirection
# leads, which we do not follow, he shall not learn either. Overload of theirs is none of ours: who
# hears 503 takes us for full and calls another node, which calls the same party once more.
_OTHERWISE: Final = {
    **dict.fromkeys((*CHALLENGED, _OVERLOADED), SERVER_FAULT),
    **dict.fromkeys(range(300, 400), _UNAVAILABLE),
}


class TranslatedRefusal(msgspec.Struct, frozen=True):
    """A refusal as it is told: its status, and what says why."""

    status: int
    headers: tuple[Header, ...] = ()

    @property
    def warning(self) -> str:
        """What its Warning says (RFC 3261 §20.43); "" without one."""
        return dict(self.headers).get(b"Warning", b"").decode()


def across(status: int, headers: tuple[Header, ...] = ()) -> TranslatedRefusal:
    """What the other side is told of it; where that is another status, Reason has the first one.

    There is one Reason of each protocol at the most (RFC 3326 §2).
    """
    instead = _OTHERWISE.get(status)
    if instead is None:
        return TranslatedRefusal(status, headers)
    kept = tuple(each for each in headers if not _is_replaced(each))
    return TranslatedRefusal(instead, (*kept, (b"Reason", b"SIP;cause=%d" % status)))


def not_acceptable(
    codecs: Collection[str] = (), offer: SessionDescription | None = None
) -> TranslatedRefusal:
    """488 of our own: `codecs` is what the offer was to be cut to, none: as far as both go."""
    if offer is not None and speech_line(offer) is None:
        return TranslatedRefusal(NOT_ACCEPTABLE, what_lacks(offer).headers)
    why = Unacceptable.NO_FORMAT_OF_NOTICE if codecs else Unacceptable.NO_COMMON_FORMAT
    return TranslatedRefusal(NOT_ACCEPTABLE, why.headers)


def refused_across(refused: Refused) -> Refused:
    """A refusal of the callee, as the caller is told of it."""
    told = across(refused.status, refused.headers)
    if told.status == refused.status:
        return refused
    return Refused(told.status, headers=told.headers)


def _is_replaced(header: Header) -> bool:
    """Reason says why anew, and when to come again was said of another status."""
    name, value = header
    if name.lower() == b"retry-after":
        return True
    return name.lower() == b"reason" and value.strip().lower().startswith(b"sip")
