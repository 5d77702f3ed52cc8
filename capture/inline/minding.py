"""What keeps the dialogs of a call alive, or finds out that they are not: refreshes, questions.

Steps over the exchange (RFC 4028 §10). Knows nothing of what makes a call silent.
"""

import msgspec

from capture.inline.exchange import Exchange
from capture.inline.lines import Line
from capture.inline.speaking import ALLOW
from capture.relaying import Side
from capture.sdp.rendering import render_description
from capture.sip.call import OutgoingRequest
from capture.sip.events import NoSuchDialog, RefreshDue, RequestPending
from capture.siprec.outputs import Now, Output
from capture.siprec.premises import SDP_TYPE


def refreshed(
    exchange: Exchange, line: Line, side: Side, event: RefreshDue, now: Now
) -> list[Output]:
    """It is ours to refresh the session with one side (RFC 4028 §10): with what holds."""
    if line.call.change is not None:
        return []
    ours = line.call.end(side).ours
    request = OutgoingRequest(method=b"UPDATE", headers=(ALLOW,))
    if not event.by_update and ours is not None:
        body = render_description(ours)
        request = OutgoingRequest(method=b"INVITE", headers=(ALLOW, SDP_TYPE), body=body)
    try:
        outputs = exchange.premises.sip.send_request(event.dialog, request, now.s)
    except (NoSuchDialog, RequestPending):
        return []
    return exchange.premises.sent(outputs, now)


def asked_about(exchange: Exchange, line: Line, now: Now) -> list[Output]:
    """Nothing has arrived for a while: ask both sides whether the call still is."""
    premises, outputs = exchange.premises, list[Output]()
    session = premises.sessions.get(line.key)
    if session is None:
        return []
    premises.sessions.keep(msgspec.structs.replace(session, probed_at_us=now.us))
    for end in (line.call.caller, line.call.callee):
        if end.dialog is not None and premises.sip.has_dialog(end.dialog):
            ping = OutgoingRequest(method=b"OPTIONS")
            sent = premises.sip.send_request(end.dialog, ping, now.s)
            outputs += premises.sent(sent, now)
    return outputs
