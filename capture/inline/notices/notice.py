"""The recording notice: when it is played to whom, what the other side hears meanwhile, what
follows from its being through, or from its not being so.

Steps over the call's value. Knows nothing of audio; it names prepared prompts.
"""

from typing import Final

import msgspec

from archive.call.refusal_reasons import Reason
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import Command, HangUp, Refuse, Step
from capture.inline.state.call_events import NoticePlayed
from capture.inline.state.ends import End
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import DIALLED, CalleeStage, CallerStage, NoticeStage
from capture.links.relay_messages import Latch, Outcome, Playing, Side
from capture.prompts.tones import COMFORT_TONE

NOT_PLAYED: Final = b'SIP;cause=480;text="the recording notice could not be played"'
_BLOCKED: Final = 480
# Who may say no has so long behind the last word; nothing of it is kept.
REFUSAL_WAIT_US: Final = 5_000_000
COMFORT: Final = COMFORT_TONE.name
# Who answers or rings at once leaves no silence.
COMFORT_AFTER_US: Final = 2_000_000


def settled(call: InlineCall, stock: PromptStock) -> Step:
    """Begin each notice whose time has come; join the parties where none is left.

    Who has nothing to be told any more hears ringback while the other one has.
    """
    for end in call.notices:
        if end.notice is NoticeStage.DUE and _may_begin(call, end):
            call, commands = _begin(call, end.side, stock)
            if commands:
                return call, commands
    return _joined_if_done(_rung(call, stock)), []


def _rung(call: InlineCall, stock: PromptStock) -> InlineCall:
    if not call.notices or not call.has_answered or call.is_joined:
        return call
    for side in Side:
        if call.end(side).notice in _QUIET and call.end(side).listens:
            call = ringback(call, side, stock)
    return call


def _may_begin(call: InlineCall, end: End) -> bool:
    """Can this party hear us, and is it its turn?"""
    if end.side is Side.CALLEE:
        return call.callee_stage is CalleeStage.ANSWERED
    if call.plan.notice.order == "dial-first" and call.callee_stage is not CalleeStage.ANSWERED:
        return False
    if call.plan.notice.order == "early" and call.caller_stage is CallerStage.EARLY:
        return True
    return call.caller_stage is CallerStage.TALKING


def _begin(call: InlineCall, side: Side, stock: PromptStock) -> Step:
    """Play the first prompt."""
    if call.end(side).media is None:
        return missed(call, side, stock)
    if not call.end(side).listens:
        return call.with_end(_staged(call.end(side), NoticeStage.HELD)), []
    call, began = ordered(call, side, 0, stock)
    return (call, []) if began else missed(call, side, stock)


_QUIET: Final = frozenset(
    {NoticeStage.NONE, NoticeStage.SENT, NoticeStage.MISSED, NoticeStage.WITHDRAWN}
)
_TELLING: Final = frozenset(
    {NoticeStage.DUE, NoticeStage.PLAYING, NoticeStage.HELD, NoticeStage.SENT}
)


def ordered(
    call: InlineCall, side: Side, prompt: int, stock: PromptStock
) -> tuple[InlineCall, bool]:
    """Have a prompt of the notice played; False where none is prepared for what is agreed on."""
    end, prompts = call.end(side), call.plan.notice.prompts
    chosen = file_for(end, prompts[prompt], stock)
    if chosen is None:
        return call, False
    is_only = len(call.notices) == 1
    is_last = prompt + 1 == len(prompts)
    playing = Playing(
        serial=call.serial + 1,
        prompt=chosen[0],
        payload_type=chosen[1],
        opens=is_only and is_last and not call.plan.notice.refusal_key,
        records=call.plan.notice.is_recorded,
    )
    end = msgspec.structs.replace(
        end,
        notice=NoticeStage.PLAYING,
        prompt=prompt,
        wording=stock.wording(prompts[prompt]),
        plays=playing,
    )
    return msgspec.structs.replace(call.with_end(end), serial=playing.serial), True


def file_for(end: End, prompt: str, stock: PromptStock) -> tuple[str, int] | None:
    """The prepared file of a prompt and the payload type under which this party wants it.

    Of what it has offered only what we have answered with is agreed on (RFC 3264 §6.1), and of
    that the answer's first format comes first.
    """
    for payload in end.agreed:
        name = stock.file(prompt, payload.encoding)
        if name:
            return name, payload.payload_type
    return None


def ringback(call: InlineCall, side: Side, stock: PromptStock) -> InlineCall:
    """This party hears that it rings, from us; nothing where no tone is prepared for its codec."""
    return _repeated(call, side, call.plan.ringback, stock) if call.plan.ringback else call


def needs_comfort(call: InlineCall, now_us: int) -> bool:
    """Does the caller, whom we have answered, wait in silence for who has not even rung?

    A queue may answer after a minute, without a provisional response before.
    """
    waits = call.callee_stage is CalleeStage.DIALLING and not call.is_given_up
    is_told = call.caller_stage is CallerStage.TALKING and not call.notices_of_caller
    is_silent = call.caller.plays is None and call.caller.listens
    is_late = now_us - call.dialled.dialled_us >= COMFORT_AFTER_US
    return bool(waits and is_told and is_silent and is_late and call.plan.ringback)


def comforted(call: InlineCall, stock: PromptStock) -> InlineCall:
    """The caller hears now and then that the line lives, until it rings or somebody answers."""
    return _repeated(call, Side.CALLER, COMFORT, stock)


def _repeated(call: InlineCall, side: Side, tone: str, stock: PromptStock) -> InlineCall:
    end = call.end(side)
    chosen = file_for(end, tone, stock)
    if chosen is None or (end.plays is not None and end.plays.prompt == chosen[0]):
        return call
    playing = Playing(
        serial=call.serial + 1,
        prompt=chosen[0],
        payload_type=chosen[1],
        repeats=True,
        yields=side is Side.CALLER and call.callee_stage in DIALLED,
    )
    later = msgspec.structs.replace(end, plays=playing)
    return msgspec.structs.replace(call.with_end(later), serial=playing.serial)


def played(call: InlineCall, event: NoticePlayed, stock: PromptStock) -> Step:
    """A prompt is over: the next one, the end of the notice, or what the route has for failures."""
    end = call.end(event.side)
    if end.plays is None or not _is_over(end, end.plays, event):
        return call, []
    call = call.with_recording(
        msgspec.structs.replace(call.recording, gate_us=call.recording.gate_us or event.gate_us)
    )
    if end.notice is not NoticeStage.PLAYING:
        return _sounding(call.with_end(msgspec.structs.replace(end, plays=None)), end.plays), []
    end = msgspec.structs.replace(end, plays=None)
    call = call.with_end(end)
    if event.outcome is not Outcome.COMPLETE:
        if not end.listens or _is_awaited(end, event):
            return call.with_end(_staged(end, NoticeStage.HELD)), []
        return missed(call, event.side, stock)
    if end.prompt + 1 < len(call.plan.notice.prompts):
        call, began = ordered(call, event.side, end.prompt + 1, stock)
        return (call, []) if began else missed(call, event.side, stock)
    return _sent(call.with_end(_staged(end, NoticeStage.SENT)), event, stock)


def _sounding(call: InlineCall, ended: Playing) -> InlineCall:
    """What yields is over although it is still wanted: the callee is heard before its answer."""
    if not ended.yields or call.callee_stage not in DIALLED:
        return call
    return msgspec.structs.replace(call, callee_stage=CalleeStage.SOUNDING)


def _is_awaited(end: End, event: NoticePlayed) -> bool:
    """Does nobody know yet where it is, for it is behind an address translator?"""
    never_left = event.outcome is Outcome.FAILED and event.is_unheard
    return never_left and end.latch is Latch.NAT


def _is_over(end: End, plays: Playing, event: NoticePlayed) -> bool:
    """Also where it was through, in the codec agreed on, just as another one came into force."""
    was_through = event.serial in end.superseded and event.outcome is Outcome.COMPLETE
    return event.serial == plays.serial or was_through


def _sent(call: InlineCall, event: NoticePlayed, stock: PromptStock) -> Step:
    """With the last notice through, both talk, and recording begins where it has not."""
    if not call.notices and not call.recording.gate_us:
        wait_us = REFUSAL_WAIT_US if call.plan.notice.refusal_key else 0
        call = call.with_recording(
            msgspec.structs.replace(call.recording, gate_us=event.until_us + wait_us)
        )
    return settled(call, stock)


def missed(call: InlineCall, side: Side, stock: PromptStock) -> Step:
    """The notice cannot be played to this party, or was cut short: the route decides.

    A call whose recording is begun by hand was wanted without one too: it goes on in any case.
    """
    call = call.with_end(
        msgspec.structs.replace(call.end(side), notice=NoticeStage.MISSED, plays=None)
    )
    blocks = call.plan.notice.failure == "block" and not call.plan.is_emergency
    if blocks and not call.recording.is_started:
        return _blocked(call)
    call = call.with_recording(msgspec.structs.replace(call.recording, missing=True))
    if blocks or call.plan.notice.failure == "connect-unrecorded":
        call = withdrawn(call, Reason.NOTICE_MISSING)
    return settled(call, stock)


def withdrawn(call: InlineCall, why: Reason) -> InlineCall:
    """Nothing more is kept: nobody hears any more of a notice that would not be true.

    Who has heard it is told anew, should he come into a call that is recorded.
    """
    for end in (call.caller, call.callee):
        if end.notice in _TELLING:
            plays = None if end.notice is NoticeStage.PLAYING else end.plays
            later = msgspec.structs.replace(end, notice=NoticeStage.WITHDRAWN, plays=plays)
            call = call.with_end(later)
    return call.with_recording(msgspec.structs.replace(call.recording, unrecorded=why))


def _blocked(call: InlineCall) -> Step:
    """Nobody talks without having been told."""
    commands: list[Command] = []
    if call.callee_stage is CalleeStage.ANSWERED:
        commands.append(HangUp(Side.CALLEE, NOT_PLAYED))
    if call.caller_stage in {CallerStage.ASKING, CallerStage.EARLY}:
        commands.append(Refuse(_BLOCKED, b"", ((b"Reason", NOT_PLAYED),)))
    else:
        commands.append(HangUp(Side.CALLER, NOT_PLAYED))
    return msgspec.structs.replace(
        call,
        caller_stage=CallerStage.GONE,
        callee_stage=CalleeStage.GONE,
        recording=msgspec.structs.replace(call.recording, unrecorded=Reason.NOTICE_MISSING),
    ), commands


def held_too_long(call: InlineCall, side: Side, stock: PromptStock) -> Step:
    """Who does not listen, an announcement maybe, is not waited for any more: see `missed`."""
    if call.end(side).notice is not NoticeStage.HELD:
        return call, []
    return missed(call, side, stock)


def listens_again(call: InlineCall, stock: PromptStock) -> Step:
    """A party that held has come back, or is heard for the first time: its notice begins anew."""
    for end in call.notices:
        if end.notice is NoticeStage.HELD and end.listens:
            call = call.with_end(_staged(end, NoticeStage.DUE))
    return settled(call, stock)


def _staged(end: End, stage: NoticeStage) -> End:
    return msgspec.structs.replace(end, notice=stage)


def _joined_if_done(call: InlineCall) -> InlineCall:
    """Both have answered and know what they should: they hear each other, nothing else."""
    if call.notices or not call.has_answered or call.is_joined or call.has_vacancy:
        return call
    caller, callee = (
        msgspec.structs.replace(each, plays=None) for each in (call.caller, call.callee)
    )
    return msgspec.structs.replace(call.with_end(caller).with_end(callee), is_joined=True)
