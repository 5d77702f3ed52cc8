"""Somebody in a call asks for a transfer, or takes a place in one: what the call is told of it.

Steps over the exchange: REFER and INVITE with Replaces become events of the machine, or a refusal.
Knows nothing of what the call makes of them.
"""

from dataclasses import replace
from typing import Final

import msgspec

from archive.call.refusal_reasons import Reason
from capture.errors import PeerBrokeProtocol
from capture.inline.bridge.recording_indication import is_aware_by
from capture.inline.messages.body_parts import description_in
from capture.inline.messages.refer import Replaces, refer_to, replaces_of, wants_no_word
from capture.inline.recordings.parties import caller_address, whos
from capture.inline.state.bridged_calls import ArrivingParty, BridgedCall
from capture.inline.state.call import InlineCall
from capture.inline.state.call_events import Referred, Replaced
from capture.inline.state.ends import other
from capture.inline.state.exchange import Exchange
from capture.inline.state.stages import RINGS, UNANSWERED, TransferStage
from capture.inline.state.transfer import BorrowedParty
from capture.inline.transfer_target import FORBIDDEN, is_customers, lead
from capture.links.relay_messages import Side
from capture.peers.sources import Source
from capture.raw_text import text_of
from capture.recording.call_refusal import Refusal, unreadable
from capture.recording.outputs import Now
from capture.recording.source_proof import mistrusted
from capture.recording.srtp_policy import sealed_by
from capture.sdp.record_attribute import Indication
from capture.sip.build import Answer
from capture.sip.events import InviteReceived, RequestReceived
from capture.sip.flow import transport_of
from capture.sip.identity import DialogId
from capture.sip.message import Request

_PENDING: Final = 491
_DECLINE: Final = 603
_BUSY: Final = 486
_UNKNOWN: Final = 481


def asked(
    exchange: Exchange, bridged: BridgedCall, side: Side, event: RequestReceived, now: Now
) -> Referred | Answer:
    """A REFER as an event of the call, or its refusal."""
    request = event.request
    try:
        to = refer_to(request)
    except PeerBrokeProtocol as broken:
        return Answer(status=broken.answer_with)
    if is_customers(bridged, side):
        return Answer(status=FORBIDDEN)
    told = Referred(
        side=side,
        key=event.key,
        number=b"",
        secret=exchange.node.fresh.srtp_secret(),
        referred_by=referred_by(bridged, side, request),
        is_quiet=wants_no_word(request),
        sequence=request.cseq.number,
    )
    known = None if to.replaces is None else exchange.calls.of_dialog(to.replaces.here)
    if known is not None and to.replaces is not None:
        return _borrow(exchange, bridged, to.replaces, told, (event, now))
    found = lead(exchange, bridged, side, to.uri, now)
    if isinstance(found, int):
        return Answer(status=found)
    replaces = b"" if to.replaces is None else bytes(to.replaces)
    return replace(told, number=found.number, aims=found.aims, replaces=replaces)


def referred_by(bridged: BridgedCall, side: Side, request: Request) -> bytes:
    """Who asks: as he says it, else as we know him (RFC 3892 §2.1)."""
    said = request.value(b"referred-by")
    return said or b"<" + whos(bridged)[side][0].encode() + b">"


def _borrow(
    exchange: Exchange,
    bridged: BridgedCall,
    replaces: Replaces,
    told: Referred,
    asked_by: tuple[RequestReceived, Now],
) -> Referred | Answer:
    """The dialog that is named is one of ours: who is at the other end of it comes over."""
    found = exchange.calls.of_dialog(replaces.here)
    assert found is not None
    theirs, its_side = found
    event, now = asked_by
    end = theirs.call.end(other(its_side))
    if theirs.key == bridged.key:
        return Answer(status=_DECLINE)
    if not _same_tenant(exchange, bridged, theirs):
        return Answer(status=FORBIDDEN)
    if not _is_among_his(exchange, theirs, replaces.here, event, now):
        return Answer(status=FORBIDDEN)
    if not _is_quiet(theirs.call) or theirs.call.end(its_side).dialog != replaces.here:
        return Answer(status=_PENDING)
    if end.dialog is None or not exchange.node.sip.has_dialog(end.dialog):
        return Answer(status=_PENDING)
    return replace(told, borrowed=BorrowedParty(key=theirs.key, end=end))


def _is_among_his(
    exchange: Exchange, theirs: BridgedCall, dialog: DialogId, event: RequestReceived, now: Now
) -> bool:
    """Is the other call one of who asks, as if he had sent an INVITE with Replaces himself?"""
    node = exchange.node
    asking = node.sip.known(event.dialog)
    if asking is None:
        return False
    source = node.peers.name_at(asking.flow)
    if source and source in theirs.call.plan.replaces_from:
        return True
    return node.peers.is_own(node.sip.known(dialog), event.request, asking.flow, now.s)


def _is_quiet(call: InlineCall) -> bool:
    """Have both answered, and is nothing being changed?"""
    return call.has_answered and call.change is None and call.transfer is None


def _same_tenant(exchange: Exchange, one: BridgedCall, two: BridgedCall) -> bool:
    found = (exchange.node.sessions.get(bridged.key) for bridged in (one, two))
    tenants = {session.tenant for session in found if session is not None}
    return len(tenants) == 1


def replacing(
    exchange: Exchange, event: InviteReceived, source: Source, now: Now
) -> tuple[BridgedCall, Replaced] | Refusal | None:
    """What an INVITE with Replaces does to which call, or its refusal (RFC 3891 §3).

    None: it replaces nothing, or a dialog whose other end is at a party of ours; then it is a call
    like others, and that party is told.
    """
    request = event.request
    try:
        replaces = replaces_of(request)
    except PeerBrokeProtocol as broken:
        return unreadable(broken)
    if replaces is None or exchange.calls.of_dialog(replaces.beyond) is not None:
        return None
    found = exchange.calls.of_dialog(replaces.here)
    if found is None:
        return Refusal(Answer(status=_UNKNOWN), Reason.NO_DIALOG)
    bridged, side = found
    status = _refusal(exchange, bridged, side, replaces, source)
    is_foreign = not status and not _may_take(exchange, bridged, replaces.here, event, source, now)
    if status or is_foreign:
        detail = "not from who is in that call" if is_foreign else ""
        return Refusal(Answer(status=status or _UNKNOWN), Reason.NO_DIALOG, detail)
    offer = description_in(request)
    if (refusal := mistrusted(exchange.node, event, source, offer, now)) is not None:
        return refusal
    who = caller_address(request)
    arriving = ArrivingParty(
        who=(text_of(who.uri), text_of(who.display)),
        source=source.name,
        uri=request.from_address.uri,
    )
    bridged = msgspec.structs.replace(bridged, arriving=arriving)
    told = _event(exchange, bridged, side, event, source)
    return bridged, replace(told, is_early=_rings(exchange, bridged, replaces.here))


def _may_take(
    exchange: Exchange,
    bridged: BridgedCall,
    dialog: DialogId,
    event: InviteReceived,
    source: Source,
    now: Now,
) -> bool:
    """Is he of those whose place it is, or named by the route? Tags stand in logs."""
    if source.name in bridged.call.plan.replaces_from:
        return True
    node = exchange.node
    return node.peers.is_own(node.sip.known(dialog), event.request, event.flow, now.s)


def _refusal(
    exchange: Exchange, bridged: BridgedCall, side: Side, replaces: Replaces, source: Source
) -> int:
    """RFC 3891 §3: of dialogs that nobody has answered only those that we began are to be had.

    What is another tenant's is as if it were not there.
    """
    session = exchange.node.sessions.get(bridged.key)
    if session is None or session.tenant != source.tenant:
        return _UNKNOWN
    if bridged.is_stale(replaces.here) or bridged.call.is_given_up:
        return _DECLINE
    if _rings(exchange, bridged, replaces.here):
        return 0
    return _refusal_of_answered(bridged, side, replaces)


def _refusal_of_answered(bridged: BridgedCall, side: Side, replaces: Replaces) -> int:
    if bridged.call.end(side).dialog != replaces.here:
        return _UNKNOWN
    if side is Side.CALLER and bridged.call.caller_stage in UNANSWERED:
        return _UNKNOWN
    if replaces.is_early_only:
        return _BUSY
    return _PENDING if bridged.call.transfer is not None else 0


def _rings(exchange: Exchange, bridged: BridgedCall, dialog: DialogId) -> bool:
    """Is it of a telephone that we have called, and that has not answered yet?"""
    call, transfer = bridged.call, bridged.call.transfer
    if transfer is not None:
        is_it = transfer.stage is TransferStage.RINGING and bridged.is_arriving(dialog)
    else:
        name = (dialog.call_id, dialog.local_tag)
        is_it = call.callee_stage in RINGS and name == bridged.called
    return is_it and exchange.node.sip.has_dialog(dialog)


def _event(
    exchange: Exchange, bridged: BridgedCall, side: Side, event: InviteReceived, source: Source
) -> Replaced:
    node = exchange.node
    address = source.rtp_advertise or node.place.address
    seat = msgspec.structs.replace(
        bridged.call.end(side).seat,
        address=address,
        session_id=exchange.numbers(31),
        secret=node.fresh.srtp_secret(),
        record=Indication.NONE,
        is_sealed=sealed_by(source, transport_of(event.flow)),
    )
    return Replaced(
        side=side,
        key=event.key,
        dialog=event.dialog,
        description=description_in(event.request),
        peer=source.name,
        latch=source.latch,
        seat=seat,
        is_aware=is_aware_by((*event.request.supported, *event.request.require)),
    )
