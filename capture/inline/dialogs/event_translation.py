"""What SIP says of an inline call, as events of the call.

Rules over one event of `SipCore`. Knows nothing of what the call makes of it.
"""

from typing import Final

from capture.errors import PeerBrokeProtocol
from capture.inline.bridge.recording_indication import is_aware_by
from capture.inline.messages.body_parts import description_in
from capture.inline.messages.header_filter import (
    PeerTrust,
    bye_headers,
    crossing_headers,
    listed_headers,
)
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call_events import (
    NOBODY_ANSWERED,
    Acknowledged,
    Answered,
    Cancelled,
    Event,
    HungUp,
    OfTransferTarget,
    Progressed,
    Reanswered,
    Refused,
    Reoffered,
    Retracted,
)
from capture.links.relay_messages import Side
from capture.sip.events import (
    AckMissing,
    AckReceived,
    ByeReceived,
    CancelReceived,
    Event as SipEvent,
    PrackMissing,
    PrackReceived,
    ReinviteReceived,
    ResponseReceived,
    TransactionTimedOut,
    UpdateReceived,
)
from capture.sip.identity import DialogId
from capture.sip.message import Response
from capture.sip.outgoing_call import OutgoingCall

_TRYING: Final = 100
_FIRST_FINAL: Final = 200
_FIRST_REFUSAL: Final = 300
_REDIRECTIONS: Final = range(300, 400)
_TIMED_OUT: Final = 408
_UNAVAILABLE: Final = 480
_AWAY: Final = 503
_NO_ACK: Final = b'SIP;cause=408;text="no ACK came"'
_NO_PRACK: Final = b'SIP;cause=504;text="no PRACK came"'
_SILENT_CALLER: Final = 504
_OFFERING: Final = frozenset({b"INVITE", b"UPDATE"})


def heard(bridged: BridgedCall, side: Side, event: SipEvent, to: PeerTrust) -> Event | None:
    """The call's event, with what the other side may hear of it.

    None where a call has nothing to make of it.
    """
    match event:
        case ResponseReceived():
            return _answered(bridged, side, event, to)
        case TransactionTimedOut():
            return _silent(bridged, side, event)
        case ReinviteReceived() | UpdateReceived() | PrackReceived():
            request = event.request
            said = description_in(request)
            return Reoffered(side, event.key, request.method, said, listed_headers(request, to))
        case CancelReceived():
            return _given_up(bridged, side, event)
        case _:
            return _of_dialog(bridged, side, event, to)


def _of_dialog(bridged: BridgedCall, side: Side, event: SipEvent, to: PeerTrust) -> Event | None:
    """How a dialog is confirmed, and how it ends.

    Only of who is in the call: a fork that has lost may say goodbye as late as it likes (RFC 3261
    §13.2.2.4).
    """
    match event:
        case ByeReceived() | AckMissing() if event.dialog != bridged.call.end(side).dialog:
            return None
        case PrackMissing():
            return Cancelled(_NO_PRACK, _SILENT_CALLER)
        case ByeReceived():
            reason = event.request.value(b"reason") or b""
            return HungUp(side, reason, headers=bye_headers(event.request, to))
        case AckMissing():
            return HungUp(side, _NO_ACK, still_there=True)
        case AckReceived():
            return Acknowledged(side, description_in(event.request))
        case _:
            return None


def _given_up(bridged: BridgedCall, side: Side, event: CancelReceived) -> Event:
    """A CANCEL gives up its own INVITE, and no other (RFC 3261 §9.1): the call, or a change."""
    if event.key != bridged.call.invite:
        return Retracted(side, event.key)
    return Cancelled(event.request.value(b"reason") or b"")


def is_of_attempt(bridged: BridgedCall, event: ResponseReceived | TransactionTimedOut) -> bool:
    return _is_of(bridged.attempt, event)


def is_of_successor(bridged: BridgedCall, event: ResponseReceived | TransactionTimedOut) -> bool:
    return _is_of(bridged.successor, event)


def is_of_transfer_target(bridged: BridgedCall, event: SipEvent) -> bool:
    """Is it about who is to take a place, or a late word on the INVITE by which he was called?"""
    if isinstance(event, ResponseReceived | TransactionTimedOut) and is_of_successor(
        bridged, event
    ):
        return True
    dialog = getattr(event, "dialog", None)
    return isinstance(dialog, DialogId) and bridged.is_arriving(dialog)


def of_transfer_target(bridged: BridgedCall, event: SipEvent) -> OfTransferTarget | None:
    """What is heard of him; who is brought over answers a re-INVITE and may hang up.

    Who came by himself answers in his ACK.
    """
    match event:
        case AckReceived() if _came_by_himself(bridged, event.dialog):
            return OfTransferTarget(Answered(event.dialog, description_in(event.request)))
        case AckMissing() if _came_by_himself(bridged, event.dialog):
            return OfTransferTarget(Answered(event.dialog, None))
        case ResponseReceived(method=b"INVITE"):
            told = _of_callee(event, event.response, PeerTrust())
            return None if told is None else OfTransferTarget(told)
        case TransactionTimedOut(method=b"INVITE"):
            return OfTransferTarget(_unanswered(event))
        case ByeReceived():
            return OfTransferTarget(Refused(_UNAVAILABLE))
        case _:
            return None


def _came_by_himself(bridged: BridgedCall, dialog: DialogId) -> bool:
    transfer = bridged.call.transfer
    return transfer is not None and transfer.dialog == dialog


def _is_of(attempt: OutgoingCall | None, event: ResponseReceived | TransactionTimedOut) -> bool:
    if attempt is None or event.method != b"INVITE":
        return False
    if (event.dialog.call_id, event.dialog.local_tag) != (attempt.call_id, attempt.local_tag):
        return False
    if isinstance(event, ResponseReceived):
        return event.cseq == attempt.cseq
    return event.dialog == attempt.attempt


def _answered(
    bridged: BridgedCall, side: Side, event: ResponseReceived, to: PeerTrust
) -> Event | None:
    status, response = event.response.status, event.response
    if is_of_attempt(bridged, event):
        return _of_callee(event, response, to)
    if status < _FIRST_FINAL or event.method not in _OFFERING:
        return None
    if bridged.refresh(side, event.cseq) is not None:
        return None
    said = description_in(response)
    return Reanswered(side, status, said, headers=listed_headers(response, to))


def _of_callee(
    event: ResponseReceived, response: Response, to: PeerTrust
) -> Progressed | Answered | Refused | None:
    status, tag = response.status, event.dialog.remote_tag
    if status == _TRYING:
        return None
    if status < _FIRST_FINAL:
        return Progressed(tag, status, description_in(response))
    if status < _FIRST_REFUSAL:
        is_aware = is_aware_by(response.supported)
        return Answered(event.dialog, description_in(response), is_aware)
    return refused_by(response, to)


def refused_by(response: Response, to: PeerTrust) -> Refused:
    """A refusal as it may be passed to this peer: status, phrase, and what says why."""
    contacts = _contacts(response) if response.status in _REDIRECTIONS else ()
    headers = crossing_headers(response, to)
    return Refused(response.status, response.reason, headers, contacts)


def _contacts(response: Response) -> tuple[bytes, ...]:
    """Where a redirection leads, the best first (RFC 3261 §8.1.3.4)."""
    try:
        found = response.contacts
    except PeerBrokeProtocol:
        return ()
    if not isinstance(found, tuple):
        return ()
    ranked = sorted(found, key=lambda each: -_preference(each.param(b"q")))
    return tuple(each.uri for each in ranked)


def _preference(q: bytes | None) -> float:
    try:
        return float(q) if q is not None else 1.0
    except ValueError:
        return 0.0


def _silent(bridged: BridgedCall, side: Side, event: TransactionTimedOut) -> Event | None:
    """Nobody answered; a change that nobody answers has the dialog gone (RFC 3261 §12.2.1.2).

    Who could not be reached is a 503 (§8.1.3.1), and may be there again soon.
    """
    if is_of_attempt(bridged, event):
        return _unanswered(event)
    if event.method in _OFFERING and bridged.refresh(side, event.cseq) is None:
        return Reanswered(side, _AWAY if event.is_away else _TIMED_OUT)
    return None


def _unanswered(event: TransactionTimedOut) -> Refused:
    return Refused(_AWAY, is_ours=True) if event.is_away else NOBODY_ANSWERED
