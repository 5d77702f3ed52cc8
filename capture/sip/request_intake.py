"""A request of the peer, from its arrival to the layer above, or to an answer that needs nobody.

Pure steps from one `CallSignalling` to the next. Knows nothing of other calls.
"""

from dataclasses import replace

import msgspec

from capture.sip.agent import PASSED_METHODS, SERVED_METHODS, Agent
from capture.sip.build import Answer
from capture.sip.call import CallSignalling
from capture.sip.dialog import Dialog
from capture.sip.events import (
    AckReceived,
    ByeReceived,
    CancelReceived,
    InviteReceived,
    OptionsReceived,
    Output,
    PrackReceived,
    ReinviteReceived,
    RequestReceived,
    RequestRefused,
    UpdateReceived,
)
from capture.sip.flow import answering_flow
from capture.sip.foreign_request import access_of, acknowledged, heard_of, met_at, turned_away
from capture.sip.identity import DialogId, dialog_id, server_key
from capture.sip.limits import LAST_TRANSACTIONS, MAX_TRANSACTIONS_A_CALL
from capture.sip.message import Deviation, Request
from capture.sip.owner import DialogAccess
from capture.sip.refusal import refuse, screen
from capture.sip.server_side import (
    Arrival,
    Step,
    dialog_of,
    finish_invite,
    release_answer,
    sent,
    serve_at_once,
)
from capture.sip.server_transaction import InviteServer, NonInviteServer

UNKNOWN_DIALOG = Answer(status=481)
OVERLOADED = Answer(status=503, headers=((b"Retry-After", b"5"),))
RETRY_SPREAD_S = 11  # RFC 3261 §14.2: between 0 and 10 s
# What ends a call is heard however much was said before.
_LAST = frozenset({b"BYE", b"CANCEL"})


def receive_request(call: CallSignalling, arrival: Arrival, agent: Agent) -> Step:
    """Take a request: a repetition, an ACK, a CANCEL, one to refuse, or one for the layer above."""
    request = arrival.request
    known = call.server(server_key(request))
    if request.method == b"ACK":
        return _receive_ack(call, arrival, known, agent)
    if known is not None:
        return call, sent(known, known.repeat())
    refusal = screen(request, agent, _served(call, request))
    room = MAX_TRANSACTIONS_A_CALL + (LAST_TRANSACTIONS if request.method in _LAST else 0)
    if refusal is None and len(call.servers) >= room:
        refusal = OVERLOADED
    if refusal is not None:
        return call, refuse(request, arrival.flow, refusal, agent)
    if request.method == b"CANCEL":
        return _receive_cancel(call, arrival, agent)
    if request.has_to_tag:
        return _receive_in_dialog(call, arrival, agent)
    return _receive_outside(call, arrival, agent)


def _served(call: CallSignalling, request: Request) -> tuple[bytes, ...]:
    """What the layer above is told of: more where there is a dialog."""
    if request.method not in PASSED_METHODS or call.dialog(dialog_id(request)) is None:
        return SERVED_METHODS
    return SERVED_METHODS + PASSED_METHODS


def _receive_ack(
    call: CallSignalling,
    arrival: Arrival,
    known: InviteServer | NonInviteServer | None,
    agent: Agent,
) -> Step:
    """Of a refusal: absorbed by its transaction. Of a 2xx: the first is told. Others: ignored."""
    if isinstance(known, InviteServer):
        call = call.with_server(known.acknowledge(arrival.now_s))
    named = dialog_id(arrival.request)
    for waits in call.awaited_acks:
        if waits.dialog == named and waits.cseq == arrival.request.cseq.number:
            taken, outputs = acknowledged(call, arrival, named, agent)
            if taken is None:
                return call, outputs
            told = AckReceived(dialog=named, request=taken.request)
            call = call if outputs else _heard_by(call, named, arrival)
            return call.without_awaited_ack(waits), [*outputs, told]
    return call, []


def _heard_by(call: CallSignalling, named: DialogId, arrival: Arrival) -> CallSignalling:
    """Behind an address translator the way of his own ACK is the last that is known to be open."""
    dialog = call.dialog(named)
    if dialog is None or not dialog.is_translated:
        return call
    return call.with_dialog(dialog.heard_by(arrival.flow))


def _receive_cancel(call: CallSignalling, arrival: Arrival, agent: Agent) -> Step:
    """200 to the CANCEL, 487 to an INVITE that has no final response yet (RFC 3261 §9.2)."""
    key = msgspec.structs.replace(server_key(arrival.request), method=b"INVITE")
    invite = call.server(key)
    if not isinstance(invite, InviteServer):
        return call, refuse(arrival.request, arrival.flow, UNKNOWN_DIALOG, agent)
    named = dialog_of(invite, arrival.request)
    known = call.dialog(named)
    owner = agent.door.owner(invite.flow) if known is None else known.owner
    met = met_at(owner, invite.flow, arrival, named, agent)
    if met is not None and met.is_refused:
        return call, [*refuse(arrival.request, arrival.flow, UNKNOWN_DIALOG, agent), met]
    call, outputs = serve_at_once(call, arrival, Answer(status=200), invite.local_tag)
    outputs = outputs if met is None else [met, *outputs]
    if not invite.is_unanswered:
        return call, outputs
    call, terminated = finish_invite(call, invite, Answer(status=487), arrival.now_s)
    told = CancelReceived(key=key, dialog=named, request=arrival.request)
    return call, [*outputs, *terminated, told]


def _receive_outside(call: CallSignalling, arrival: Arrival, agent: Agent) -> Step:
    request, flow = arrival.request, arrival.flow
    meant = _ended_by(call, arrival, agent) if request.method == b"BYE" else None
    if meant is not None:
        return _receive_bye(call, arrival.deviating(Deviation.NO_TO_TAG), meant)
    if _is_merged(call, request):
        return call, refuse(request, flow, Answer(status=482), agent)
    if request.method == b"INVITE" and agent.is_crowded(request, flow, arrival.now_s):
        return call, _crowded_out(arrival, agent)
    answers = answering_flow(request, flow)
    match request.method:
        case b"INVITE":
            invite = InviteServer.begin(request, answers, agent.new_tag(), arrival.now_s)
            named = dialog_of(invite, request)
            told = InviteReceived(key=invite.key, dialog=named, request=request, flow=flow)
            return call.with_server(invite), [told]
        case b"OPTIONS":
            options = NonInviteServer.begin(request, answers, agent.new_tag(), arrival.now_s)
            asked = OptionsReceived(key=options.key, dialog=None, request=request, flow=flow)
            return call.with_server(options), [asked]
        case _:
            return call, refuse(request, flow, UNKNOWN_DIALOG, agent)


def _crowded_out(arrival: Arrival, agent: Agent) -> list[Output]:
    """503 without a transaction: whoever floods us never acknowledges that either."""
    message, told = refuse(arrival.request, arrival.flow, OVERLOADED, agent)
    assert isinstance(told, RequestRefused)
    return [message, replace(told, is_crowded=True)]


def _ended_by(call: CallSignalling, arrival: Arrival, agent: Agent) -> Dialog | None:
    """The one dialog that a BYE without To tag can mean: its own source's, with its From tag."""
    tag = arrival.request.from_address.tag
    meant = [
        dialog
        for dialog in call.dialogs
        if dialog.id.remote_tag == tag and agent.is_of_one_source(dialog.flow, arrival.flow)
    ]
    return meant[0] if tag and len(meant) == 1 else None


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
    access = access_of(dialog, arrival, agent)
    if access is not DialogAccess.OWN:
        return _receive_outsider(call, arrival, dialog, access, agent)
    if Deviation.OTHER_METHOD in request.deviations and not _is_lenient(arrival, agent):
        return call, refuse(request, arrival.flow, Answer(status=400), agent)
    return _receive_own(call, arrival, dialog, agent)


def _receive_own(call: CallSignalling, arrival: Arrival, dialog: Dialog, agent: Agent) -> Step:
    request = arrival.request
    if dialog.is_out_of_order(request):
        if request.method == b"BYE" and _is_lenient(arrival, agent):
            return _receive_bye(call, arrival.deviating(Deviation.LOWER_CSEQ), dialog)
        return serve_at_once(call, arrival, Answer(status=500), dialog.id.local_tag)
    dialog = dialog.receive(request, arrival.flow)
    call = call.with_dialog(dialog)
    if request.method in {b"INVITE", b"UPDATE", b"PRACK"}:
        return _receive_offer(call, arrival, dialog, agent)
    return _receive_word(call, arrival, dialog)


def _receive_outsider(
    call: CallSignalling, arrival: Arrival, dialog: Dialog, access: DialogAccess, agent: Agent
) -> Step:
    """What is no media of a guest's request counts, flagged.

    The dialog stays as it is: its number, its target, the way of our own requests.
    """
    refused = turned_away(call, arrival, dialog, access, agent)
    if refused is not None:
        return refused
    if Deviation.OTHER_METHOD in arrival.request.deviations:
        return call, refuse(arrival.request, arrival.flow, Answer(status=400), agent)
    told = heard_of(arrival, dialog.id, access, is_refused=False)
    if dialog.is_out_of_order(arrival.request):
        call, outputs = serve_at_once(call, arrival, Answer(status=500), dialog.id.local_tag)
    elif arrival.request.method == b"UPDATE":
        server = msgspec.structs.replace(_begin(arrival, dialog.id.local_tag), is_guests=True)
        updated = UpdateReceived(key=server.key, dialog=dialog.id, request=arrival.request)
        call, outputs = call.with_server(server), [updated]
    elif arrival.request.method == b"PRACK":
        call, outputs = _receive_prack(call, arrival, dialog, agent)
    else:
        call, outputs = _receive_word(call, arrival, dialog)
    return call, [told, *outputs]


def _is_lenient(arrival: Arrival, agent: Agent) -> bool:
    return bool(agent.lenient_source(arrival.flow))


def _receive_offer(call: CallSignalling, arrival: Arrival, dialog: Dialog, agent: Agent) -> Step:
    """What may carry a description of media."""
    if arrival.request.method == b"PRACK":
        return _receive_prack(call, arrival, dialog, agent)
    return _receive_refresh(call, arrival, dialog, agent)


def _receive_word(call: CallSignalling, arrival: Arrival, dialog: Dialog) -> Step:
    """The end, a question, or what the layer above makes of it."""
    request = arrival.request
    if request.method == b"BYE":
        return _receive_bye(call, arrival, dialog)
    server = _begin(arrival, dialog.id.local_tag)
    call = call.with_server(server)
    if request.method in PASSED_METHODS:
        return call, [RequestReceived(key=server.key, dialog=dialog.id, request=request)]
    told = OptionsReceived(key=server.key, dialog=dialog.id, request=request, flow=arrival.flow)
    return call, [told]


def _begin(arrival: Arrival, local_tag: bytes) -> InviteServer | NonInviteServer:
    kind = InviteServer if arrival.request.method == b"INVITE" else NonInviteServer
    flow = answering_flow(arrival.request, arrival.flow)
    return kind.begin(arrival.request, flow, local_tag, arrival.now_s)


def _receive_bye(call: CallSignalling, arrival: Arrival, dialog: Dialog) -> Step:
    """200, and 487 to what is still pending in the dialog (RFC 3261 §15.1.2)."""
    call, outputs = serve_at_once(call, arrival, Answer(status=200), dialog.id.local_tag)
    for invite in call.unanswered_invites(dialog.id):
        call, terminated = finish_invite(call, invite, Answer(status=487), arrival.now_s)
        outputs += terminated
    told = ByeReceived(dialog=dialog.id, request=arrival.request)
    return call.without_dialog(dialog.id), [*outputs, told]


def _receive_prack(call: CallSignalling, arrival: Arrival, dialog: Dialog, agent: Agent) -> Step:
    """The end of a 1xx's repetitions (RFC 3262 §3); a 2xx that waited for it goes out behind."""
    request, local_tag = arrival.request, dialog.id.local_tag
    meant = [
        each for each in call.awaited_pracks if each.is_acknowledged_by(dialog.id, request.rack)
    ]
    if not meant:
        return serve_at_once(call, arrival, UNKNOWN_DIALOG, local_tag)
    call = call.with_awaited_prack(meant[0], None)
    outputs: list[Output]
    if request.body:
        server = _begin(arrival, local_tag)
        call = call.with_server(server)
        outputs = [PrackReceived(key=server.key, dialog=dialog.id, request=request)]
    else:
        call, outputs = serve_at_once(call, arrival, Answer(status=200), local_tag)
    call, released = release_answer(call, meant[0].invite, agent, arrival.now_s)
    return call, [*outputs, *released]


def _receive_refresh(call: CallSignalling, arrival: Arrival, dialog: Dialog, agent: Agent) -> Step:
    """A re-INVITE or UPDATE, unless one is under way in either direction (§14.2, RFC 3311 §5.2)."""
    local_tag, is_invite = dialog.id.local_tag, arrival.request.method == b"INVITE"
    if call.has_invite_of_ours(dialog.id) or (is_invite and call.has_attempt(dialog.id)):
        return serve_at_once(call, arrival, Answer(status=491), local_tag)
    if is_invite and call.unanswered_invites(dialog.id):
        wait_s = agent.tokens()[-1] % RETRY_SPREAD_S
        busy = Answer(status=500, headers=((b"Retry-After", b"%d" % wait_s),))
        return serve_at_once(call, arrival, busy, local_tag)
    server = _begin(arrival, local_tag)
    call = call.with_dialog(dialog.refresh_target(arrival.request)).with_server(server)
    kind = ReinviteReceived if is_invite else UpdateReceived
    return call, [kind(key=server.key, dialog=dialog.id, request=arrival.request)]
