"""Our requests inside a dialog, and the answers to them.

Pure steps from one `CallSignalling` to the next. Knows nothing of other calls.
"""

import msgspec

from capture.sip.agent import Agent
from capture.sip.answering import Step
from capture.sip.call import CallSignalling, OutgoingRequest, WaitingRequest
from capture.sip.client_transaction import InviteClient, NonInviteClient
from capture.sip.dialog import Dialog
from capture.sip.events import (
    NoSuchDialog,
    Output,
    RequestPending,
    ResponseReceived,
    SendMessage,
    TransactionTimedOut,
)
from capture.sip.identity import DialogId, TransactionKey, client_key
from capture.sip.message import Response
from capture.sip.session_timer import REFRESHING, answered
from capture.sip.transaction import Deliver, GaveUp, Transmit
from capture.sip.transaction import Output as Told

Client = InviteClient | NonInviteClient


def send_request(
    call: CallSignalling, named: DialogId, request: OutgoingRequest, agent: Agent, now_s: float
) -> Step:
    """Send a request in a dialog. A BYE waits for the ACK of our 2xx (RFC 3261 §15).

    Raises `NoSuchDialog`, or `RequestPending` for a second INVITE (§14.1).
    """
    dialog = call.dialog(named)
    if dialog is None:
        raise NoSuchDialog("the dialog has ended")
    if request.method == b"BYE" and call.awaited_ack(named) is not None:
        held = WaitingRequest(dialog=named, request=request)
        return msgspec.structs.replace(call, waiting=(*call.waiting, held)), []
    if request.method == b"INVITE" and _has_pending_invite(call, named):
        raise RequestPending("an INVITE is under way")
    return _begin(call, dialog.advance(), request, agent, now_s)


def _has_pending_invite(call: CallSignalling, named: DialogId) -> bool:
    return call.has_invite_of_ours(named) or bool(call.unanswered_invites(named.local_tag))


def _begin(
    call: CallSignalling, dialog: Dialog, request: OutgoingRequest, agent: Agent, now_s: float
) -> Step:
    branch = agent.new_branch()
    key = TransactionKey(call_id=call.call_id, branch=branch, method=request.method)
    seq, headers = dialog.local_seq, (agent.supported, *request.headers)
    if request.method in REFRESHING and dialog.timer is not None:
        headers = (*dialog.timer.headers, *headers)
    data = dialog.build(request.method, branch, headers, request.body, seq)
    kind = InviteClient if request.method == b"INVITE" else NonInviteClient
    client, told = kind.begin(key, dialog.sending_flow, dialog.id, data, now_s)
    call = call.with_dialog(dialog).with_client(client)
    return call, [
        SendMessage(flow=client.flow, data=out.data) for out in told if isinstance(out, Transmit)
    ]


def release_waiting(call: CallSignalling, agent: Agent, now_s: float) -> Step:
    """Send the requests whose dialog no longer awaits an ACK."""
    outputs: list[Output] = []
    for held in call.waiting:
        dialog = call.dialog(held.dialog)
        if dialog is None or call.awaited_ack(held.dialog) is not None:
            continue
        left = tuple(other for other in call.waiting if other is not held)
        call = msgspec.structs.replace(call, waiting=left)
        call, sent = _begin(call, dialog.advance(), held.request, agent, now_s)
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
    outputs: list[Output] = []
    for out in told:
        match out:
            case Transmit(data):
                outputs.append(SendMessage(flow=client.flow, data=data))
            case Deliver(response):
                call, client, acks = _take_response(call, client, response, agent, now_s)
                outputs += acks
                outputs.append(
                    ResponseReceived(
                        dialog=client.dialog, method=client.key.method, response=response
                    )
                )
            case GaveUp():
                call = _after_bye(call, client)
                outputs.append(TransactionTimedOut(dialog=client.dialog, method=client.key.method))
    return call.with_client(client), outputs


def _take_response(
    call: CallSignalling, client: Client, response: Response, agent: Agent, now_s: float
) -> tuple[CallSignalling, Client, list[Output]]:
    if response.status < 200:  # noqa: PLR2004 - RFC 3261 §7.2: 1xx is provisional
        return call, client, []
    call = _after_bye(call, client)
    dialog = call.dialog(client.dialog)
    if dialog is None:
        return call, client, []
    if client.key.method in REFRESHING:
        timer = answered(dialog.timer, response, now_s)
        dialog = msgspec.structs.replace(dialog, timer=timer)
        call = call.with_dialog(dialog)
    if response.status >= 300:  # noqa: PLR2004 - only a 2xx refreshes the target
        return call, client, []
    if client.key.method in REFRESHING:
        dialog = dialog.refresh_target(response)
        call = call.with_dialog(dialog)
    if not isinstance(client, InviteClient):
        return call, client, []
    ack = dialog.build(b"ACK", agent.new_branch(), (), b"", response.cseq.number)
    client, told = client.acknowledge_with(ack)
    sent = [
        SendMessage(flow=dialog.sending_flow, data=out.data)
        for out in told
        if isinstance(out, Transmit)
    ]
    return call, client, [*sent]


def _after_bye(call: CallSignalling, client: Client) -> CallSignalling:
    """Our BYE ends the dialog, however it is answered (RFC 3261 §15.1.1)."""
    return call.without_dialog(client.dialog) if client.key.method == b"BYE" else call
