"""Requests of ours outside of dialogs: how they begin, and how an INVITE is given up.

Pure steps from one `CallSignalling` to the next. Knows nothing of what is answered.
"""

import msgspec

from capture.sip.agent import Agent
from capture.sip.build import Header
from capture.sip.call import CallSignalling
from capture.sip.client_transaction import (
    Cancelling,
    ClientState,
    InviteClient,
    NonInviteClient,
    Reach,
    cancel_of,
)
from capture.sip.events import RequestPending, TooManyPending
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.in_dialog_request import transmitted
from capture.sip.outgoing_call import OutgoingCall, build_outgoing
from capture.sip.server_side import Step


def attempt(call: CallSignalling, outgoing: OutgoingCall, agent: Agent, now_s: float) -> Step:
    """Send a request outside of any dialog.

    Raises `RequestPending` for an INVITE beside one of the same name, or `TooManyPending`.
    """
    if call.is_crowded:
        raise TooManyPending("too many requests of ours are under way")
    if outgoing.method == b"INVITE" and call.has_attempt(outgoing.attempt):
        raise RequestPending("the same call is under way")
    branch = agent.new_branch()
    key = TransactionKey(call_id=call.call_id, branch=branch, method=outgoing.method)
    data = build_outgoing(outgoing, agent, branch)
    kind = InviteClient if outgoing.method == b"INVITE" else NonInviteClient
    client, told = kind.begin(key, outgoing.flow, outgoing.attempt, data, now_s)
    client = msgspec.structs.replace(
        client, reach=Reach.OUTSIDE, account=outgoing.account, owner=outgoing.owner
    )
    return call.with_client(client), transmitted(client, told)


def cancel(
    call: CallSignalling, named: DialogId, now_s: float, reasons: tuple[Header, ...] = ()
) -> Step:
    """Give an INVITE up (RFC 3261 §9.1): with a CANCEL once it has a provisional response.

    One that has its final response, or is being cancelled, stays as it is. `reasons` are headers of
    the CANCEL (RFC 3326).
    """
    invite = call.pending_invite(named)
    if invite is None or invite.cancelling is not Cancelling.NOT:
        return call, []
    invite = msgspec.structs.replace(invite, reasons=reasons)
    if invite.state is ClientState.TRYING:
        return call.with_client(invite.cancelled(now_s)), []
    return _send_cancel(call, invite, now_s)


def cancel_if_wanted(call: CallSignalling, invite: InviteClient, now_s: float) -> Step:
    """A response came: the CANCEL that had to wait for a provisional one may go (§9.1)."""
    is_provisional = invite.state is ClientState.PROCEEDING
    if invite.cancelling is not Cancelling.WANTED or not is_provisional:
        return call, []
    return _send_cancel(call, invite, now_s)


def _send_cancel(call: CallSignalling, invite: InviteClient, now_s: float) -> Step:
    key = msgspec.structs.replace(invite.key, method=b"CANCEL")
    data = cancel_of(invite)
    cancelling, told = NonInviteClient.begin(key, invite.flow, invite.dialog, data, now_s)
    call = call.with_client(invite.cancelled(now_s)).with_client(cancelling)
    return call, transmitted(cancelling, told)
