"""Nothing more is to be kept: a party that was told says so by a key, or somebody by hand.

Steps over the call's value. Knows nothing of how keys are heard or of who may ask.
"""

import msgspec

from archive.call.refusal_reasons import Reason
from capture.inline.notices.notice import settled, withdrawn
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import Step
from capture.inline.state.call_events import KeyPressed
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import NoticeStage


def key_pressed(call: InlineCall, event: KeyPressed, stock: PromptStock, now_us: int) -> Step:
    """Nothing is kept of a call of which somebody says so in time.

    In time is who still hears it, or for whom the gate has not opened. A key that comes later is
    somebody else's business.
    """
    if not _refuses(call, event, now_us):
        return call, []
    call = refused(call)
    said = msgspec.structs.replace(call.recording, refused_by=(event.side, event.digit))
    return settled(call.with_recording(said), stock)


def stopped(call: InlineCall, stock: PromptStock) -> Step:
    """Both talk on without a recording, at once where one of them still heard that there is one."""
    return settled(withdrawn(call, Reason.STOPPED), stock)


def refused(call: InlineCall) -> InlineCall:
    """A party has said no."""
    return withdrawn(call, Reason.PARTY_REFUSED)


def _refuses(call: InlineCall, event: KeyPressed, now_us: int) -> bool:
    if event.digit != call.plan.notice.refusal_key or not event.digit or call.recording.unrecorded:
        return False
    stage = call.end(event.side).notice
    is_open = 0 < call.recording.gate_us <= now_us
    return stage is NoticeStage.PLAYING or (stage is NoticeStage.SENT and not is_open)
