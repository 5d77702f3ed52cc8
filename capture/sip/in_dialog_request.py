"""A request of ours in a dialog on its way, and what is told of a response to one.

Pure steps from one `CallSignalling` to the next. Knows nothing of when a request may be sent.
"""

from typing import Final

import msgspec

from capture.sip.agent import Agent
from capture.sip.build import Header
from capture.sip.call import CallSignalling, OutgoingRequest
from capture.sip.client_transaction import InviteClient, NonInviteClient
from capture.sip.credentials import ChallengedRequest, renewed
from capture.sip.dialog import Dialog
from capture.sip.events import Output, ResponseReceived, SendMessage
from capture.sip.identity import TransactionKey
from capture.sip.message import Response
from capture.sip.server_side import Step
from capture.sip.session_timer import REFRESHING
from capture.sip.transaction import Output as Told, Transmit

Client = InviteClient | NonInviteClient
# RFC 3261 §22.1: neither can be sent again; an ACK says what its INVITE said.
NEVER_CHALLENGED: Final = frozenset({b"ACK", b"CANCEL"})


def begin(
    call: CallSignalling, dialog: Dialog, request: OutgoingRequest, agent: Agent, now_s: float
) -> Step:
    """Send it with the dialog's CSeq, which is already its own."""
    branch = agent.new_branch()
    key = TransactionKey(call_id=call.call_id, branch=branch, method=request.method)
    dialog, given = proving(dialog, request.method, agent)
    seq, headers = dialog.local_seq, (agent.supported, *request.headers, *given)
    if request.method in REFRESHING and dialog.timer is not None:
        headers = (*dialog.timer.headers, *headers)
    data = dialog.build(request.method, branch, headers, request.body, seq)
    kind = InviteClient if request.method == b"INVITE" else NonInviteClient
    client, told = kind.begin(key, dialog.sending_flow, dialog.id, data, now_s)
    return call.with_dialog(dialog).with_client(client), transmitted(client, told)


def transmitted(client: Client, told: list[Told]) -> list[Output]:
    """Of what a transaction puts out, the messages."""
    return [
        SendMessage(flow=out.by or client.flow, data=out.data)
        for out in told
        if isinstance(out, Transmit)
    ]


def told_of(client: Client, response: Response) -> ResponseReceived:
    return ResponseReceived(
        dialog=client.named(response),
        method=client.key.method,
        response=response,
        cseq=response.cseq.number,
    )


def proving(dialog: Dialog, method: bytes, agent: Agent) -> tuple[Dialog, tuple[Header, ...]]:
    """What was accepted in this dialog is said again with the next count (RFC 7616 §3.4).

    So whoever has challenged once need not for each request.
    """
    account = agent.accounts(dialog.account) if dialog.given else None
    if account is None or method in NEVER_CHALLENGED:
        return dialog, ()
    asked = ChallengedRequest(method=method, uri=dialog.request_target()[0])
    given = renewed(dialog.given, asked, account, agent.tokens())
    return msgspec.structs.replace(dialog, given=given), given
