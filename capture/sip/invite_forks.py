"""What responses make of an INVITE of ours: early dialogs, confirmed ones, or nothing.

A proxy may have asked several phones; each To-tag is a dialog of its own (RFC 3261 §12.1.2). Pure
steps. Knows nothing of which one the layer above wants.
"""

import msgspec

from capture.sip.acknowledgement import EMPTY_ACK, hear_reliable, send_ack
from capture.sip.agent import Agent
from capture.sip.call import CallSignalling
from capture.sip.client_transaction import InviteClient
from capture.sip.dialog import Dialog, called_dialog, confirm_called
from capture.sip.in_dialog_request import told_of
from capture.sip.limits import MAX_FORKS
from capture.sip.message import Response
from capture.sip.provisional import PROVISIONAL, reliable_number
from capture.sip.server_side import Step
from capture.sip.session_timer import begun


def take_response(
    call: CallSignalling, invite: InviteClient, response: Response, agent: Agent, now_s: float
) -> Step:
    """Take a response to an INVITE of ours outside of dialogs; a refusal ends every early one."""
    match response.status // 100:
        case 1:
            return _progressed(call, invite, response, agent, now_s)
        case 2:
            return _accepted(call, invite, response, agent, now_s)
        case _:
            return call.without_early(invite.dialog), [told_of(invite, response)]


def _progressed(
    call: CallSignalling, invite: InviteClient, response: Response, agent: Agent, now_s: float
) -> Step:
    """Above 100 and with a tag it makes an early dialog; one too many is nothing."""
    told = told_of(invite, response)
    if response.status not in PROVISIONAL or not response.has_to_tag:
        return call, [told]
    dialog = call.dialog(told.dialog)
    if dialog is None:
        if len(call.early_dialogs(invite.dialog)) >= MAX_FORKS:
            return call, []
        dialog = _made(invite, response)
    dialog = dialog.note_allowed(response)
    if reliable_number(response):
        return hear_reliable(call, invite, dialog, response, agent, now_s)
    return call.with_dialog(dialog), [told]


def _accepted(
    call: CallSignalling, invite: InviteClient, response: Response, agent: Agent, now_s: float
) -> Step:
    """The dialog is confirmed, or made at once; an answer is acknowledged, an offer is not."""
    told, request = told_of(invite, response), invite.stored_request()
    early = call.dialog(told.dialog) or _made(invite, response)
    timer = begun(request, response, now_s)
    dialog = msgspec.structs.replace(confirm_called(early, response), timer=timer)
    call = call.with_dialog(dialog)
    if not request.body:
        return call, [told]
    call, acks = send_ack(call, invite, dialog, EMPTY_ACK, agent)
    return call, [*acks, told]


def _made(invite: InviteClient, response: Response) -> Dialog:
    dialog = called_dialog(invite.stored_request(), response, invite.flow)
    owner = invite.owner.reached_at(dialog.remote_target)
    return msgspec.structs.replace(dialog, account=invite.account, owner=owner)
