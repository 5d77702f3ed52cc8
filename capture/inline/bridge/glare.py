"""A change of ours that met one of theirs: we ask again, not at once (RFC 3261 §14.1).

Steps over the call's value; what is random comes in. Knows nothing of what is asked.
"""

from typing import Final

import msgspec

from capture.inline.state.call import InlineCall
from capture.inline.state.call_events import Reanswered

PENDING: Final = 491
_UNIT_US: Final = 10_000
# In units of 10 ms: 2.1 to 4 s, and 0 to 2 s.
_OURS: Final = range(210, 401)
_THEIRS: Final = range(201)


def wait_us(chance: int, *, made_call_id: bool) -> int:
    """How long we wait, by a random number: who made the Call-ID waits longer."""
    span = _OURS if made_call_id else _THEIRS
    return span[chance % len(span)] * _UNIT_US


def put_off(call: InlineCall, event: Reanswered, now_us: int) -> InlineCall:
    """The change is not made now, and who has one of his own is left alone so long."""
    owed = msgspec.structs.replace(call.owed, quiet_until_us=now_us + event.wait_us)
    return msgspec.structs.replace(call, change=None, owed=owed)


def is_owed(call: InlineCall, now_us: int) -> bool:
    """Is a side to be asked again, and may it be by now?"""
    is_free = call.owed.side is not None and call.change is None and not call.has_vacancy
    return is_free and now_us >= call.owed.quiet_until_us
