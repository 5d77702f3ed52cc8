"""Where a REFER or a redirection may lead: to targets, nowhere that nobody has configured.

Of a REFER only to numbers that who asks could have dialled himself.

Rules over the exchange (docs/inline.md section Transfers). Knows nothing of what is done with it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Final, NamedTuple

import msgspec

from capture.errors import PeerBrokeProtocol
from capture.inline.planner import aims_of
from capture.inline.routing.modes import agreed
from capture.inline.routing.route import Target
from capture.inline.routing.routes import RouteQuery, decide
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call_events import Refused
from capture.inline.state.call_plan import Aim, Redirection
from capture.inline.state.exchange import Exchange
from capture.links.relay_messages import Side
from capture.raw_text import text_of
from capture.recording.outputs import Now
from capture.sip.uri import OtherUri, SipUri, bare_host, parse_uri

FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
_CUSTOMERS: Final = {"inbound": Side.CALLER, "outbound": Side.CALLEE}


class Lead(NamedTuple):
    """What is dialled, and where."""

    number: bytes
    aims: tuple[Aim, ...]


def lead(
    exchange: Exchange, bridged: BridgedCall, side: Side, uri: SipUri | OtherUri, now: Now
) -> Lead | int:
    """Where this URI leads for who is on this side of the call, else the status of the refusal.

    Who sits behind a target has numbers of that target's called. Who has called us from where no
    target is has them sent through the routes, as a call of his source would go. A host that is a
    configured target's leads there. Any other host is nobody's whom we know.
    """
    number, host = _number_of(uri), _host_of(uri)
    if not number:
        return FORBIDDEN
    home, source = _home(exchange, bridged, side), bridged.sides.sources[side]
    named = next((t for t in _targets(exchange) if host and _is_at(t, host)), None)
    if home is not None and (named is home or _is_near(exchange, bridged, side, host)):
        return Lead(number, aims_of(exchange, (home.name,)))
    if named is not None:
        return Lead(number, aims_of(exchange, (named.name,)))
    if source and home is None and _is_near(exchange, bridged, side, host):
        return _by_routes(exchange, source, number, now)
    return FORBIDDEN


def followed(exchange: Exchange, bridged: BridgedCall, event: Refused) -> Refused:
    """A refusal with those of its contacts that lead to a target.

    Each is called as its target is: what it may be told, which account, how it proves itself.
    """
    leads = (_lead_to(exchange, bridged, uri) for uri in event.contacts)
    return replace(event, leads=tuple(each for each in leads if each is not None))


def _lead_to(exchange: Exchange, bridged: BridgedCall, uri: bytes) -> Redirection | None:
    """Its own place is a target's, and where we have called it; TLS is not given up for less."""
    call, host = bridged.call, _host_in(uri)
    target = exchange.target(call.callee.peer)
    hop = call.dialled.hop
    is_own = _is_at(target, host) or (hop is not None and host == hop.remote.host)
    known = target if is_own else next((t for t in _targets(exchange) if _is_at(t, host)), None)
    if not host or known is None or (_is_secure(known.uri.encode()) and not _is_secure(uri)):
        return None
    (aim,) = aims_of(exchange, (known.name,))
    mode = agreed(call.plan.mode, known.record)
    return Redirection(uri, msgspec.structs.replace(aim, mode=mode))


def _is_secure(uri: bytes) -> bool:
    return uri[:5].lower() == b"sips:" or b";transport=tls" in uri.lower()


def account_at(exchange: Exchange, bridged: BridgedCall, side: Side) -> str:
    """The name of the target whose account answers this side's challenges; "" for none."""
    home = _home(exchange, bridged, side)
    return "" if home is None else home.name


def _home(exchange: Exchange, bridged: BridgedCall, side: Side) -> Target | None:
    """The target that this side's party is behind; a source is one's that has its name or place."""
    source = bridged.sides.sources[side]
    if not source:
        return exchange.switch.targets.get(bridged.call.end(side).peer)
    session = exchange.node.sessions.get(bridged.key)
    is_first = side is Side.CALLER and side not in bridged.sides.moved
    peer = session.call.peer if session is not None and is_first else ""
    known = (t for t in _targets(exchange) if t.name == source or (peer and _is_at(t, peer)))
    return next(known, None)


def is_customers(bridged: BridgedCall, side: Side) -> bool:
    """Is this the customer's side, as the route says it? He has no calls made at our expense."""
    return _CUSTOMERS.get(bridged.call.plan.labels.direction) is side


def _number_of(uri: SipUri | OtherUri) -> bytes:
    """The user part, or the number of a `tel` URI."""
    if isinstance(uri, SipUri):
        return (uri.user or b"").partition(b":")[0]
    return uri.rest.partition(b";")[0] if uri.scheme == b"tel" else b""


def _host_of(uri: SipUri | OtherUri) -> str:
    return bare_host(uri.host).lower() if isinstance(uri, SipUri) else ""


def _targets(exchange: Exchange) -> Iterator[Target]:
    return iter(exchange.switch.targets.values())


def _is_at(target: Target, host: str) -> bool:
    if host == _host_in(target.uri.encode()):
        return True
    try:
        return any(ip_address(host) in network for network in target.networks)
    except ValueError:
        return False


def _host_in(raw: bytes) -> str:
    try:
        return _host_of(parse_uri(raw))
    except PeerBrokeProtocol:
        return ""


def _is_near(exchange: Exchange, bridged: BridgedCall, side: Side, host: str) -> bool:
    """Is it no host at all, or one of ours, or what who asks calls himself or us?"""
    if not host:
        return True
    node = exchange.node
    ours = {address.host for address in exchange.here.values()} | {node.place.address}
    ours |= {target.sip_advertise for target in _targets(exchange)}
    ours |= {source.sip_advertise for source in node.peers.sources.known}
    return host in ours or host in _own_hosts(bridged, side)


def _own_hosts(bridged: BridgedCall, side: Side) -> set[str]:
    """The hosts in the URIs by which this side's party has been spoken to.

    They decide whether the number is dialled, never where: nobody gains by making one up.
    """
    if side is Side.CALLER and side not in bridged.sides.moved:
        invite = bridged.invite
        contact = invite.contact
        said = [invite.uri, invite.from_address.uri, *([contact.uri] if contact else [])]
        return {_host_in(raw) for raw in said} - {""}
    called = bridged.successor if side in bridged.sides.moved else bridged.attempt
    if called is None:
        return set()
    return {called.flow.remote.host, _host_in(called.uri)} - {""}


def _by_routes(exchange: Exchange, name: str, number: bytes, now: Now) -> Lead | int:
    source = exchange.node.peers.sources.named(name)
    asked = RouteQuery(source=name, number=text_of(number), country=source.country)
    at = datetime.fromtimestamp(now.us / 1_000_000, UTC)
    decision = decide(exchange.switch.routes, asked, at)
    if decision is None:
        return NOT_FOUND
    return Lead(decision.dialled.encode(), aims_of(exchange, decision.route.to))
