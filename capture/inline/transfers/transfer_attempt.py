"""A transfer that is carried out here: who asked hears how it goes, the transfer target is called.

Steps over the call's value (RFC 3515, RFC 5589, docs/inline.md section Transfers). Knows nothing of
where a REFER may lead, or of what follows once the transfer target has answered.
"""

from typing import Final

import msgspec

from capture.inline.bridge.callee import tries_next
from capture.inline.bridge.callee_offer import MEDIA_REFUSED, secure_by
from capture.inline.bridge.refusal_translation import NOT_ACCEPTABLE
from capture.inline.descriptions.offers import NothingInCommon, offer_across
from capture.inline.descriptions.speech import agreed_media
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import (
    AnswerReferral,
    Borrow,
    BringOver,
    DialTransferTarget,
    FindTransferTarget,
    GiveUpTransferTarget,
    KeepBorrowed,
    LetGo,
    Step,
)
from capture.inline.state.call_events import (
    NOBODY_ANSWERED,
    Answered,
    HopsFound,
    OfTransferTarget,
    Progressed,
    RangTooLong,
    Referred,
    Refused,
)
from capture.inline.state.call_plan import Aim, DialledHop, TargetSet
from capture.inline.state.ends import MAX_FORKS, Fork, other
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import CallerStage, TransferStage
from capture.inline.state.transfer import Transfer, Transferor
from capture.inline.transfers.call_pickup import picked_up
from capture.inline.transfers.party_change import TransferTarget, as_talking, seated
from capture.inline.transfers.referral import DIALLED, changed, failed, rung, told, transfer_of
from capture.sdp.description import SessionDescription
from capture.sdp.record_attribute import Indication

ACCEPTED: Final = 202
_PENDING: Final = 491
_TRYING: Final = 100
_RINGING: Final = 180
_OK: Final = 200


def referred(call: InlineCall, event: Referred) -> Step:
    """Taken up while both talk, one at a time; who asked hears of it from now on.

    Not while somebody is told in mid-call that recording begins.
    """
    if call.transfer is not None or not call.is_joined or call.notices:
        return call, [AnswerReferral(event.key, _PENDING)]
    seat = msgspec.structs.replace(
        call.end(event.side).seat, secret=event.secret, record=Indication.NONE, is_sealed=None
    )
    transfer = Transfer(
        by=event.side,
        number=event.number,
        seat=seat,
        untried=TargetSet(targets=event.aims),
        borrowed=event.borrowed,
        transferor=Transferor(
            dialog=call.end(event.side).dialog,
            event=b"refer;id=%d" % event.sequence if call.refers else b"refer",
            notifies=not event.is_quiet,
        ),
        referred_by=event.referred_by,
        replaces=event.replaces,
    )
    call = msgspec.structs.replace(call, transfer=transfer, refers=call.refers + 1)
    call, notes = told(call, _TRYING)
    call, more = _next_aim(call) if event.borrowed is None else _moved(call)
    return call, [AnswerReferral(event.key, ACCEPTED, event.is_quiet), *notes, *more]


def _next_aim(call: InlineCall) -> Step:
    transfer = transfer_of(call)
    untried = transfer.untried
    if not untried.targets:
        return failed(call, Refused(untried.refusal))
    aim, *rest = untried.targets
    untried = msgspec.structs.replace(untried, targets=tuple(rest), hops=())
    seat = msgspec.structs.replace(transfer.seat, address=aim.address)
    call = changed(call, aim=aim, untried=untried, seat=seat, stage=TransferStage.FINDING)
    return call, [FindTransferTarget(aim.name, transfer.number)]


def of_transfer_target(
    call: InlineCall, event: OfTransferTarget, stock: PromptStock, now_us: int
) -> Step:
    """What is heard of the transfer target before he has the place."""
    if not _is_awaited(call):
        return _too_late(call, event)
    match event.what:
        case HopsFound():
            return _found(call, event.what, now_us)
        case Progressed():
            return _progressed(call, event.what, stock)
        case Answered():
            return _answered(call, event.what, stock)
        case Refused():
            return _refused(call, event.what, now_us)
        case RangTooLong():
            call, commands = failed(call, NOBODY_ANSWERED)
            return call, [GiveUpTransferTarget(), *commands]


def _found(call: InlineCall, event: HopsFound, now_us: int) -> Step:
    if transfer_of(call).stage is not TransferStage.FINDING:
        return call, []
    untried = msgspec.structs.replace(transfer_of(call).untried, hops=event.hops)
    return _next_hop(changed(call, untried=untried), now_us)


def _is_awaited(call: InlineCall) -> bool:
    transfer = call.transfer
    is_up = call.caller_stage is not CallerStage.GONE
    return is_up and transfer is not None and not transfer.is_given_up


def _too_late(call: InlineCall, event: OfTransferTarget) -> Step:
    """Nobody waits for him: a final answer is the last that is heard of him."""
    is_final = isinstance(event.what, Answered | Refused)
    if is_final and call.transfer is not None and call.transfer.is_given_up:
        call = msgspec.structs.replace(call, transfer=None)
    if not isinstance(event.what, Answered):
        return call, []
    is_repeated = event.what.dialog in {call.caller.dialog, call.callee.dialog}
    return call, [] if is_repeated else [LetGo(event.what.dialog)]


def _next_hop(call: InlineCall, now_us: int) -> Step:
    transfer = transfer_of(call)
    if not transfer.untried.hops:
        return _next_aim(call)
    hop, *rest = transfer.untried.hops
    untried = msgspec.structs.replace(transfer.untried, hops=tuple(rest))
    return _dial(changed(call, untried=untried, dialled=DialledHop(hop=hop)), now_us)


def _dial(call: InlineCall, now_us: int) -> Step:
    transfer = transfer_of(call)
    assert transfer.dialled.hop is not None
    assert transfer.aim is not None
    try:
        offer = _offer(call, transfer.aim)
    except NothingInCommon:
        return failed(call, Refused(NOT_ACCEPTABLE))
    dialled = msgspec.structs.replace(transfer.dialled, dialled_us=now_us)
    call = changed(call, stage=TransferStage.DIALLING, offer=offer, forks=(), dialled=dialled)
    return call, [DialTransferTarget(transfer.dialled.hop, offer)]


def _offer(call: InlineCall, aim: Aim) -> SessionDescription:
    """What who stays can speak, as he would say it if nobody had put him on hold."""
    transfer, stays = transfer_of(call), call.end(other(transfer_of(call).by))
    if stays.theirs is None:
        raise NothingInCommon
    secure = secure_by(aim.srtp, is_plain=transfer.dialled.is_plain)
    codecs = frozenset(call.plan.codecs)
    return offer_across(as_talking(stays.theirs), transfer.seat, None, codecs=codecs, secure=secure)


def _moved(call: InlineCall) -> Step:
    """A party of another call is asked to speak at this place: with its own `o=` line, gone on."""
    transfer, stays = transfer_of(call), call.end(other(transfer_of(call).by))
    borrowed = transfer.borrowed
    assert borrowed is not None
    seat = msgspec.structs.replace(
        transfer.seat,
        session_id=borrowed.end.seat.session_id,
        is_sealed=borrowed.end.seat.is_sealed,
    )
    codecs = frozenset(call.plan.codecs)
    try:
        if stays.theirs is None:
            raise NothingInCommon
        offer = offer_across(as_talking(stays.theirs), seat, borrowed.end.ours, codecs=codecs)
    except NothingInCommon:
        return failed(changed(call, borrowed=None), Refused(NOT_ACCEPTABLE))
    call = changed(call, seat=seat, stage=TransferStage.MOVING, offer=offer)
    borrow = Borrow(borrowed.key, borrowed.end.side, borrowed.dialog)
    return call, [borrow, BringOver(borrowed.dialog, offer)]


def _progressed(call: InlineCall, event: Progressed, stock: PromptStock) -> Step:
    """It rings: who asked is told, who stays hears it where nobody else is to be heard."""
    if transfer_of(call).stage not in DIALLED:
        return call, []
    call = changed(call, stage=TransferStage.RINGING)
    if event.description is not None:
        others = tuple(each for each in transfer_of(call).forks if each.tag != event.tag)
        forks = (*others, Fork(event.tag, event.description))[-MAX_FORKS:]
        call = changed(call, forks=forks)
    return told(rung(call, stock), _RINGING)


def _answered(call: InlineCall, event: Answered, stock: PromptStock) -> Step:
    """He has the place; who asked is told, and let go."""
    transfer = transfer_of(call)
    early = (fork.theirs for fork in transfer.forks if fork.tag == event.dialog.remote_tag)
    theirs = event.description or next(early, None)
    if theirs is None or transfer.offer is None or agreed_media(theirs) is None:
        return _let_go(call, event)
    target = TransferTarget.called(transfer, event.dialog, theirs, is_aware=event.is_aware)
    if not call.has_answered:
        return _picked_up(call, event, target, stock)
    call, notes = told(call, _OK, is_over=True)
    if transfer.borrowed is not None:
        group = call.group or call.key
        borrowed = transfer.borrowed
        notes.append(KeepBorrowed(borrowed.key, borrowed.end.side, group))
        call = msgspec.structs.replace(call, group=group)
    call, commands = seated(call, transfer.by, target, stock)
    return call, [*notes, *commands]


def _picked_up(call: InlineCall, event: Answered, who: TransferTarget, stock: PromptStock) -> Step:
    """He answers for a telephone that still rings."""
    try:
        return picked_up(msgspec.structs.replace(call, transfer=None), who, stock)
    except NothingInCommon:
        return _let_go(call, event)


def _let_go(call: InlineCall, event: Answered) -> Step:
    call, commands = failed(call, Refused(NOT_ACCEPTABLE))
    return call, [LetGo(event.dialog), *commands]


def _refused(call: InlineCall, event: Refused, now_us: int) -> Step:
    """The next place where there is one; else it is over, and the call as it was."""
    transfer = transfer_of(call)
    offers = transfer.aim is not None and transfer.aim.srtp == "offer"
    if event.status in MEDIA_REFUSED and offers and not transfer.dialled.is_plain:
        plain = msgspec.structs.replace(transfer.dialled, is_plain=True)
        return _dial(changed(call, dialled=plain), now_us)
    untried = msgspec.structs.replace(transfer.untried, refusal=event.status)
    call = changed(call, untried=untried)
    if tries_next(event.status) and (untried.hops or untried.targets):
        return _next_hop(call, now_us)
    return failed(call, event)
