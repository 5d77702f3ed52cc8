"""A telephone rings, and somebody else answers in its place.

Steps over the call's value (RFC 3891 §3). Knows nothing of how he was offered or answered.
"""

import msgspec

from capture.inline.bridge.caller import accepted
from capture.inline.descriptions.offers import NothingInCommon, answer_alone, offer_across
from capture.inline.descriptions.speech import agreed_codecs
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import GiveUp, Step
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import CalleeStage
from capture.inline.transfers.party_change import TransferTarget, agree_on_codec
from capture.sdp.description import SessionDescription


def picked_up(call: InlineCall, who: TransferTarget, stock: PromptStock) -> Step:
    """As if he had been called: who was is given up, the caller is answered.

    Raises `NothingInCommon` where the caller speaks nothing that he does.
    """
    caller = call.caller
    if caller.ours is None:
        is_answering = caller.theirs is not None
        ours = _said_to_caller(call, who)
        caller = msgspec.structs.replace(caller, ours=ours, is_answering=is_answering)
    callee = msgspec.structs.replace(
        call.callee,
        peer=who.peer,
        latch=who.latch,
        seat=who.seat,
        dialog=who.dialog,
        ours=who.ours,
        theirs=who.theirs,
        is_answering=who.is_answering,
        forks=(),
    )
    call = msgspec.structs.replace(
        call.with_end(caller).with_end(callee),
        callee_stage=CalleeStage.ANSWERED,
        untried=call.untried.emptied(),
    )
    call, commands = accepted(call, stock)
    return agree_on_codec(call), [GiveUp(), *commands]


def _said_to_caller(call: InlineCall, who: TransferTarget) -> SessionDescription:
    """What both have agreed on who answers; to a caller who has offered nothing, as an offer."""
    spoken = agreed_codecs(who.ours, who.theirs)
    if not spoken:
        raise NothingInCommon
    if call.caller.theirs is None:
        return offer_across(who.theirs, call.caller.seat, None, codecs=spoken)
    return answer_alone(call.caller.theirs, call.caller.seat, None, codecs=spoken)
