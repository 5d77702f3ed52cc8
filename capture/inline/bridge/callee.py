"""The callee: found, dialled, ringing, answered or refused; one target after another.

Steps over the call's value (RFC 3261 §13.2, §16.7 for what is tried next). Knows nothing of the
notice beyond asking for it.
"""

from typing import Final

import msgspec

from archive.call.refusal_reasons import Reason
from capture.inline.bridge.callee_offer import conceded, offer_to_callee
from capture.inline.bridge.caller import (
    accepted,
    progressed_to_caller,
    refused_to_caller,
    without_media,
)
from capture.inline.bridge.refusal_translation import not_acceptable
from capture.inline.descriptions.offers import NothingInCommon
from capture.inline.routing.modes import Mode
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import (
    Command,
    Dial,
    DropFork,
    FindHops,
    GiveUp,
    HangUp,
    Step,
)
from capture.inline.state.call_events import (
    NOBODY_ANSWERED,
    Answered,
    Cancelled,
    HopsFound,
    Progressed,
    Refused,
)
from capture.inline.state.call_plan import MAX_REDIRECTIONS, Aim, DialledHop, Hop
from capture.inline.state.ends import MAX_FORKS, Fork
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import DIALLED, CalleeStage, CallerStage, NoticeStage
from capture.links.relay_messages import Side
from capture.sdp.description import SessionDescription
from capture.sip.credentials import CHALLENGED

_REDIRECTIONS: Final = range(300, 400)
# What another target may well answer otherwise; a busy callee is busy everywhere.
_NEXT: Final = CHALLENGED | {408, 430, 480, *_REDIRECTIONS}
_SERVER_FAULTS: Final = range(500, 600)
_WAITING: Final = frozenset({CalleeStage.FINDING, *DIALLED})


def next_target(call: InlineCall) -> Step:
    """Ask where the next target is; with none left the caller hears what the last one said."""
    if not call.untried.targets:
        return _given_up(call, Refused(call.untried.refusal))
    aim, *rest = call.untried.targets
    untried = msgspec.structs.replace(call.untried, targets=tuple(rest), hops=(), leads=())
    call = msgspec.structs.replace(_aimed(call, aim), untried=untried)
    return _as_it_may_be_recorded(call, aim), [FindHops(aim.name)]


def _aimed(call: InlineCall, aim: Aim) -> InlineCall:
    """Who is called is this target, of which nothing is known yet."""
    callee = msgspec.structs.replace(
        call.callee,
        peer=aim.name,
        latch=aim.latch,
        seat=msgspec.structs.replace(call.callee.seat, address=aim.address),
        forks=(),
        theirs=None,
        dialog=None,
    )
    dialled = msgspec.structs.replace(call.dialled, srtp=aim.srtp)
    return msgspec.structs.replace(
        call.with_end(callee), dialled=dialled, callee_stage=CalleeStage.FINDING
    )


def _as_it_may_be_recorded(call: InlineCall, aim: Aim) -> InlineCall:
    """A target that is tried later may forbid what the first did not; it allows nothing more."""
    forbids = call.plan.records and not aim.mode.is_recorded
    if aim.mode is call.plan.mode or not (forbids or aim.mode is Mode.NEVER):
        return call
    for end in (call.caller, call.callee):
        if end.notice is NoticeStage.DUE:
            call = call.with_end(msgspec.structs.replace(end, notice=NoticeStage.NONE))
    return call.unrecorded_for(Reason.TARGET_UNRECORDED)


def found(call: InlineCall, event: HopsFound, now_us: int) -> Step:
    """The target's hops are known: dial the first."""
    if call.callee_stage is not CalleeStage.FINDING:
        return call, []
    untried = msgspec.structs.replace(call.untried, hops=event.hops)
    return _next_hop(msgspec.structs.replace(call, untried=untried), now_us)


def _next_hop(call: InlineCall, now_us: int) -> Step:
    if not call.untried.hops:
        return _next_lead(call)
    hop, *rest = call.untried.hops
    call = msgspec.structs.replace(
        call,
        untried=msgspec.structs.replace(call.untried, hops=tuple(rest)),
        dialled=DialledHop(hop=hop, srtp=call.dialled.srtp),
    )
    return _dial(call, hop, now_us)


def _next_lead(call: InlineCall) -> Step:
    if not call.untried.leads:
        return next_target(call)
    lead, *rest = call.untried.leads
    behind = tuple(each for each in call.untried.targets if each.name != lead.aim.name)
    untried = msgspec.structs.replace(call.untried, targets=behind, hops=(), leads=tuple(rest))
    call = msgspec.structs.replace(_aimed(call, lead.aim), untried=untried)
    return _as_it_may_be_recorded(call, lead.aim), [FindHops(lead.aim.name, lead.uri)]


def _dial(call: InlineCall, hop: Hop, now_us: int) -> Step:
    try:
        offer = offer_to_callee(call)
    except NothingInCommon:
        told = not_acceptable(call.plan.codecs, call.caller.theirs)
        return _given_up(without_media(call, told), Refused(told.status, headers=told.headers))
    callee = msgspec.structs.replace(
        call.callee, ours=offer, theirs=None, is_answering=False, forks=(), dialog=None
    )
    call = msgspec.structs.replace(
        call.with_end(callee),
        callee_stage=CalleeStage.DIALLING,
        dialled=msgspec.structs.replace(call.dialled, dialled_us=now_us),
    )
    return call, [Dial(hop, offer)]


def progressed(call: InlineCall, event: Progressed, stock: PromptStock) -> Step:
    """It rings; early media is the caller's to hear."""
    if call.callee_stage not in _WAITING or call.is_given_up:
        return call, []
    if call.callee_stage is not CalleeStage.SOUNDING:
        call = msgspec.structs.replace(call, callee_stage=CalleeStage.RINGING)
    if event.description is not None:
        call = _forked(call, Fork(event.tag, event.description))
    return progressed_to_caller(call, event, stock)


def _forked(call: InlineCall, fork: Fork) -> InlineCall:
    """With the answer of an early dialog; the first one counts until another one is heard."""
    others = tuple(each for each in call.callee.forks if each.tag != fork.tag)
    forks = (*others, fork)[-MAX_FORKS:]
    theirs = call.callee.theirs or fork.theirs
    return call.with_end(msgspec.structs.replace(call.callee, forks=forks, theirs=theirs))


def answered(call: InlineCall, event: Answered, stock: PromptStock) -> Step:
    """The first 2xx wins; a later one, and one after a CANCEL, is ended at once."""
    if call.callee_stage not in _WAITING:
        is_repeated = call.callee.dialog == event.dialog
        return call, [] if is_repeated else [DropFork(event.dialog)]
    theirs = event.description or _early_answer(call, event.dialog.remote_tag)
    callee = msgspec.structs.replace(
        call.callee, dialog=event.dialog, theirs=theirs, forks=(), is_aware=event.is_aware
    )
    call = msgspec.structs.replace(
        call.with_end(callee), callee_stage=CalleeStage.ANSWERED, untried=call.untried.emptied()
    )
    if call.is_given_up:
        gone = msgspec.structs.replace(call, callee_stage=CalleeStage.GONE)
        return gone, [HangUp(Side.CALLEE)]
    return accepted(call, stock)


def _early_answer(call: InlineCall, tag: bytes) -> SessionDescription | None:
    """A 2xx without a description after a reliable answer of the same fork (RFC 6337 §3.1)."""
    found_ = (fork.theirs for fork in call.callee.forks if fork.tag == tag)
    return next(found_, call.callee.theirs)


def refused(call: InlineCall, event: Refused, now_us: int) -> Step:
    """Try the next hop, or the next target; what is final goes to the caller as it is."""
    if call.callee_stage not in _WAITING:
        return call, []
    if call.is_given_up:
        return msgspec.structs.replace(call, callee_stage=CalleeStage.GONE), []
    other = conceded(call, event.status)
    if other is not None:
        assert call.dialled.hop is not None
        return _dial(other, call.dialled.hop, now_us)
    untried = msgspec.structs.replace(call.untried, refusal=event.status)
    call = msgspec.structs.replace(call, untried=untried)
    if event.status in _REDIRECTIONS:
        return _redirected(call, event, now_us)
    return _tried_next(call, event, now_us)


def _tried_next(call: InlineCall, event: Refused, now_us: int) -> Step:
    if tries_next(event.status):
        if call.untried.hops or call.untried.leads:
            return _next_hop(call, now_us)
        if call.untried.targets:
            return next_target(call)
    return _given_up(call, event)


def tries_next(status: int) -> bool:
    """May another place answer otherwise?"""
    return status in _NEXT or status in _SERVER_FAULTS


def _redirected(call: InlineCall, event: Refused, now_us: int) -> Step:
    """Follow a redirection (RFC 3261 §8.1.3.4), not for ever; else it is a refusal like others."""
    known = call.untried
    if not event.leads or known.redirections >= MAX_REDIRECTIONS:
        return _tried_next(call, event, now_us)
    untried = msgspec.structs.replace(
        known, leads=(*event.leads, *known.leads), redirections=known.redirections + 1
    )
    return _next_lead(msgspec.structs.replace(call, untried=untried))


def rang_too_long(call: InlineCall) -> Step:
    """Cancel it; what is behind it is tried with the next target."""
    if call.callee_stage not in _WAITING or call.is_given_up:
        return call, []
    if call.untried.targets:
        call, commands = next_target(call)
        return call, [GiveUp(moves_on=True), *commands]
    if call.callee_stage is CalleeStage.FINDING:
        return _given_up(call, NOBODY_ANSWERED)
    # He may answer in this very moment: his final response is waited for.
    call = msgspec.structs.replace(call, is_given_up=True, untried=call.untried.emptied())
    call, commands = refused_to_caller(call, NOBODY_ANSWERED)
    return call, [GiveUp(), *commands]


def _given_up(call: InlineCall, last: Refused) -> Step:
    untried = call.untried.emptied()
    call = msgspec.structs.replace(call, callee_stage=CalleeStage.GONE, untried=untried)
    return refused_to_caller(call, last)


def cancelled(call: InlineCall, event: Cancelled) -> Step:
    """The caller is gone before an answer: so is the callee, as soon as it can be told."""
    commands: list[Command] = []
    if call.callee_stage is CalleeStage.ANSWERED:
        call = msgspec.structs.replace(call, callee_stage=CalleeStage.GONE)
        commands.append(HangUp(Side.CALLEE, event.reason))
    elif call.callee_stage in DIALLED:
        commands.append(GiveUp(event.reason))
    elif call.callee_stage is CalleeStage.FINDING:
        call = msgspec.structs.replace(call, callee_stage=CalleeStage.GONE)
    return msgspec.structs.replace(
        call,
        caller_stage=CallerStage.GONE,
        is_given_up=True,
        untried=call.untried.emptied(),
    ), commands
