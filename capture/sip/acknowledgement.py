"""What we say to responses of the peer: the ACK of a 2xx, the PRACK of a reliable 1xx.

Pure steps from one `CallSignalling` to the next. Knows nothing of what an answer describes.
"""

import msgspec

from capture.sip.agent import Agent
from capture.sip.build import Header
from capture.sip.call import CallSignalling, OutgoingRequest
from capture.sip.client_transaction import InviteClient
from capture.sip.dialog import Dialog
from capture.sip.events import NoSuchDialog
from capture.sip.identity import DialogId
from capture.sip.in_dialog_request import begin, told_of, transmitted
from capture.sip.message import Request, Response
from capture.sip.provisional import ProvisionalOffer, hear, reliable_number
from capture.sip.server_side import Step

EMPTY_ACK = OutgoingRequest(method=b"ACK")


def acknowledge(
    call: CallSignalling, named: DialogId, ack: OutgoingRequest, agent: Agent, now_s: float
) -> Step:
    """The layer above's ACK of a 2xx to an INVITE of ours without an offer (RFC 3261 §13.2.2.4).

    Raises `NoSuchDialog` where none waits.
    """
    invites = (client for client in call.clients if isinstance(client, InviteClient))
    invite = next((each for each in invites if each.owes_ack(named)), None)
    dialog = call.dialog(named)
    if dialog is None or invite is None:
        raise NoSuchDialog("no 2xx waits for an ACK")
    return send_ack(call, invite.prolonged(now_s), dialog, ack, agent)


def send_ack(
    call: CallSignalling, invite: InviteClient, dialog: Dialog, ack: OutgoingRequest, agent: Agent
) -> Step:
    """Send it and keep it for every repetition; with the credentials of its INVITE."""
    request = invite.stored_request()
    headers = (*_credentials(request), *ack.headers)
    data = dialog.build(b"ACK", agent.new_branch(), headers, ack.body, request.cseq.number)
    invite, told = invite.acknowledge_with(dialog.id, data, dialog.sending_flow)
    return call.with_client(invite), transmitted(invite, told)


def _credentials(request: Request) -> tuple[Header, ...]:
    """An ACK cannot be challenged (RFC 3261 §22.1): it says what its INVITE said (§13.2.2.4)."""
    names = {b"authorization": b"Authorization", b"proxy-authorization": b"Proxy-Authorization"}
    return tuple((names[line.name], line.value) for line in request.lines if line.name in names)


def hear_reliable(
    call: CallSignalling,
    invite: InviteClient,
    dialog: Dialog,
    response: Response,
    agent: Agent,
    now_s: float,
) -> Step:
    """A 1xx that is repeated until its PRACK (RFC 3262 §4): told once, acknowledged once.

    One that comes again or out of order is nothing, and so is one for which there is no place: it
    will come again. An offer, which we do not answer so early, is not acknowledged (§5).
    """
    offers = bool(response.body) and not invite.has_offer
    offer = ProvisionalOffer.OPEN if offers else ProvisionalOffer.NOT
    heard = hear(dialog.heard, reliable_number(response), offer)
    if heard is None or call.is_crowded:
        return call, []
    dialog = msgspec.structs.replace(dialog, heard=heard)
    told = told_of(invite, response)
    if heard.offer is ProvisionalOffer.OPEN:
        return call.with_dialog(dialog), [told]
    prack = OutgoingRequest(method=b"PRACK")
    call, sent = _send_prack(call, invite, dialog, prack, agent, now_s)
    return call, [*sent, told]


def _send_prack(
    call: CallSignalling,
    invite: InviteClient,
    dialog: Dialog,
    prack: OutgoingRequest,
    agent: Agent,
    now_s: float,
) -> Step:
    assert dialog.heard is not None
    seq = invite.stored_request().cseq.number
    rack: Header = (b"RAck", b"%d %d INVITE" % (dialog.heard.number, seq))
    request = msgspec.structs.replace(prack, headers=(rack, *prack.headers))
    return begin(call, dialog.advance(), request, agent, now_s)
