"""Requests of ours within a dialog that change nothing: refreshes, and who is at the other end.

Steps over the exchange. What is answered to them is told apart by CSeq from the answer to a change
(RFC 3261 §12.2.1.1). Knows nothing of what a refusal means.
"""

from capture.inline.state.bridged_calls import BridgedCall, RefreshRequest
from capture.inline.state.exchange import Exchange
from capture.links.relay_messages import Side
from capture.recording.outputs import Now, Output
from capture.sip.call import OutgoingRequest
from capture.sip.events import NoSuchDialog, RequestPending, SendMessage
from capture.sip.identity import DialogId
from capture.sip.parser import split_message


def send_refresh(
    exchange: Exchange,
    bridged: BridgedCall,
    side: Side,
    what: tuple[DialogId, OutgoingRequest],
    now: Now,
) -> tuple[BridgedCall, list[Output]]:
    """Send a request in a dialog of this side, and know its answer again; nothing where it cannot
    be sent now.
    """
    dialog, request = what
    try:
        sent = exchange.node.sip.send_request(dialog, request, now.s)
    except (NoSuchDialog, RequestPending):
        return bridged, []
    outputs = exchange.node.sent(sent, now)
    (message,) = (split_message(each.data) for each in outputs if isinstance(each, SendMessage))
    return bridged.with_refresh(
        side, RefreshRequest(cseq=message.cseq.number, at_us=now.us)
    ), outputs
