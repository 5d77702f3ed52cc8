"""A request of the peer, from its arrival to our answer: transactions and dialogs brought together.

Pure steps from one `CallSignalling` to the next. Knows nothing of other calls.
"""

from dataclasses import dataclass

import msgspec

from capture.sip.agent import Agent
from capture.sip.build import Answer, Header, build_response
from capture.sip.call import AwaitedAck, CallSignalling
from capture.sip.dialog import Dialog, DialogState, accept_dialog, confirm
from capture.sip.events import (
    AckReceived,
    AnsweredAlready,
    ByeReceived,
    CancelReceived,
    InviteReceived,
    OptionsReceived,
    Output,
    ReinviteReceived,
    SendMessage,
    UpdateReceived,
)
from capture.sip.flow import Flow, answering_flow
from capture.sip.identity import DialogId, TransactionKey, dialog_id, server_key
from capture.sip.limits import MAX_TRANSACTIONS_A_CALL
from capture.sip.message import Request
from capture.sip.refusal import refuse, screen
from capture.sip.server_transaction import InviteServer, NonInviteServer
from capture.sip.transaction import T1_S, TIMEOUT_S, Backoff, Transmit

Step = tuple[CallSignalling, list[Output]]

UNKNOWN_DIALOG = Answer(status=481)
OVERLOADED = Answer(status=503, headers=((b"Retry-After", b"5"),))
RETRY_SPREAD_S = 11  # RFC 3261 §14.2: between 0 and 10 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A checked request, its way, and the clock at its arrival."""

    request: Request
    flow: Flow
    now_s: float


def receive_request(call: CallSignalling, arrival: Arrival, agent: Agent) -> Step:
    """Take a request: a repetition, an ACK, a CANCEL, one to refuse, or one for the layer above."""
    request = arrival.request
    known = call.server(server_key(request))
    if request.method == b"ACK":
        return _receive_ack(call, arrival, known)
    if known is not None:
        return call, _sent(known, known.repeat())
    refusal = screen(request, agent)
    if refusal is None and len(call.servers) >= MAX_TRANSACTIONS_A_CALL:
        refusal = OVERLOADED
    if refusal is not None:
        return call, refuse(request, arrival.flow, refusal, agent)
    if request.method == b"CANCEL":
        return _receive_cancel(call, arrival, agent)
    if request.has_to_tag:
        return _receive_in_dialog(call, arrival, agent)
    return _receive_outside(call, arrival, agent)


def _sent(server: InviteServer | NonInviteServer, transmits: list[Transmit]) -> list[Output]:
    return [SendMessage(flow=server.flow, data=transmit.data) for transmit in transmits]


def _receive_ack(
    call: CallSignalling, arrival: Arrival, known: InviteServer | NonInviteServer | None
) -> Step:
    """Of a refusal: absorbed by its transaction. Of a 2xx: the first is told. Others: ignored."""
    if isinstance(known, InviteServer):
        call = call.with_server(known.acknowledge(arrival.now_s))
    named = dialog_id(arrival.request)
    for waits in call.awaited_acks:
        if waits.dialog == named and waits.cseq == arrival.request.cseq.number:
            told = AckReceived(dialog=named, request=arrival.request)
            return call.without_awaited_ack(waits), [told]
    return call, []


def _receive_cancel(call: CallSignalling, arrival: Arrival, agent: Agent) -> Step:
    """200 to the CANCEL, 487 to an INVITE that has no final response yet (RFC 3261 §9.2)."""
    key = msgspec.structs.replace(server_key(arrival.request), method=b"INVITE")
    invite = call.server(key)
    if not isinstance(invite, InviteServer):
        return call, refuse(arrival.request, arrival.flow, UNKNOWN_DIALOG, agent)
    call, outputs = _serve_at_once(call, arrival, Answer(status=200), invite.local_tag)
    if not invite.is_unanswered:
        return call, outputs
    call, terminated = _finish_invite(call, invite, Answer(status=487), arrival.now_s)
    named = _dialog_of(invite, arrival.request)
    return call, [*outputs, *terminated, CancelReceived(key=key, dialog=named)]


def _dialog_of(invite: InviteServer, request: Request) -> DialogId:
    """The dialog that an INVITE makes or belongs to; `request` is it, or its CANCEL."""
    return DialogId(
        call_id=invite.key.call_id,
        local_tag=invite.local_tag,
        remote_tag=request.from_address.tag,
    )


def _serve_at_once(
    call: CallSignalling, arrival: Arrival, answer: Answer, local_tag: bytes
) -> Step:
    """Answer within a new transaction, so that a repetition gets the same bytes."""
    kind = InviteServer if arrival.request.method == b"INVITE" else NonInviteServer
    flow = answering_flow(arrival.request, arrival.flow)
    server = kind.begin(arrival.request, flow, local_tag, arrival.now_s)
    data = build_response(arrival.request, answer, local_tag)
    server, transmits = server.respond(answer.status, data, arrival.now_s)
    return call.with_server(server), _sent(server, transmits)


def _receive_outside(call: CallSignalling, arrival: Arrival, agent: Agent) -> Step:
    request, flow = arrival.request, arrival.flow
    if _is_merged(call, request):
        return call, refuse(request, flow, Answer(status=482), agent)
    answers = answering_flow(request, flow)
    match request.method:
        case b"INVITE":
            invite = InviteServer.begin(request, answers, agent.new_tag(), arrival.now_s)
            named = _dialog_of(invite, request)
            told = InviteReceived(key=invite.key, dialog=named, request=request, flow=flow)
            return call.with_server(invite), [told]
        case b"OPTIONS":
            options = NonInviteServer.begin(request, answers, agent.new_tag(), arrival.now_s)
            asked = OptionsReceived(key=options.key, dialog=None, request=request, flow=flow)
            return call.with_server(options), [asked]
        case _:
            return call, refuse(request, flow, UNKNOWN_DIALOG, agent)


def _is_merged(call: CallSignalling, request: Request) -> bool:
    """Did the same request come by another path (RFC 3261 §8.2.2.2)?"""
    if not call.servers:
        return False
    others = (server.stored_request() for server in call.servers)
    return any(
        other.cseq == request.cseq
        and other.from_address.tag == request.from_address.tag
        and not other.has_to_tag
        for other in others
    )


def _receive_in_dialog(call: CallSignalling, arrival: Arrival, agent: Agent) -> Step:
    request = arrival.request
    dialog = call.dialog(dialog_id(request))
    if dialog is None:
        return call, refuse(request, arrival.flow, UNKNOWN_DIALOG, agent)
    local_tag = dialog.id.local_tag
    if dialog.is_out_of_order(request):
        return _serve_at_once(call, arrival, Answer(status=500), local_tag)
    dialog = dialog.receive(request, arrival.flow)
    call = call.with_dialog(dialog)
    match request.method:
        case b"BYE":
            return _receive_bye(call, arrival, dialog)
        case b"INVITE" | b"UPDATE":
            return _receive_refresh(call, arrival, dialog, agent)
        case _:
            server = _begin(arrival, local_tag)
            told = OptionsReceived(
                key=server.key, dialog=dialog.id, request=request, flow=arrival.flow
            )
            return call.with_server(server), [told]


def _begin(arrival: Arrival, local_tag: bytes) -> InviteServer | NonInviteServer:
    kind = InviteServer if arrival.request.method == b"INVITE" else NonInviteServer
    flow = answering_flow(arrival.request, arrival.flow)
    return kind.begin(arrival.request, flow, local_tag, arrival.now_s)


def _receive_bye(call: CallSignalling, arrival: Arrival, dialog: Dialog) -> Step:
    """200, and 487 to what is still pending in the dialog (RFC 3261 §15.1.2)."""
    call, outputs = _serve_at_once(call, arrival, Answer(status=200), dialog.id.local_tag)
    for invite in call.unanswered_invites(dialog.id.local_tag):
        call, terminated = _finish_invite(call, invite, Answer(status=487), arrival.now_s)
        outputs += terminated
    told = ByeReceived(dialog=dialog.id, request=arrival.request)
    return call.without_dialog(dialog.id), [*outputs, told]


def _receive_refresh(call: CallSignalling, arrival: Arrival, dialog: Dialog, agent: Agent) -> Step:
    """A re-INVITE or UPDATE, unless one is under way in either direction (§14.2, RFC 3311 §5.2)."""
    local_tag = dialog.id.local_tag
    if call.has_invite_of_ours(dialog.id):
        return _serve_at_once(call, arrival, Answer(status=491), local_tag)
    if arrival.request.method == b"INVITE" and call.unanswered_invites(local_tag):
        wait_s = agent.tokens()[-1] % RETRY_SPREAD_S
        busy = Answer(status=500, headers=((b"Retry-After", b"%d" % wait_s),))
        return _serve_at_once(call, arrival, busy, local_tag)
    server = _begin(arrival, local_tag)
    call = call.with_dialog(dialog.refresh_target(arrival.request)).with_server(server)
    kind = ReinviteReceived if arrival.request.method == b"INVITE" else UpdateReceived
    return call, [kind(key=server.key, dialog=dialog.id, request=arrival.request)]


def respond(
    call: CallSignalling, key: TransactionKey, answer: Answer, agent: Agent, now_s: float
) -> Step:
    """Send the layer above's answer; raises `AnsweredAlready` where a final one went out."""
    server = call.server(key)
    if server is None or not server.is_unanswered:
        raise AnsweredAlready(f"a {key.method.decode('ascii', 'replace')} has its final response")
    if isinstance(server, InviteServer):
        return _answer_invite(call, server, answer, agent, now_s)
    request = server.stored_request()
    dialog = call.dialog(dialog_id(request))
    contact = dialog.contact if dialog else agent.contact(server.flow, answer.contact_params)
    full = _completed(answer, contact, agent)
    data = build_response(request, full, server.local_tag)
    server, transmits = server.respond(answer.status, data, now_s)
    return call.with_server(server), _sent(server, transmits)


def _completed(answer: Answer, contact: bytes, agent: Agent) -> Answer:
    """Contact in what makes or refreshes a dialog, Allow and Supported in a 2xx."""
    added: tuple[Header, ...] = ()
    if 101 <= answer.status < 300:  # noqa: PLR2004 - RFC 3261 §12.1.1
        added = ((b"Contact", contact),)
    if answer.status // 100 == 2:  # noqa: PLR2004 - RFC 3261 §13.3.1.4
        added += agent.abilities
    return msgspec.structs.replace(answer, headers=(*added, *answer.headers))


def _answer_invite(
    call: CallSignalling, invite: InviteServer, answer: Answer, agent: Agent, now_s: float
) -> Step:
    if answer.status >= 300:  # noqa: PLR2004 - RFC 3261 §7.2: a refusal makes no dialog
        return _finish_invite(call, invite, answer, now_s)
    request = invite.stored_request()
    dialog = call.dialog(_dialog_of(invite, request))
    if dialog is None:
        contact = agent.contact(invite.flow, answer.contact_params)
        dialog = accept_dialog(request, invite.flow, invite.local_tag, contact)
    data = build_response(request, _completed(answer, dialog.contact, agent), invite.local_tag)
    server, transmits = invite.respond(answer.status, data, now_s)
    call = call.with_server(server)
    if answer.is_final:
        waits = _await_ack(server, dialog.id, request.cseq.number, now_s)
        call = call.with_dialog(confirm(dialog)).with_awaited_ack(waits)
    elif answer.status > 100:  # noqa: PLR2004 - RFC 3261 §12.1: a 100 makes no dialog
        call = call.with_dialog(dialog)
    return call, _sent(server, transmits)


def _await_ack(server: InviteServer, named: DialogId, cseq: int, now_s: float) -> AwaitedAck:
    return AwaitedAck(
        dialog=named,
        cseq=cseq,
        flow=server.flow,
        response=server.answer,
        backoff=Backoff(due_s=now_s + T1_S),
        gives_up_s=now_s + TIMEOUT_S,
    )


def _finish_invite(
    call: CallSignalling, invite: InviteServer, answer: Answer, now_s: float
) -> Step:
    """Refuse an INVITE; the early dialog that it made, if any, ends with it."""
    request = invite.stored_request()
    data = build_response(request, answer, invite.local_tag)
    server, transmits = invite.respond(answer.status, data, now_s)
    call = call.with_server(server)
    dialog = call.dialog(_dialog_of(invite, request))
    if dialog is not None and dialog.state is DialogState.EARLY:
        call = call.without_dialog(dialog.id)
    return call, _sent(server, transmits)
