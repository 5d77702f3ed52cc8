"""What keeps the dialogs of a call alive, or finds out that they are not: refreshes, questions.

Steps over the exchange (RFC 4028 §10, RFC 3261 §12.2.1.2). Knows nothing of what makes a call
silent.
"""

from typing import Final

from capture.inline.bridge.reinvite import DIALOG_IS_GONE
from capture.inline.dialogs.refresh_requests import send_refresh
from capture.inline.outgoing_invite import ALLOW
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call_events import HungUp
from capture.inline.state.exchange import Exchange
from capture.links.relay_messages import Side
from capture.recording.outputs import Now, Output
from capture.recording.session import SessionFull, flagged
from capture.sdp.renderer import render_description
from capture.sip.build import SDP_TYPE
from capture.sip.call import OutgoingRequest
from capture.sip.events import (
    Event as SipEvent,
    RefreshDue,
    RefreshMissed,
    ResponseReceived,
    TransactionTimedOut,
)
from capture.sip.transaction import TIMEOUT_US

PROBE: Final = b"OPTIONS"
_NO_DIALOG: Final = 481
# What arrives is shown up to so much later: a sweep, a round of the relay.
_SHOWN_LATE_US: Final = 2_000_000
_GONE: Final = b'SIP;cause=408;text="the other side is gone"'


def refreshed(
    exchange: Exchange,
    bridged: BridgedCall,
    side: Side,
    event: RefreshDue | RefreshMissed,
    now: Now,
) -> list[Output]:
    """It is ours to refresh the session with one side (RFC 4028 §10): with what holds.

    Or who promised it has not: it is asked so whether it still is.
    """
    if bridged.call.change is not None:
        return []
    ours = bridged.call.end(side).ours
    request = OutgoingRequest(method=b"UPDATE", headers=(ALLOW,))
    if not event.by_update and ours is not None:
        body = render_description(ours)
        request = OutgoingRequest(method=b"INVITE", headers=(ALLOW, SDP_TYPE), body=body)
    bridged, outputs = send_refresh(exchange, bridged, side, (event.dialog, request), now)
    exchange.calls.keep(bridged)
    return outputs


def asked_about(
    exchange: Exchange, bridged: BridgedCall, sides: tuple[Side, ...], now: Now
) -> list[Output]:
    """Nothing has arrived for a while: ask both sides whether the call still is.

    Or those `sides` of which nothing has, once they and the other one may talk.
    """
    node, outputs = exchange.node, list[Output]()
    session = node.sessions.get(bridged.key)
    if session is None or (sides and not bridged.call.is_joined):
        return []
    node.sessions.keep(session.with_liveness(session.liveness.probed(now.us)))
    for end in (bridged.call.caller, bridged.call.callee):
        if sides and end.side not in sides:
            continue
        if end.dialog is not None and node.sip.has_dialog(end.dialog):
            ping = OutgoingRequest(method=PROBE)
            sent = node.sip.send_request(end.dialog, ping, now.s)
            outputs += node.sent(sent, now)
    return outputs


def is_question(
    bridged: BridgedCall, side: Side, event: ResponseReceived | TransactionTimedOut
) -> bool:
    """Is it a final word, or none, on what was to show that a side is there?

    To a refresh (or a name) only a word that says it is not.
    """
    if event.method == PROBE:
        return True
    if bridged.refresh(side, event.cseq) is None:
        return False
    return isinstance(event, TransactionTimedOut) or event.response.status in DIALOG_IS_GONE


def found_gone(
    exchange: Exchange,
    bridged: BridgedCall,
    side: Side,
    event: ResponseReceived | TransactionTimedOut,
) -> HungUp | None:
    """A side that was asked knows of no dialog, or says nothing: as if it had hung up.

    Any other final response is a sign of life, and so is what it says meanwhile; but who refuses a
    refresh with 481 has no session any more (RFC 3261 §12.2.1.2, RFC 4028 §10), whatever he sends.
    Who cannot be reached at this moment is asked again (`put_off`).
    """
    session = exchange.node.sessions.get(bridged.key)
    if not _says_gone(event) or session is None:
        return None
    if event.dialog != bridged.call.end(side).dialog:
        return None
    refresh = bridged.refresh(side, event.cseq) if event.method != PROBE else None
    is_refused = isinstance(event, ResponseReceived) and event.response.status == _NO_DIALOG
    since_us = session.liveness.probed_at_us if refresh is None else refresh.at_us - _SHOWN_LATE_US
    is_final = refresh is not None and is_refused
    if not is_final and heard_us(exchange, bridged, side) > since_us:
        return None
    return HungUp(side, _GONE, still_there=True)


def put_off(exchange: Exchange, bridged: BridgedCall, event: SipEvent, now: Now) -> None:
    """A side that was asked cannot be reached just now, which says nothing of its dialog."""
    session = exchange.node.sessions.get(bridged.key)
    if session is not None and isinstance(event, TransactionTimedOut) and event.is_away:
        exchange.node.sessions.keep(session.with_liveness(session.liveness.unreached(now.us)))


def spoke_unacknowledged(exchange: Exchange, bridged: BridgedCall, side: Side, now: Now) -> bool:
    """Has a side that never acknowledged our 2xx sent media meanwhile: was only its ACK lost?"""
    since_us = max(now.us - TIMEOUT_US, bridged.call.created_us)
    return heard_us(exchange, bridged, side) > since_us


def ack_missing(exchange: Exchange, bridged: BridgedCall, now: Now) -> list[Output]:
    """Flag the recordings of a call that goes on without an ACK; a full session has no room."""
    session = exchange.node.sessions.get(bridged.key)
    if session is None:
        return []
    try:
        return exchange.node.noted(flagged(session, "ack_missing", now.us))
    except SessionFull:
        return []


def _says_gone(event: ResponseReceived | TransactionTimedOut) -> bool:
    if isinstance(event, ResponseReceived):
        return event.response.status in DIALOG_IS_GONE
    return not event.is_away


def is_unheard(exchange: Exchange, bridged: BridgedCall, side: Side) -> bool:
    """Has nothing come from a side as long as the call is up?"""
    return heard_us(exchange, bridged, side) < bridged.call.created_us


def heard_us(exchange: Exchange, bridged: BridgedCall, side: Side) -> int:
    """When a side was heard last, by its speech or by what goes beside."""
    end = bridged.call.end(side)
    pairs = [end.pair] if end.pair_beside < 0 else [end.pair, end.pair_beside]
    return max(exchange.node.capacity.last_arrival_us(each) for each in pairs)
