"""Recording of an inline call is begun by hand, where its route has that on demand.

Steps over the call's value. Knows nothing of who may ask beyond what the route says.
"""

from typing import Final

import msgspec

from capture.inline.notices.notice import settled
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import Step
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import NoticeStage

# By then the relay has heard of it: what arrives from that moment on is kept without a hole.
LEAD_US: Final = 100_000


def started(call: InlineCall, stock: PromptStock, now_us: int) -> Step:
    """What is said is kept in a moment; on such a route once those who are to be told have been.

    They talk on meanwhile: who hears the notice does not hear the other one.
    """
    if not call.is_startable:
        return call, []
    call = call.with_recording(msgspec.structs.replace(call.recording, is_started=True))
    if call.plan.notice.at_start:
        call = _to_be_told(call)
    if not call.notices:
        call = call.with_recording(
            msgspec.structs.replace(call.recording, gate_us=now_us + LEAD_US)
        )
    return settled(call, stock)


def _to_be_told(call: InlineCall) -> InlineCall:
    """With a notice due for each of them, but for who has been told in another call."""
    for side in call.plan.notice.sides if call.plan.notice.prompts else ():
        end = call.end(side)
        if end.notice is not NoticeStage.SENT:
            call = call.with_end(msgspec.structs.replace(end, notice=NoticeStage.DUE, prompt=0))
    return call
