"""Somebody takes a place by an INVITE of his own: of who talks, or of a telephone that rings.

Steps over the call's value (RFC 3891 §3, docs/inline.md section Transfers). Knows nothing of who
may do so.
"""

from dataclasses import replace
from typing import Final

import msgspec

from capture.inline.bridge.recording_indication import indication
from capture.inline.bridge.refusal_translation import not_acceptable
from capture.inline.descriptions.offers import (
    NothingInCommon,
    answer_alone,
    offer_across,
    own_offer,
)
from capture.inline.descriptions.speech import agreed_media, codecs_of
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import (
    AcceptTransferTarget,
    Command,
    GiveUpTransferTarget,
    RefuseTransferTarget,
    Step,
)
from capture.inline.state.call_events import Replaced
from capture.inline.state.call_plan import Aim
from capture.inline.state.ends import End, other
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import RINGS, TransferStage
from capture.inline.state.transfer import Transfer, Transferor
from capture.inline.transfers.call_pickup import picked_up
from capture.inline.transfers.party_change import TransferTarget, as_talking, seated
from capture.inline.transfers.referral import told
from capture.sdp.crypto import is_secure
from capture.sdp.description import SessionDescription

_OK: Final = 200
_PENDING: Final = 491


def replaced(call: InlineCall, event: Replaced, stock: PromptStock) -> Step:
    """He is answered at once; who offers nothing is offered something, and has to answer first."""
    if not _has_place(call, event):
        return call, [RefuseTransferTarget(event.key, _PENDING)]
    try:
        if event.description is None:
            return _offered(call, event)
        return _answered(call, event, event.description, stock)
    except NothingInCommon:
        told = not_acceptable(call.plan.codecs, event.description)
        return call, [RefuseTransferTarget(event.key, told.status, told.headers)]


def _has_place(call: InlineCall, event: Replaced) -> bool:
    """Do both talk and nobody else is on the way, or does it ring where he wants to answer?"""
    transfer = call.transfer
    if not event.is_early:
        return transfer is None and call.is_joined and not call.notices
    if transfer is not None:
        return transfer.stage is TransferStage.RINGING and not transfer.is_given_up
    return call.callee_stage in RINGS and not call.is_given_up


def _answered(
    call: InlineCall, event: Replaced, offer: SessionDescription, stock: PromptStock
) -> Step:
    event = _indicated(call, event)
    ours = _answer(call, event, offer)
    who = TransferTarget(
        peer=event.peer,
        latch=event.latch,
        seat=event.seat,
        dialog=event.dialog,
        ours=ours,
        theirs=offer,
        is_answering=True,
        is_aware=event.is_aware,
    )
    accepted = AcceptTransferTarget(event.key, ours)
    if not call.has_answered:
        call, commands = picked_up(call, who, stock)
        return call, [accepted, *commands]
    call, notes = _given_up(call)
    call, commands = seated(call, event.side, who, stock)
    return call, [accepted, *notes, *commands]


def _indicated(call: InlineCall, event: Replaced) -> Replaced:
    """Who wants to know how recording is need not be asked anything before his ACK is there."""
    if not event.is_aware:
        return event
    word = indication(call, event.side)
    return replace(event, seat=msgspec.structs.replace(event.seat, record=word))


def _given_up(call: InlineCall) -> Step:
    """Who was called to take the place rings in vain; who asked for him hears that it is taken."""
    if call.transfer is None:
        return call, []
    call, notes = told(call, _OK, is_over=True)
    return call, [GiveUpTransferTarget(), *notes]


def _answer(call: InlineCall, event: Replaced, offer: SessionDescription) -> SessionDescription:
    """In a codec that who stays speaks already, where there is one; else he is asked again."""
    stays, allowed = call.end(other(event.side)), frozenset(call.plan.codecs)
    spoken = codecs_of(stays.ours or stays.theirs)
    spoken = spoken & allowed if allowed else spoken
    if spoken:
        try:
            return answer_alone(offer, event.seat, None, codecs=spoken)
        except NothingInCommon:
            pass
    return answer_alone(offer, event.seat, None, codecs=allowed)


def _offered(call: InlineCall, event: Replaced) -> Step:
    """Our 2xx is the offer, his ACK the answer (RFC 3261 §13.2.1); until then nobody leaves."""
    offer = _offer(call, event)
    transfer, commands = call.transfer, list[Command]([AcceptTransferTarget(event.key, offer)])
    if transfer is not None:
        commands.append(GiveUpTransferTarget())
    else:
        nobody = Transferor(notifies=False)
        transfer = Transfer(by=event.side, number=b"", seat=event.seat, transferor=nobody)
    transfer = msgspec.structs.replace(
        transfer,
        seat=event.seat,
        aim=Aim(name=event.peer, address=event.seat.address, latch=event.latch),
        untried=transfer.untried.emptied(),
        forks=(),
        dialog=event.dialog,
        stage=TransferStage.COMING,
        offer=offer,
    )
    return msgspec.structs.replace(call, transfer=transfer), commands


def _offer(call: InlineCall, event: Replaced) -> SessionDescription:
    """What who stays can speak; with SRTP where the place had it."""
    stays, codecs = call.end(other(event.side)), call.plan.codecs
    if stays.theirs is None:
        if not codecs:
            raise NothingInCommon
        return own_offer(event.seat, codecs)
    return offer_across(
        as_talking(stays.theirs),
        event.seat,
        None,
        codecs=frozenset(codecs),
        secure=_secrecy(call.end(event.side), event),
    )


def _secrecy(end: End, event: Replaced) -> bool | None:
    """As his source must have it, else as it was at that place."""
    media = agreed_media(end.ours)
    if event.seat.is_sealed is not None or media is None:
        return event.seat.is_sealed
    return is_secure(media)
