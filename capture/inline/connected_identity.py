"""Who a party says it is by now, told to the other side where that may hear it.

Steps over the exchange (RFC 3325 §7, RFC 4916 §4, draft-ietf-sip-privacy-04). Knows nothing of what
the recording makes of a name.
"""

from typing import Final

import msgspec

from capture.inline.dialogs.refresh_requests import send_refresh
from capture.inline.messages.header_filter import PeerTrust, names_in, without_tag
from capture.inline.outgoing_invite import ALLOW
from capture.inline.recordings.party_names import changed_from
from capture.inline.state.bridged_calls import BridgedCall, Headers
from capture.inline.state.ends import other
from capture.inline.state.exchange import Exchange, trust_of
from capture.inline.state.stages import CalleeStage, CallerStage
from capture.links.relay_messages import Side
from capture.recording.outputs import Now, Output
from capture.sip.call import OutgoingRequest
from capture.sip.events import Event as SipEvent, ReinviteReceived, ResponseReceived, UpdateReceived
from capture.sip.message import Request

_NAMING: Final = frozenset({b"INVITE", b"UPDATE"})
_ACCEPTED: Final = range(200, 300)


def trust_at(exchange: Exchange, bridged: BridgedCall, side: Side) -> PeerTrust:
    source = bridged.sides.sources[side]
    if source:
        return trust_of(exchange.node.peers.sources.named(source))
    return trust_of(exchange.target(bridged.call.end(side).peer))


def introduced(
    exchange: Exchange, bridged: BridgedCall, side: Side, event: SipEvent
) -> BridgedCall:
    """With what the other side is to hear of this one, where it is another name than before."""
    if bridged.call.callee_stage is not CalleeStage.ANSWERED:
        return bridged
    to = trust_at(exchange, bridged, other(side))
    names = _names(bridged, side, event, to)
    if not names or names == _known(bridged, side, to):
        return bridged
    return msgspec.structs.replace(bridged, identity=bridged.identity.names(side, names))


def _names(bridged: BridgedCall, side: Side, event: SipEvent, to: PeerTrust) -> Headers:
    match event:
        case ReinviteReceived() | UpdateReceived():
            return names_in(event.request, to) or _of_from(bridged, side, event.request, to)
        case ResponseReceived() if event.response.status in _ACCEPTED and event.method in _NAMING:
            return names_in(event.response, to)
        case _:
            return ()


def _of_from(bridged: BridgedCall, side: Side, request: Request, to: PeerTrust) -> Headers:
    """Another From than before; nobody has vouched for it, and our own stays as it began."""
    said = changed_from(bridged, side, request) if to.trusted else None
    if said is None:
        return ()
    return ((b"Remote-Party-ID", without_tag(said) + b";party=calling;screen=no"),)


def _known(bridged: BridgedCall, side: Side, to: PeerTrust) -> Headers:
    """What was told of it last; at first, what its INVITE said, or its answer."""
    if bridged.identity.said[side] or side in bridged.sides.moved:
        return bridged.identity.said[side]
    return names_in(bridged.invite, to) if side is Side.CALLER else bridged.identity.answered_as


def made_known(exchange: Exchange, bridged: BridgedCall, now: Now) -> list[Output]:
    """What a side is still owed, by an UPDATE without a body (RFC 3311 §5.1), where it takes that.

    Not while an offer is under way, or before both talk: the next request to it says it.
    """
    call, outputs = bridged.call, list[Output]()
    is_up = call.has_answered and call.caller_stage is CallerStage.TALKING
    if not is_up or call.change is not None or call.transfer is not None:
        return []
    for side in (each for each in Side if bridged.identity.owed[each]):
        outputs += _updated(exchange, bridged, side, now)
        bridged = exchange.calls.get(bridged.key) or bridged
    return outputs


def _updated(exchange: Exchange, bridged: BridgedCall, side: Side, now: Now) -> list[Output]:
    sip, dialog = exchange.node.sip, bridged.call.end(side).dialog
    if dialog is None or not sip.allows_update(dialog):
        return []
    request = OutgoingRequest(method=b"UPDATE", headers=(ALLOW, *bridged.identity.owed[side]))
    bridged, outputs = send_refresh(exchange, bridged, side, (dialog, request), now)
    if outputs:
        exchange.calls.keep(bridged.paid(side))
    return outputs
