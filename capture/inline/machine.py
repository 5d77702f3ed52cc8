"""An inline call as one machine: an event in, the next value and commands out.

Pure (docs/inline.md section A call). Which event leads where is said here; what it does, in the
modules beside. Knows nothing of SIP messages, sockets or clocks.
"""

from functools import partial

import msgspec

from capture.inline.bridge.attempts import attempted
from capture.inline.bridge.call_end import hung_up, not_relayed, recording_failed
from capture.inline.bridge.callee import (
    answered,
    cancelled,
    found,
    next_target,
    progressed,
    rang_too_long,
    refused,
)
from capture.inline.bridge.caller import acknowledged, answered_alone, without_media
from capture.inline.bridge.recording_indication import heard, is_about_recording, marked, seen, told
from capture.inline.bridge.recording_preference import obeyed
from capture.inline.bridge.refusal_translation import not_acceptable
from capture.inline.bridge.reinvite import (
    DIALOG_IS_GONE,
    acknowledged_inside,
    reanswered,
    reoffered,
)
from capture.inline.bridge.reinvite_cancel import retracted
from capture.inline.descriptions.offers import NothingInCommon
from capture.inline.notices.beep import beeped
from capture.inline.notices.notice import comforted, held_too_long, listens_again, played, settled
from capture.inline.notices.objection import key_pressed, stopped
from capture.inline.notices.recording_start import started
from capture.inline.notices.renewal import renewed
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import Refuse, Step
from capture.inline.state.call_events import (
    Acknowledged,
    Answered,
    AskDue,
    BeepDue,
    Began,
    Cancelled,
    ComfortDue,
    Event,
    Grouped,
    HeldTooLong,
    HopsFound,
    HungUp,
    KeyPressed,
    Lent,
    Lost,
    NoticePlayed,
    NotRelayed,
    OfTransferTarget,
    PartyHeard,
    Progressed,
    RangTooLong,
    Reanswered,
    RecordingFailed,
    RecordingSeen,
    Referred,
    Refused,
    Reoffered,
    Replaced,
    Retracted,
    Returned,
    Started,
    Stopped,
)
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import CalleeStage, CallerStage
from capture.inline.transfers.party_change import agree_on_codec, rejoined
from capture.inline.transfers.party_loan import grouped, lent, lost, returned
from capture.inline.transfers.referral import abandoned, is_vacating, vacated
from capture.inline.transfers.replaces import replaced
from capture.inline.transfers.transfer_attempt import of_transfer_target, referred
from capture.links.relay_messages import Side


def step(call: InlineCall, event: Event, stock: PromptStock, now_us: int) -> Step:
    """What becomes of a call, and what is to be done; what comes out of turn changes nothing."""
    after, commands = _step(marked(call), event, stock, now_us)
    after = attempted(call, after, event, now_us)
    after, more = obeyed(after, stock)
    afoot = (partial(renewed, stock=stock), _onward, partial(rejoined, now_us=now_us), abandoned)
    for follow in afoot:
        after, follows = follow(after)
        more = [*more, *follows]
    after, tells = told(marked(_gate_opened(after, now_us)), now_us)
    return after, [*commands, *more, *tells]


def _step(call: InlineCall, event: Event, stock: PromptStock, now_us: int) -> Step:
    match event:
        case Began():
            return _begun(call, stock)
        case HopsFound() | Progressed() | Answered() | Refused() | RangTooLong():
            return _of_callee(call, event, stock, now_us)
        case Cancelled() | HungUp() | Lost() | RecordingFailed() | NotRelayed():
            return _ended(call, event, stock)
        case (NoticePlayed() | PartyHeard() | HeldTooLong() | ComfortDue()) | (
            KeyPressed() | BeepDue() | RecordingSeen()
        ):
            return _of_parties(call, event, stock, now_us)
        case Acknowledged() | Reoffered() | Retracted() | Reanswered() | AskDue():
            return _of_offers(call, event, stock, now_us)
        case _:
            return _of_others(call, event, stock, now_us)


def _ended(
    call: InlineCall,
    event: Cancelled | HungUp | Lost | RecordingFailed | NotRelayed,
    stock: PromptStock,
) -> Step:
    """Somebody is gone, or the route does not want it like this: it is over, or waits for who comes
    in his place.
    """
    match event:
        case Cancelled():
            return cancelled(call, event)
        case Lost():
            return lost(call, event)
        case RecordingFailed():
            return recording_failed(call)
        case NotRelayed():
            return not_relayed(call)
        case HungUp():
            return vacated(call, stock) if is_vacating(call, event) else hung_up(call, event)


def _begun(call: InlineCall, stock: PromptStock) -> Step:
    """A caller who hears the notice before anybody is called is answered by us alone."""
    if call.plan.notice.order == "dial-first":
        return call, []
    try:
        call, commands = answered_alone(call)
    except NothingInCommon:
        told = not_acceptable(call.plan.codecs, call.caller.theirs)
        gone = msgspec.structs.replace(
            without_media(call, told), caller_stage=CallerStage.GONE, callee_stage=CalleeStage.GONE
        )
        return gone, [Refuse(told.status, headers=told.headers)]
    call, more = settled(call, stock)
    return call, [*commands, *more]


def _onward(call: InlineCall) -> Step:
    """The callee is called at once, or once a notice that comes first is done with."""
    if call.callee_stage is not CalleeStage.IDLE or call.caller_stage is CallerStage.GONE:
        return call, []
    waits = call.plan.notice.order != "dial-first" and call.notices_of_caller
    return (call, []) if waits else next_target(call)


def _of_callee(
    call: InlineCall,
    event: HopsFound | Progressed | Answered | Refused | RangTooLong,
    stock: PromptStock,
    now_us: int,
) -> Step:
    match event:
        case HopsFound():
            return found(call, event, now_us)
        case Progressed():
            return progressed(call, event, stock)
        case Answered():
            return _together(answered(call, event, stock))
        case Refused():
            return refused(call, event, now_us)
        case RangTooLong():
            return rang_too_long(call)


def _of_notice(
    call: InlineCall,
    event: NoticePlayed | PartyHeard | HeldTooLong | ComfortDue,
    stock: PromptStock,
) -> Step:
    """What a party was told, or can be told now, or is not told any more; a tone behind that."""
    match event:
        case NoticePlayed():
            return played(call, event, stock)
        case PartyHeard():
            return listens_again(call, stock)
        case HeldTooLong():
            return held_too_long(call, event.side, stock)
        case ComfortDue():
            return comforted(call, stock), []


_OfParties = (
    NoticePlayed | PartyHeard | HeldTooLong | ComfortDue | KeyPressed | BeepDue | RecordingSeen
)


def _of_parties(
    call: InlineCall,
    event: _OfParties,
    stock: PromptStock,
    now_us: int,
) -> Step:
    match event:
        case NoticePlayed() | PartyHeard() | HeldTooLong() | ComfortDue():
            return _of_notice(call, event, stock)
        case KeyPressed():
            return key_pressed(call, event, stock, now_us)
        case BeepDue():
            return beeped(call, stock, now_us), []
        case RecordingSeen():
            return seen(call, event), []


def _of_others(
    call: InlineCall,
    event: Started | Stopped | Referred | OfTransferTarget | Replaced | Lent | Returned | Grouped,
    stock: PromptStock,
    now_us: int,
) -> Step:
    """Somebody who may wants recording begun or ended; else it is about who is there."""
    match event:
        case Started():
            return started(call, stock, now_us)
        case Stopped():
            return stopped(call, stock)
        case _:
            return _of_transfers(call, event, stock, now_us)


def _of_transfers(
    call: InlineCall,
    event: Referred | OfTransferTarget | Replaced | Lent | Returned | Grouped,
    stock: PromptStock,
    now_us: int,
) -> Step:
    match event:
        case Referred():
            return referred(call, event)
        case OfTransferTarget():
            return of_transfer_target(call, event, stock, now_us)
        case Replaced():
            return replaced(call, event, stock)
        case Lent():
            return lent(call, event)
        case Returned():
            return returned(call, event)
        case Grouped():
            return grouped(call, event)


def _of_offers(
    call: InlineCall,
    event: Acknowledged | Reoffered | Retracted | Reanswered | AskDue,
    stock: PromptStock,
    now_us: int,
) -> Step:
    match event:
        case Acknowledged() if (
            event.side is Side.CALLER and call.caller_stage is CallerStage.ANSWERED
        ):
            return _together(acknowledged(call, event, stock))
        case Acknowledged():
            return acknowledged_inside(call, event)
        case Reoffered():
            return reoffered(call, event, stock)
        case Retracted():
            return retracted(call, event)
        case Reanswered():
            return _of_answer(call, event, stock, now_us)
        case AskDue():
            return call, []


def _of_answer(call: InlineCall, event: Reanswered, stock: PromptStock, now_us: int) -> Step:
    """Of a party that was told of recording, or asked for something."""
    if is_about_recording(call, event) and event.status not in DIALOG_IS_GONE:
        return heard(call, event, stock, now_us)
    return reanswered(call, event, stock, now_us)


def _together(step_: Step) -> Step:
    """With the caller asked again where the callee chose what he was not told of."""
    call, commands = step_
    return agree_on_codec(call), commands


def _gate_opened(call: InlineCall, now_us: int) -> InlineCall:
    """Who talks without a notice of ours is kept from that moment on, where anything is.

    Not where a notice is still to come, or is being played, because recording is begun by hand.
    """
    is_untold = call.plan.notice.at_start and not call.recording.is_started
    is_early = is_untold or call.notices
    if call.recording.gate_us or call.recording.unrecorded or not call.is_joined or is_early:
        return call
    return call.with_recording(msgspec.structs.replace(call.recording, gate_us=now_us))
