"""Our requests inside a dialog, and the answers to all of ours.

Pure steps from one `CallSignalling` to the next. Knows nothing of other calls.
"""

from typing import Final

import msgspec

from capture.sip.acknowledgement import EMPTY_ACK, send_ack
from capture.sip.agent import Agent
from capture.sip.call import CallSignalling, OutgoingRequest, WaitingRequest
from capture.sip.client_transaction import InviteClient, Reach
from capture.sip.events import (
    NoSuchDialog,
    Output,
    RequestPending,
    SendMessage,
    TooManyPending,
    TransactionTimedOut,
)
from capture.sip.flow import Address, Flow
from capture.sip.identity import DialogId, client_key
from capture.sip.in_dialog_challenge import disproved, sent_again
from capture.sip.in_dialog_request import Client, begin, told_of
from capture.sip.invite_forks import take_response
from capture.sip.message import Response
from capture.sip.out_of_dialog_request import cancel, cancel_if_wanted
from capture.sip.refer_subscription import after_notify
from capture.sip.server_side import Step
from capture.sip.session_timer import REFRESHING, answered
from capture.sip.transaction import Deliver, GaveUp, Output as Told, RingTimeout, Transmit

# Sent by ourselves, or about an INVITE of which all is told: nobody waits for what is said to them.
_TIMED_OUT: Final = 408
_UNTOLD: Final = frozenset({b"CANCEL", b"PRACK"})


def send_request(
    call: CallSignalling, named: DialogId, request: OutgoingRequest, agent: Agent, now_s: float
) -> Step:
    """Send a request in a dialog. A BYE waits for the ACK of our 2xx (RFC 3261 §15).

    Raises `NoSuchDialog`, `RequestPending` for a second INVITE (§14.1), or `TooManyPending`, but
    for a BYE.
    """
    dialog = call.dialog(named)
    if dialog is None:
        raise NoSuchDialog("the dialog has ended")
    if request.method == b"BYE" and call.awaited_ack(named) is not None:
        held = WaitingRequest(dialog=named, request=request)
        return msgspec.structs.replace(call, waiting=(*call.waiting, held)), []
    if request.method == b"INVITE" and _has_pending_invite(call, named):
        raise RequestPending("an INVITE is under way")
    if request.method != b"BYE" and call.is_crowded:
        raise TooManyPending("too many requests of ours are under way")
    return begin(call, dialog.advance(), request, agent, now_s)


def _has_pending_invite(call: CallSignalling, named: DialogId) -> bool:
    ours = call.has_invite_of_ours(named) or call.has_attempt(named)
    return ours or bool(call.unanswered_invites(named))


def release_waiting(call: CallSignalling, agent: Agent, now_s: float) -> Step:
    """Send the requests whose dialog no longer awaits an ACK."""
    outputs: list[Output] = []
    for held in call.waiting:
        dialog = call.dialog(held.dialog)
        if dialog is None or call.awaited_ack(held.dialog) is not None:
            continue
        left = tuple(other for other in call.waiting if other is not held)
        call = msgspec.structs.replace(call, waiting=left)
        call, sent = begin(call, dialog.advance(), held.request, agent, now_s)
        outputs += sent
    return call, outputs


def receive_response(call: CallSignalling, response: Response, agent: Agent, now_s: float) -> Step:
    """Take a response to a request of ours; what answers none of ours is ignored."""
    client = call.client(client_key(response))
    if client is None or len(response.vias) != 1:
        return call, []
    client, told = client.receive(response, now_s)
    return tell(call, client, told, agent, now_s)


def tell(
    call: CallSignalling, client: Client, told: list[Told], agent: Agent, now_s: float
) -> Step:
    """Carry out what a client transaction puts out."""
    call = call.with_client(client)
    outputs: list[Output] = []
    for out in told:
        match out:
            case Transmit(data, by):
                outputs.append(SendMessage(flow=by or client.flow, data=data))
            case Deliver(response):
                call, more = _take_response(call, client, response, agent, now_s)
                outputs += more
            case GaveUp(is_away):
                call, more = _give_up(call, client, is_away=is_away)
                outputs += more
            case RingTimeout():
                call, more = cancel(call, client.dialog, now_s)
                outputs += more
    return _without_losers(call, client), outputs


def _take_response(
    call: CallSignalling, client: Client, response: Response, agent: Agent, now_s: float
) -> Step:
    again = sent_again(call, client, response, agent, now_s)
    if again is not None:
        return again
    call = disproved(call, client, response)
    if client.key.method in _UNTOLD:
        return call, []
    if not isinstance(client, InviteClient) or client.reach is Reach.INSIDE:
        call, outputs = _take_inside(call, client, response, agent, now_s)
    else:
        call, outputs = take_response(call, client, response, agent, now_s)
    if isinstance(client, InviteClient):
        call, cancels = cancel_if_wanted(call, client, now_s)
        outputs = [*outputs, *cancels]
    return call, outputs


def _take_inside(
    call: CallSignalling, client: Client, response: Response, agent: Agent, now_s: float
) -> Step:
    """In a dialog, or of no dialog's making: a 2xx may refresh the session and the target."""
    told = told_of(client, response)
    if response.status < 200:  # noqa: PLR2004 - RFC 3261 §7.2: 1xx is provisional
        return call, [told]
    call = after_notify(_after_bye(call, client), client, response.status)
    dialog = call.dialog(client.dialog)
    if dialog is None or client.key.method not in REFRESHING:
        return call, [told]
    timer = answered(dialog.timer, response, now_s)
    dialog = msgspec.structs.replace(dialog, timer=timer)
    if response.status >= 300:  # noqa: PLR2004 - only a 2xx refreshes the target
        return call.with_dialog(dialog), [told]
    dialog = dialog.refresh_target(response)
    call = call.with_dialog(dialog)
    if not isinstance(client, InviteClient) or not client.has_offer:
        return call, [told]
    call, acks = send_ack(call, client, dialog, EMPTY_ACK, agent)
    return call, [*acks, told]


def fail_requests(
    call: CallSignalling, where: tuple[Flow, frozenset[int]], agent: Agent, now_s: float
) -> Step:
    """What was to be sent there, and of which nobody has heard, has failed.

    Or, where the flow names a connection, was written to that, which is gone: it goes out anew,
    once. A peer that calls us may be reached by its own connection where none of ours leads to it:
    what went by one that is live is waited for.
    """
    outputs: list[Output] = []
    for client in call.clients:
        after, told = _failed(client, *where)
        if told:
            call, more = tell(call, after, told, agent, now_s)
            outputs += more
    return call, outputs


def _failed(client: Client, flow: Flow, live: frozenset[int]) -> tuple[Client, list[Told]]:
    sent = client.flow
    if flow.connection:
        return client.lose_connection() if _was_carried(sent, flow, live) else (client, [])
    is_waited_for = _leads(sent) != _leads(flow) or sent.connection in live
    return (client, []) if is_waited_for else client.fail()


def _leads(flow: Flow) -> tuple[str, Address, str]:
    return flow.transport, flow.remote, flow.name


def _was_carried(sent: Flow, gone: Flow, live: frozenset[int]) -> bool:
    """Did this connection carry it: as its own, or as the one that led there by then?"""
    if sent.connection == gone.connection:
        return True
    there = (sent.transport, sent.remote) == (gone.transport, gone.remote)
    return there and sent.connection not in live


def _give_up(call: CallSignalling, client: Client, *, is_away: bool) -> Step:
    if client.key.method in _UNTOLD:
        return call, []
    call = after_notify(_after_bye(call, client), client, _TIMED_OUT)
    if isinstance(client, InviteClient) and client.reach is Reach.OUTSIDE:
        call = call.without_early(client.dialog)
    return call, [
        TransactionTimedOut(
            dialog=client.dialog,
            method=client.key.method,
            cseq=client.stored_request().cseq.number,
            is_away=is_away,
        )
    ]


def _without_losers(call: CallSignalling, client: Client) -> CallSignalling:
    """No other 2xx comes once the Accepted state is over: nor do early dialogs become calls."""
    is_won = isinstance(client, InviteClient) and client.is_over and bool(client.accepted)
    if not is_won or client.reach is Reach.INSIDE:
        return call
    return call.without_early(client.dialog)


def _after_bye(call: CallSignalling, client: Client) -> CallSignalling:
    """Our BYE ends the dialog, however it is answered (RFC 3261 §15.1.1)."""
    return call.without_dialog(client.dialog) if client.key.method == b"BYE" else call
