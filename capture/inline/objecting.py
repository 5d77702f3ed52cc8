"""A party that was told does not want to be recorded, and says so by a key.

Steps over the call's value. Knows nothing of how keys are heard.
"""

from typing import Final

import msgspec

from capture.inline.call import InlineCall, NoticeStage
from capture.inline.events import KeyPressed
from capture.inline.noticing import settled
from capture.inline.steps import Step, Stock

REFUSED: Final = "refused"
_TOLD: Final = frozenset({NoticeStage.PLAYING, NoticeStage.SENT})


def key_pressed(call: InlineCall, event: KeyPressed, stock: Stock, now_us: int) -> Step:
    """Nothing is kept of who says no in time; whoever still hears the notice need not hear it out.

    A key that comes later is somebody else's business.
    """
    if not _refuses(call, event, now_us):
        return call, []
    end = msgspec.structs.replace(call.end(event.side), notice=NoticeStage.SENT, plays=None)
    call = msgspec.structs.replace(
        call.with_end(end), unrecorded=REFUSED, refused_by=(event.side, event.digit)
    )
    return settled(call, stock)


def _refuses(call: InlineCall, event: KeyPressed, now_us: int) -> bool:
    if event.digit != call.plan.refusal_key or not event.digit or call.unrecorded:
        return False
    is_in_time = not call.gate_us or now_us < call.gate_us
    return is_in_time and call.end(event.side).notice in _TOLD
