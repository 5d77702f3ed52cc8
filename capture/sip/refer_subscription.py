"""Our NOTIFYs of a REFER: a usage of the dialog besides the INVITE's, which it may outlive.

Pure steps from one `CallSignalling` to the next (RFC 3515 §2.4.4, RFC 5057 §4.1, RFC 6665 §4.2.2).
Knows nothing of what is told.
"""

from typing import Final

from capture.sip.agent import Agent
from capture.sip.call import CallSignalling, OutgoingRequest, Subscription
from capture.sip.client_transaction import InviteClient, NonInviteClient
from capture.sip.events import NoSuchDialog, TooManyPending
from capture.sip.identity import DialogId
from capture.sip.in_dialog_request import begin
from capture.sip.server_side import Step
from capture.sip.transaction import is_due

NOTIFY: Final = b"NOTIFY"
# It never was, or is no more: RFC 5057 §5.1, §5.2.
_IT_IS_OVER: Final = range(300, 700)


def notify(
    call: CallSignalling,
    named: DialogId,
    request: OutgoingRequest,
    until_s: float,
    agent: Agent,
    now_s: float,
) -> Step:
    """Tell the peer; it may be told more until then, also once the INVITE's usage is over.

    `until_s` not later than `now_s`: this is the last. Raises `NoSuchDialog` where nobody is to be
    told any more, or `TooManyPending`.
    """
    known = call.subscription(named)
    dialog = call.dialog(named)
    is_left = dialog is None
    if dialog is None and known is not None:
        dialog = known.left
    if dialog is None:
        raise NoSuchDialog("the dialog has ended")
    if call.is_crowded:
        raise TooManyPending("too many requests of ours are under way")
    call, outputs = begin(call, dialog.advance(), request, agent, now_s)
    call = call.with_subscription(Subscription(dialog=named, until_s=until_s))
    if is_left:
        call = call.without_dialog(named)
    return (call if until_s > now_s else call.without_subscription(named)), outputs


def after_notify(
    call: CallSignalling, client: InviteClient | NonInviteClient, status: int
) -> CallSignalling:
    """A refusal, or silence, ends the subscription (RFC 6665 §4.2.2)."""
    if client.key.method != NOTIFY or status not in _IT_IS_OVER:
        return call
    return call.without_subscription(client.dialog)


def expire_subscriptions(call: CallSignalling, _agent: Agent, now_s: float) -> Step:
    """What nobody has ended in time is over."""
    for each in call.subscriptions:
        if is_due(each.until_s, now_s):
            call = call.without_subscription(each.dialog)
    return call, []
