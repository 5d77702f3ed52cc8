"""The caller: what he is told of the callee, and how he is answered.

Steps over the call's value (docs/inline.md section A call). Knows nothing of where the callee is.
"""

from typing import Final

import msgspec

from archive.call.refusal_reasons import Reason
from capture.inline.bridge.recording_indication import marked
from capture.inline.bridge.refusal_translation import (
    TranslatedRefusal,
    not_acceptable,
    refused_across,
)
from capture.inline.descriptions.offers import (
    NothingInCommon,
    answer_across,
    answer_alone,
    offer_across,
)
from capture.inline.notices.notice import ringback, settled
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import (
    Accept,
    Acknowledge,
    Command,
    HangUp,
    Progress,
    Refuse,
    Step,
)
from capture.inline.state.call_events import Acknowledged, Progressed, Refused
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import UNANSWERED, CalleeStage, CallerStage
from capture.links.relay_messages import Side
from capture.sdp.description import SessionDescription

_ANSWERED: Final = frozenset({CallerStage.ANSWERED, CallerStage.TALKING})
_RINGING: Final = 180
_EARLY_MEDIA: Final = 183


def answered_alone(call: InlineCall) -> Step:
    """The caller hears the notice before anybody is called: by 200, or early, by 183.

    Raises `NothingInCommon`.
    """
    caller = call.caller
    assert caller.theirs is not None
    ours = answer_alone(caller.theirs, caller.seat, None, codecs=frozenset(call.plan.codecs))
    call = call.with_end(msgspec.structs.replace(caller, ours=ours, is_answering=True))
    if call.plan.notice.order == "early":
        early = msgspec.structs.replace(call, caller_stage=CallerStage.EARLY)
        return early, [Progress(_EARLY_MEDIA, ours)]
    return msgspec.structs.replace(call, caller_stage=CallerStage.ANSWERED), [Accept(ours)]


def progressed_to_caller(call: InlineCall, event: Progressed, stock: PromptStock) -> Step:
    """180 as it is, early media as the caller's own early media.

    Who is answered already hears ringback from us, until early media comes (RFC 3960 §3.2). Only
    the first answer to an INVITE's offer can be told before its 200 (RFC 3264 §4); the relay
    follows whichever fork sends.
    """
    caller = call.caller
    if call.caller_stage in _ANSWERED:
        is_heard = call.callee_stage is CalleeStage.SOUNDING
        return call if is_heard else ringback(call, Side.CALLER, stock), []
    if event.description is None or caller.ours is not None or call.is_offerless:
        return call, [Progress(event.status)]
    assert caller.theirs is not None
    try:
        ours = answer_across(event.description, caller.theirs, caller.seat, None)
    except NothingInCommon:
        return call, [Progress(_RINGING)]
    call = call.with_end(msgspec.structs.replace(caller, ours=ours, is_answering=True))
    early = msgspec.structs.replace(call, caller_stage=CallerStage.EARLY)
    return early, [Progress(event.status, ours)]


def accepted(call: InlineCall, stock: PromptStock) -> Step:
    """The callee has answered: so is the caller, if he is not yet."""
    if call.caller_stage in _ANSWERED:
        return settled(call, stock)
    call = marked(call)
    caller, theirs = call.caller, call.callee.theirs
    try:
        if theirs is None:
            raise NothingInCommon
        if caller.ours is None:
            is_answering = not call.is_offerless
            caller = msgspec.structs.replace(
                caller, ours=_answer_for(call), is_answering=is_answering
            )
    except NothingInCommon:
        return _cannot_be_joined(call)
    assert caller.ours is not None
    call = msgspec.structs.replace(call.with_end(caller), caller_stage=CallerStage.ANSWERED)
    step, commands = settled(call, stock)
    return step, [Accept(caller.ours), *commands]


def _answer_for(call: InlineCall) -> SessionDescription:
    caller, theirs = call.caller, call.callee.theirs
    assert theirs is not None
    if call.is_offerless:
        return offer_across(theirs, caller.seat, None)
    assert caller.theirs is not None
    return answer_across(theirs, caller.theirs, caller.seat, None)


def _cannot_be_joined(call: InlineCall) -> Step:
    """The callee takes nothing that the caller has: he is told, and the callee is let go."""
    told = not_acceptable()
    call = msgspec.structs.replace(
        without_media(call, told), callee_stage=CalleeStage.GONE, caller_stage=CallerStage.GONE
    )
    return call, [HangUp(Side.CALLEE), Refuse(told.status, headers=told.headers)]


def without_media(call: InlineCall, told: TranslatedRefusal) -> InlineCall:
    """As the ledger is to have it where nothing came about, for want of a codec."""
    if call.caller_stage is not CallerStage.ASKING:
        return call
    recording = call.recording
    why = recording.unrecorded or Reason.MEDIA
    return call.with_recording(
        msgspec.structs.replace(recording, unrecorded=why, warning=told.warning)
    )


def acknowledged(call: InlineCall, event: Acknowledged, stock: PromptStock) -> Step:
    """The caller's ACK: he hears us from now on. It may carry his answer to our offer."""
    if call.caller_stage is not CallerStage.ANSWERED:
        return call, []
    call = msgspec.structs.replace(call, caller_stage=CallerStage.TALKING)
    commands: list[Command] = []
    if call.is_offerless:
        if event.description is None:
            return _unanswered(call)
        call = call.with_end(msgspec.structs.replace(call.caller, theirs=event.description))
        call, commands = _callee_acknowledged(call)
        if call.is_over:
            return call, commands
    call, more = settled(call, stock)
    return call, [*commands, *more]


def _callee_acknowledged(call: InlineCall) -> Step:
    """The callee's 2xx was an offer where ours was none: the caller's answer goes in its ACK."""
    callee, caller = call.callee, call.caller
    if callee.ours is not None or callee.theirs is None or caller.theirs is None:
        return call, []
    try:
        ours = answer_across(caller.theirs, callee.theirs, callee.seat, None)
    except NothingInCommon:
        return _unanswered(call)
    answered = call.with_end(msgspec.structs.replace(callee, ours=ours, is_answering=True))
    return answered, [Acknowledge(Side.CALLEE, ours)]


def _unanswered(call: InlineCall) -> Step:
    """An ACK that should have answered us does not: there is no session to have."""
    call = msgspec.structs.replace(
        call, callee_stage=CalleeStage.GONE, caller_stage=CallerStage.GONE
    )
    return call, [HangUp(Side.CALLER), HangUp(Side.CALLEE)]


def refused_to_caller(call: InlineCall, last: Refused) -> Step:
    """Nobody takes the call: the last refusal is passed where it may be, or a BYE says so."""
    if call.caller_stage is CallerStage.GONE:
        return call, []
    gone = msgspec.structs.replace(call, caller_stage=CallerStage.GONE)
    if call.caller_stage in UNANSWERED:
        told = refused_across(last)
        return gone, [Refuse(told.status, told.reason, told.headers)]
    because = b"SIP;cause=%d" % last.status
    return gone, [HangUp(Side.CALLER, because)]
