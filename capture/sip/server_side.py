"""How we answer a request: transactions, dialogs and timers brought together.

Pure steps from one `CallSignalling` to the next. Knows nothing of how requests are told apart.
"""

from dataclasses import dataclass, replace

import msgspec

from capture.sip.agent import Agent
from capture.sip.build import Answer, Header, build_response
from capture.sip.call import AwaitedAck, CallSignalling
from capture.sip.dialog import Dialog, DialogState, accept_dialog, confirm
from capture.sip.events import AnsweredAlready, Output, SendMessage
from capture.sip.flow import Flow, answering_flow
from capture.sip.identity import DialogId, TransactionKey, dialog_id
from capture.sip.message import Deviation, Request
from capture.sip.provisional import (
    PROVISIONAL,
    AwaitedPrack,
    first_backoff,
    is_reliable,
    next_number,
    reliable_headers,
)
from capture.sip.server_transaction import InviteServer, NonInviteServer
from capture.sip.session_timer import REFRESHING, agree
from capture.sip.transaction import T1_S, TIMEOUT_S, Backoff, Transmit

Step = tuple[CallSignalling, list[Output]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A checked request, its way, and the clock at its arrival."""

    request: Request
    flow: Flow
    now_s: float

    def deviating(self, how: Deviation) -> "Arrival":
        """The same, once what the request does against the RFC has been passed over."""
        deviations = (*self.request.deviations, how)
        return replace(self, request=replace(self.request, deviations=deviations))


def sent(server: InviteServer | NonInviteServer, transmits: list[Transmit]) -> list[Output]:
    """What a transaction wants sent, along its way."""
    return [SendMessage(flow=server.flow, data=transmit.data) for transmit in transmits]


def dialog_of(invite: InviteServer, request: Request) -> DialogId:
    """The dialog that an INVITE makes or belongs to; `request` is it, or its CANCEL."""
    return DialogId(
        call_id=invite.key.call_id,
        local_tag=invite.local_tag,
        remote_tag=request.from_address.tag,
    )


def serve_at_once(call: CallSignalling, arrival: Arrival, answer: Answer, local_tag: bytes) -> Step:
    """Answer within a new transaction, so that a repetition gets the same bytes."""
    kind = InviteServer if arrival.request.method == b"INVITE" else NonInviteServer
    flow = answering_flow(arrival.request, arrival.flow)
    server = kind.begin(arrival.request, flow, local_tag, arrival.now_s)
    data = build_response(arrival.request, answer, local_tag)
    server, transmits = server.respond(answer.status, data, arrival.now_s)
    return call.with_server(server), sent(server, transmits)


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
    if dialog is not None and request.method in REFRESHING and not server.is_guests:
        dialog, answer = _timed(dialog, request, answer, now_s)
        call = call.with_dialog(dialog)
    full = _completed(answer, contact, agent)
    data = build_response(request, full, server.local_tag)
    server, transmits = server.respond(answer.status, data, now_s)
    return call.with_server(server), sent(server, transmits)


def _timed(dialog: Dialog, request: Request, answer: Answer, now_s: float) -> tuple[Dialog, Answer]:
    """A 2xx to a refresh begins the session's interval anew, and says so (RFC 4028 §9)."""
    if answer.status // 100 != 2:  # noqa: PLR2004 - RFC 3261 §7.2
        return dialog, answer
    timer, told = agree(request, now_s, answer.session_expires_s)
    answer = msgspec.structs.replace(answer, headers=(*told, *answer.headers))
    return msgspec.structs.replace(dialog, timer=timer), answer


def _completed(answer: Answer, contact: bytes, agent: Agent) -> Answer:
    """Contact in what makes or refreshes a dialog, Allow and Supported in a 2xx."""
    added: tuple[Header, ...] = ()
    if 101 <= answer.status < 300:  # noqa: PLR2004 - RFC 3261 §12.1.1
        added = ((b"Contact", contact),)
    if answer.status // 100 == 2:  # noqa: PLR2004 - RFC 3261 §13.3.1.4
        added += agent.abilities_beside(answer.headers)
    return msgspec.structs.replace(answer, headers=(*added, *answer.headers))


def _answer_invite(
    call: CallSignalling, invite: InviteServer, answer: Answer, agent: Agent, now_s: float
) -> Step:
    if answer.status >= 300:  # noqa: PLR2004 - RFC 3261 §7.2: a refusal makes no dialog
        return finish_invite(call, invite, answer, now_s)
    waits = call.unacknowledged(invite.key)
    if waits is not None and (answer.status in PROVISIONAL or _waits_too(answer, waits)):
        return call.with_held_answer(invite.key, answer), []
    if answer.is_final:
        call = call.without_held_answer(invite.key)
    request = invite.stored_request()
    contact = agent.contact(invite.flow, answer.contact_params)
    dialog = call.dialog(dialog_of(invite, request))
    if dialog is None:
        dialog = accept_dialog(request, invite.flow, invite.local_tag, contact)
        is_translated = dialog.is_translated or agent.door.is_behind_nat(invite.flow)
        owner = agent.door.owner(invite.flow)
        dialog = msgspec.structs.replace(dialog, owner=owner, is_translated=is_translated)
    dialog = msgspec.structs.replace(dialog, account=answer.account or dialog.account)
    if answer.is_final:
        return _accept(call, invite, dialog, answer, agent, now_s)
    return _progress(call, invite, dialog, answer, agent, now_s)


def _waits_too(answer: Answer, waits: AwaitedPrack) -> bool:
    """A 2xx goes out at once, but for one behind a description that may be lost (RFC 3262 §5)."""
    return answer.is_final and waits.has_body


def _accept(
    call: CallSignalling,
    invite: InviteServer,
    dialog: Dialog,
    answer: Answer,
    agent: Agent,
    now_s: float,
) -> Step:
    """2xx: the dialog is confirmed, and the response repeated until its ACK."""
    request = invite.stored_request()
    dialog, answer = _timed(dialog, request, answer, now_s)
    data = build_response(request, _completed(answer, dialog.contact, agent), invite.local_tag)
    server, transmits = invite.respond(answer.status, data, now_s)
    waits = call.unacknowledged(invite.key)
    if waits is not None:
        call = call.with_awaited_prack(waits, waits.settled())
    awaited = _await_ack(server, dialog, request.cseq.number, now_s)
    call = call.with_server(server).with_dialog(confirm(dialog)).with_awaited_ack(awaited)
    return call, sent(server, transmits)


def _progress(
    call: CallSignalling,
    invite: InviteServer,
    dialog: Dialog,
    answer: Answer,
    agent: Agent,
    now_s: float,
) -> Step:
    """1xx: repeated until its PRACK where it is reliable; above 100 it makes the dialog."""
    request = invite.stored_request()
    reliable = is_reliable(request, answer)
    if reliable:
        invite, answer = _numbered(invite, answer, agent)
    data = build_response(request, _completed(answer, dialog.contact, agent), invite.local_tag)
    server, transmits = invite.respond(answer.status, data, now_s)
    call = call.with_server(server)
    if reliable:
        call = call.with_awaited_prack(None, _await_prack(server, dialog.id, answer, now_s))
    if answer.status in PROVISIONAL:  # RFC 3261 §12.1: a 100 makes no dialog
        call = call.with_dialog(dialog)
    return call, sent(server, transmits)


def _numbered(invite: InviteServer, answer: Answer, agent: Agent) -> tuple[InviteServer, Answer]:
    """A provisional response that asks for its PRACK (RFC 3262 §3)."""
    number = next_number(invite.rseq, agent.tokens())
    headers = (*reliable_headers(number), *answer.headers)
    return (
        msgspec.structs.replace(invite, rseq=number),
        msgspec.structs.replace(answer, headers=headers),
    )


def _await_prack(
    server: InviteServer, named: DialogId, answer: Answer, now_s: float
) -> AwaitedPrack:
    return AwaitedPrack(
        invite=server.key,
        dialog=named,
        cseq=server.stored_request().cseq.number,
        number=server.rseq,
        flow=server.flow,
        response=server.answer,
        has_body=bool(answer.body),
        gives_up_s=now_s + TIMEOUT_S,
        backoff=first_backoff(now_s),
    )


def _await_ack(server: InviteServer, dialog: Dialog, cseq: int, now_s: float) -> AwaitedAck:
    return AwaitedAck(
        dialog=dialog.id,
        cseq=cseq,
        flow=server.flow,
        response=server.answer,
        backoff=Backoff(due_s=now_s + T1_S),
        gives_up_s=now_s + TIMEOUT_S,
        is_first=dialog.state is DialogState.EARLY,
    )


def finish_invite(call: CallSignalling, invite: InviteServer, answer: Answer, now_s: float) -> Step:
    """Refuse an INVITE; the early dialog that it made, if any, ends with it."""
    request = invite.stored_request()
    data = build_response(request, answer, invite.local_tag)
    server, transmits = invite.respond(answer.status, data, now_s)
    call = call.with_server(server).without_provisionals(invite.key)
    dialog = call.dialog(dialog_of(invite, request))
    if dialog is not None and dialog.state is DialogState.EARLY:
        call = call.without_dialog(dialog.id)
    return call, sent(server, transmits)


def release_answer(
    call: CallSignalling, invite: TransactionKey, agent: Agent, now_s: float
) -> Step:
    """What waited for a PRACK, if anything did: the next 1xx (RFC 3262 §3), or the 2xx (§5)."""
    held = call.held_answer(invite)
    if held is None:
        return call, []
    return respond(call.without_held_answer(invite), invite, held.answer, agent, now_s)
