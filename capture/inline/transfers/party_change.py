"""A transfer target takes a side's place: by REFER, from another call, or by INVITE with Replaces.

Steps over the call's value (docs/inline.md section Transfers). Knows nothing of how it was found.
"""

from typing import Final, Self

import msgspec

from capture.inline.bridge.glare import is_owed
from capture.inline.bridge.reinvite_cancel import answered_by_us
from capture.inline.descriptions.offers import NothingInCommon, offer_across
from capture.inline.descriptions.seat import MediaSeat
from capture.inline.descriptions.speech import (
    agreed_codecs,
    agreed_media,
    speaks_beyond,
    speaks_otherwise,
)
from capture.inline.notices.notice import settled
from capture.inline.state.call import Change, InlineCall
from capture.inline.state.call_commands import Command, LetGo, Offer, Reply, Retract, Step
from capture.inline.state.ends import End, other
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import CallerStage, NoticeStage
from capture.inline.state.transfer import Transfer
from capture.links.relay_messages import Latch, Side
from capture.sdp.description import Direction, SessionDescription
from capture.sdp.record_attribute import Indication
from capture.sip.identity import DialogId

_INVITE: Final = b"INVITE"
_PENDING: Final = 491


class TransferTarget(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes a place: where he sits, and what was said by offer and answer (see `End`)."""

    peer: str
    latch: Latch
    seat: MediaSeat
    dialog: DialogId
    ours: SessionDescription
    theirs: SessionDescription
    is_answering: bool = False
    is_told: bool = False
    is_aware: bool = False

    @classmethod
    def called(
        cls,
        transfer: Transfer,
        dialog: DialogId,
        theirs: SessionDescription,
        *,
        is_aware: bool = False,
    ) -> Self:
        """Whom we have called, or brought over from another call."""
        borrowed, aim = transfer.borrowed, transfer.aim
        assert transfer.offer is not None
        if borrowed is not None:
            peer, latch = borrowed.end.peer, borrowed.end.latch
        else:
            assert aim is not None
            peer, latch = aim.name, aim.latch
        return cls(
            peer=peer,
            latch=latch,
            seat=transfer.seat,
            dialog=dialog,
            ours=transfer.offer,
            theirs=theirs,
            is_told=borrowed is not None and borrowed.end.notice is NoticeStage.SENT,
            is_aware=is_aware or (borrowed is not None and borrowed.end.is_aware),
        )


def seated(call: InlineCall, side: Side, who: TransferTarget, stock: PromptStock) -> Step:
    """The place is his: he hears the notice where his side does, then both talk.

    Pair, SSRC and numbers stay: to us he is the same voice.
    """
    former = call.end(side).dialog
    call, commands = held_back(call, side)
    end = msgspec.structs.replace(
        call.end(side),
        peer=who.peer,
        latch=who.latch,
        seat=who.seat,
        dialog=who.dialog,
        ours=who.ours,
        theirs=who.theirs,
        is_answering=who.is_answering,
        forks=(),
        is_aware=who.is_aware,
        declined=Indication.NONE,
        notice=_notice_for(call, side, who),
        prompt=0,
        plays=None,
        superseded=(),
    )
    stage = CallerStage.TALKING if side is Side.CALLER else call.caller_stage
    call = msgspec.structs.replace(
        call.with_end(end), caller_stage=stage, is_joined=False, transfer=None
    ).owing(other(side))
    if former is not None:
        commands.append(LetGo(former))
    call, more = settled(call, stock)
    return call, [*commands, *more]


def _notice_for(call: InlineCall, side: Side, who: TransferTarget) -> NoticeStage:
    if (
        not call.plan.notice.prompts
        or side not in call.plan.notice.sides
        or call.recording.unrecorded
    ):
        return NoticeStage.NONE
    if who.is_told:
        return NoticeStage.SENT
    waits = call.plan.notice.at_start and not call.recording.is_started
    return NoticeStage.NONE if waits else NoticeStage.DUE


def held_back(call: InlineCall, side: Side) -> Step:
    """What this side and the other were changing, once this side is leaving.

    What it asked for is not its business any more, but the other one's answer to it counts; an
    offer that it wanted to hear is taken back, or gets its ACK from us. What it was asked is to be
    asked again, of who comes.
    """
    change = call.change
    if change is None:
        return call, []
    key = change.key
    if change.asker is not side:
        replies: list[Command] = [] if key is None else [Reply(key, _PENDING)]
        return msgspec.structs.replace(call, change=None), replies
    stays = call.end(other(side))
    if change.awaits_answer:
        return answered_by_us(msgspec.structs.replace(call, change=None), stays.side, stays.theirs)
    replies = [] if key is None else [Reply(key, _PENDING)]
    if change.offer is not None or change.told is not None:
        later = msgspec.structs.replace(change, key=None)
        return msgspec.structs.replace(call, change=later), replies
    later = msgspec.structs.replace(change, key=None, is_retracted=True)
    return msgspec.structs.replace(call, change=later), [*replies, Retract(stays.side)]


def agree_on_codec(call: InlineCall) -> InlineCall:
    """Where the callee took another codec than the caller was answered, the caller is asked again.

    No transcoding: who was answered before the callee was there takes the callee's choice.
    """
    if call.caller_stage is not CallerStage.TALKING or call.change is not None:
        return call
    if not call.has_answered or not _differ(call.caller, call.callee):
        return call
    return call.owing(Side.CALLER)


def rejoined(call: InlineCall, now_us: int) -> Step:
    """Who stayed is asked again, where what he was told is not what the transfer target speaks.

    Also where the former party had put him on hold.
    """
    side, is_up = call.owed.side, call.caller_stage is not CallerStage.GONE
    if side is None or not is_owed(call, now_us):
        return call, []
    call = call.owing(None)
    stays, target = call.end(side), call.end(other(side))
    if not is_up or target.theirs is None or not _must_be_asked(stays, target):
        return call, []
    try:
        # What he offered and was not answered with is nothing that he speaks here.
        spoken = agreed_codecs(target.ours, target.theirs)
        offer = offer_across(target.theirs, stays.seat, stays.ours, codecs=spoken)
    except NothingInCommon:
        return call, []
    change = Change(asker=target.side, key=None, offer=target.theirs)
    return msgspec.structs.replace(call, change=change), [Offer(side, _INVITE, offer)]


def _must_be_asked(stays: End, target: End) -> bool:
    told = agreed_media(stays.ours)
    if stays.ours is None or stays.theirs is None or target.theirs is None or told is None:
        return False
    if told.direction is not Direction.SENDRECV or _differ(stays, target):
        return True
    return speaks_beyond((stays.ours, stays.theirs), target.theirs)


def _differ(stays: End, target: End) -> bool:
    """Does the transfer target speak what who stays was never told of?"""
    if stays.ours is None or target.theirs is None:
        return False
    spoken = agreed_codecs(target.ours, target.theirs)
    return speaks_otherwise(stays.ours, target.theirs, spoken)


def as_talking(description: SessionDescription) -> SessionDescription:
    """The same without a hold: as its author would offer it to somebody new."""
    media = tuple(
        msgspec.structs.replace(each, direction=Direction.SENDRECV) for each in description.media
    )
    return msgspec.structs.replace(description, media=media)
