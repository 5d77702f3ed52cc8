"""What an INVITE of ours says: where it goes, who calls, what crosses, what we can.

Knows nothing of when it is sent.
"""

from typing import Final

from capture.errors import PeerBrokeProtocol
from capture.inline.bridge.recording_indication import OPTION
from capture.inline.messages.body_parts import enclosing, for_peer, pointing
from capture.inline.messages.header_filter import (
    RECORDING_HEADER,
    caller_for,
    crossing_headers,
    forwards_left,
)
from capture.inline.messages.refer import replaces_of
from capture.inline.routing.route import Target
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call_plan import Hop
from capture.inline.state.exchange import Exchange, trust_of
from capture.links.relay_messages import Side
from capture.sdp.description import SessionDescription
from capture.sdp.renderer import render_description
from capture.sip.agent import PASSED_METHODS, SERVED_METHODS, allowing
from capture.sip.build import SDP_TYPE, Header
from capture.sip.message import Request
from capture.sip.outgoing_call import OutgoingCall
from capture.sip.uri import SipUri, parse_uri

ALLOW: Final = allowing(*(each for each in PASSED_METHODS if each not in SERVED_METHODS))


def request_uri(target: Target, bridged: BridgedCall) -> bytes:
    """The Request-URI at a target: the number that is dialled, at its place (RFC 3261 §8.1.1.1).

    A service URN stays as it is; it is sent to the target all the same.
    """
    return uri_at(target, bridged.call.plan.number)


def uri_at(target: Target, number: bytes) -> bytes:
    if number.startswith(b"urn:"):
        return number
    raw = target.uri.encode()
    scheme, _, rest = raw.partition(b":")
    place = rest.rpartition(b"@")[2]
    return scheme + b":" + number + b"@" + place


def place_uri(target: Target, uri: bytes) -> bytes:
    """The URI whose host is looked for: the target's own where the Request-URI has none."""
    try:
        return uri if isinstance(parse_uri(uri), SipUri) else target.uri.encode()
    except PeerBrokeProtocol:
        return target.uri.encode()


def outgoing_call(
    exchange: Exchange, bridged: BridgedCall, hop: Hop, offer: SessionDescription | None
) -> OutgoingCall:
    target = exchange.target(bridged.call.callee.peer)
    trust, invite = trust_of(target), bridged.invite
    host = hop.uri.rpartition(b"@")[2].partition(b";")[0]
    enclosures = for_peer(bridged.enclosures, trust)
    typed, body = enclosing(body_of(offer), enclosures, exchange.tokens())
    return OutgoingCall(
        call_id=exchange.tokens() + b"@" + exchange.node.place.node.encode(),
        local_tag=exchange.node.sip.new_tag(),
        flow=exchange.flow_to(target, hop.transport, hop.remote, hop.uri),
        uri=hop.uri,
        from_address=caller_for(invite, trust),
        to_address=b"<sip:" + bridged.call.plan.number + b"@" + host + b">"
        if not hop.uri.startswith(b"urn:")
        else b"<" + hop.uri + b">",
        headers=(
            ALLOW,
            *timed(exchange),
            *pointing(crossing_headers(invite, trust), enclosures),
            *_replacing(exchange, invite),
            *recording_named(bridged),
            *supporting(exchange, bridged, Side.CALLER, offer),
            *typed,
        ),
        body=body,
        max_forwards=forwards_left(invite),
        account=target.name,
        owner=exchange.owner_at(bridged, target, hop.remote.host),
    )


def timed(exchange: Exchange) -> tuple[Header, ...]:
    """Session-Expires of an INVITE of ours."""
    seconds = exchange.switch.session_expires_s
    return ((b"Session-Expires", b"%d" % seconds),) if seconds else ()


def recording_named(bridged: BridgedCall) -> tuple[Header, ...]:
    """The name of the call's recording, where there is to be one, or may be."""
    named = bridged.call.plan.records or bridged.call.plan.control.may_start
    return ((RECORDING_HEADER, bridged.key.hex().encode()),) if named else ()


def supporting(
    exchange: Exchange, bridged: BridgedCall, side: Side, offer: SessionDescription | None
) -> tuple[Header, ...]:
    """Supported of an INVITE of ours; where this side of the call is aware, so are we.

    Without an offer of ours a reliable 1xx would be one, which a PRACK has to answer (RFC 3262 §5)
    before the caller has: such a call asks for none.
    """
    if offer is not None:
        return aware_for(exchange, bridged, side)
    aware = (OPTION,) if bridged.call.end(side).is_aware else ()
    return ((b"Supported", b", ".join((*aware, b"timer"))),)


def aware_for(exchange: Exchange, bridged: BridgedCall, side: Side) -> tuple[Header, ...]:
    """We can be told of a recording where this side would be told in turn (RFC 7866 §6.3)."""
    aware = bridged.call.end(side).is_aware
    return (exchange.node.sip.supporting(OPTION),) if aware else ()


def _replacing(exchange: Exchange, invite: Request) -> tuple[Header, ...]:
    """A Replaces that names a dialog between us and who is called: he knows what it is about."""
    try:
        replaces = replaces_of(invite)
    except PeerBrokeProtocol:
        return ()
    if replaces is None or exchange.calls.of_dialog(replaces.beyond) is None:
        return ()
    return ((b"Replaces", bytes(replaces)),)


def described(description: SessionDescription) -> tuple[tuple[Header, ...], bytes]:
    return body_type(description), body_of(description)


def body_type(description: SessionDescription | None) -> tuple[Header, ...]:
    """Content-Type of a description, where there is one."""
    return () if description is None else (SDP_TYPE,)


def body_of(description: SessionDescription | None) -> bytes:
    return b"" if description is None else render_description(description)
