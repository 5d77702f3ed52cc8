"""The beep that reminds both parties, every so many seconds, that they are recorded.

Steps over the call's value. Knows nothing of audio; it names a prepared tone.
"""

from typing import Final

import msgspec

from capture.inline.notices.notice import file_for
from capture.inline.state.call import InlineCall
from capture.inline.state.ends import End
from capture.inline.state.prompt_stock import PromptStock
from capture.links.relay_messages import Playing, Side
from capture.prompts.tones import RECORDING_BEEP

BEEP: Final = RECORDING_BEEP.name
_US: Final = 1_000_000


def is_due(call: InlineCall, now_us: int) -> bool:
    """Are both talking, recorded, and has nobody been reminded for the route's time?"""
    if (
        not call.plan.notice.beep_s
        or not call.is_joined
        or not call.recording.gate_us
        or call.recording.unrecorded
    ):
        return False
    return (
        now_us - max(call.recording.gate_us, call.recording.beeped_us)
        >= call.plan.notice.beep_s * _US
    )


def beeped(call: InlineCall, stock: PromptStock, now_us: int) -> InlineCall:
    """Have it played to each party that listens; what the other one says meanwhile is not heard."""
    for side in Side:
        end = call.end(side)
        if end.listens and end.plays is None:
            call = _ordered(call, end, stock)
    return call.with_recording(msgspec.structs.replace(call.recording, beeped_us=now_us))


def _ordered(call: InlineCall, end: End, stock: PromptStock) -> InlineCall:
    chosen = file_for(end, BEEP, stock)
    if chosen is None:
        return call
    playing = Playing(serial=call.serial + 1, prompt=chosen[0], payload_type=chosen[1])
    later = msgspec.structs.replace(end, plays=playing)
    return msgspec.structs.replace(call.with_end(later), serial=playing.serial)
