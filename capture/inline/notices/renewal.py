"""What is played to a party that takes another codec since: the same, in that one, from its begin.

Steps over the call's value. Knows nothing of what was said by offer and answer.
"""

import msgspec

from capture.inline.notices.beep import BEEP
from capture.inline.notices.notice import COMFORT, file_for, missed, ordered
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import Step
from capture.inline.state.ends import End
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import NoticeStage
from capture.links.relay_messages import Playing, Side


def renewed(call: InlineCall, stock: PromptStock) -> Step:
    """Whatever has changed: each party hears what it hears in what it has agreed to receive."""
    for side in Side:
        end = call.end(side)
        if end.plays is not None and end.listens:
            call, commands = _renewed(call, end, end.plays, stock)
            if commands:
                return call, commands
    return call, []


def _renewed(call: InlineCall, end: End, plays: Playing, stock: PromptStock) -> Step:
    chosen = file_for(end, _prompt(call, end, plays, stock), stock)
    if chosen == (plays.prompt, plays.payload_type):
        return call, []
    if end.notice is NoticeStage.PLAYING:
        return _told_anew(call, end, plays, stock)
    if chosen is None:
        return call.with_end(msgspec.structs.replace(end, plays=None)), []
    order = msgspec.structs.replace(
        plays, serial=call.serial + 1, prompt=chosen[0], payload_type=chosen[1]
    )
    later = call.with_end(msgspec.structs.replace(end, plays=order))
    return msgspec.structs.replace(later, serial=order.serial), []


def _prompt(call: InlineCall, end: End, plays: Playing, stock: PromptStock) -> str:
    """Which prompt or tone it hears; of tones the beep alone is not repeated."""
    if end.notice is NoticeStage.PLAYING:
        return call.plan.notice.prompts[end.prompt]
    if not plays.repeats:
        return BEEP
    return COMFORT if stock.has(COMFORT, plays.prompt) else call.plan.ringback


def _told_anew(call: InlineCall, end: End, plays: Playing, stock: PromptStock) -> Step:
    """Of a notice what was said in the other codec may not have been heard."""
    call, began = ordered(call, end.side, end.prompt, stock)
    if not began:
        return missed(call, end.side, stock)
    end = call.end(end.side)
    superseded = (*end.superseded, plays.serial)
    return call.with_end(msgspec.structs.replace(end, superseded=superseded)), []
