"""How a call ends: one side hangs up, and the other is told.

Steps over the call's value. Knows nothing of what is recorded of it.
"""

from typing import Final

import msgspec

from archive.call.refusal_reasons import Reason
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import Command, GiveUp, HangUp, Refuse, Reply, Step
from capture.inline.state.call_events import HungUp
from capture.inline.state.stages import DIALLED, UNANSWERED, CalleeStage, CallerStage, NoticeStage
from capture.links.relay_messages import Side

NOT_RECORDED: Final = b'SIP;cause=500;text="the call cannot be recorded"'
NOT_RELAYED: Final = b'SIP;cause=503;text="the call cannot be relayed"'
_SERVICE_UNAVAILABLE: Final = 503
# To a caller whose callee hung up before the caller was answered: nobody is there.
_UNAVAILABLE: Final = 480
_REQUEST_TERMINATED: Final = 487


def hung_up(call: InlineCall, event: HungUp) -> Step:
    """One side is gone; `still_there` where it was we who decided so and it must be told."""
    commands: list[Command] = []
    if call.change is not None and call.change.key is not None and not call.change.awaits_answer:
        commands += _reply_pending(call, event)
    if event.still_there or event.side is Side.CALLEE:
        commands += _told_to_caller(call, event)
    if event.still_there or event.side is Side.CALLER:
        commands += _told_to_callee(call, event)
    return _gone(call), commands


def recording_failed(call: InlineCall) -> Step:
    """The call goes on, unless its route would rather have none than one that is not recorded."""
    if not call.plan.must_record or call.recording.unrecorded or call.is_over:
        return call, []
    return hung_up(call, HungUp(Side.CALLER, NOT_RECORDED, still_there=True))


def not_relayed(call: InlineCall) -> Step:
    """Nobody would hear anybody: both are told, and who is before us may try another node."""
    if call.caller_stage is CallerStage.GONE:
        return call, []
    call, commands = hung_up(call, HungUp(Side.CALLER, NOT_RELAYED, still_there=True))
    refusal = Refuse(_SERVICE_UNAVAILABLE, b"", ((b"Reason", NOT_RELAYED),))
    told = [refusal if isinstance(each, Refuse) else each for each in commands]
    return call.unrecorded_for(Reason.NOT_RELAYED), told


def _reply_pending(call: InlineCall, event: HungUp) -> list[Command]:
    """A change that its asker still waits for; who hung up had it answered by the core."""
    change = call.change
    if change is None or change.key is None or change.asker is event.side:
        return []
    return [Reply(change.key, _REQUEST_TERMINATED)]


def _told_to_caller(call: InlineCall, event: HungUp) -> list[Command]:
    if call.caller_stage is CallerStage.GONE:
        return []
    if call.caller_stage in UNANSWERED:
        return [Refuse(_UNAVAILABLE)]
    return [HangUp(Side.CALLER, event.reason, event.headers)]


def _told_to_callee(call: InlineCall, event: HungUp) -> list[Command]:
    if call.callee_stage is CalleeStage.ANSWERED:
        return [HangUp(Side.CALLEE, event.reason, event.headers)]
    return [GiveUp(event.reason)] if call.callee_stage in DIALLED else []


def _gone(call: InlineCall) -> InlineCall:
    """A callee who was dialled stays until his INVITE has its final answer: it may be a 2xx."""
    waits = call.callee_stage in DIALLED
    ends = (
        msgspec.structs.replace(each, plays=None, notice=_ended(each.notice))
        for each in (call.caller, call.callee)
    )
    for end in ends:
        call = call.with_end(end)
    return msgspec.structs.replace(
        call,
        caller_stage=CallerStage.GONE,
        callee_stage=call.callee_stage if waits else CalleeStage.GONE,
        is_given_up=waits,
        is_joined=False,
        change=None,
        untried=call.untried.emptied(),
    )


def _ended(notice: NoticeStage) -> NoticeStage:
    """A notice that nobody waits for any more."""
    done = {NoticeStage.NONE, NoticeStage.SENT, NoticeStage.WITHDRAWN}
    return notice if notice in done else NoticeStage.MISSED
