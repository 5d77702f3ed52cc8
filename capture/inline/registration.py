"""The registration of a target that asks for one: made, kept up by any of its hops, taken back.

Steps over a neighbour (RFC 3261 §10.2, RFC 3263 §4.3). Knows nothing of calls.
"""

from typing import Final

from capture.inline.routing.route import Target
from capture.inline.state.exchange import Exchange
from capture.inline.target_state import Neighbour, Place, untried
from capture.recording.outputs import Now
from capture.sip.events import Event as SipEvent, ResponseReceived, TransactionTimedOut
from capture.sip.flow import Flow
from capture.sip.outgoing_call import OutgoingCall
from capture.sip.registration import Registration

_UNAVAILABLE: Final = 503


def registration_at(exchange: Exchange, target: Target, flow: Flow) -> Registration:
    """The binding of the target's user to our address, at the target's host."""
    scheme, _, rest = target.uri.encode().partition(b":")
    place = rest.rpartition(b"@")[2]
    user = target.user.encode()
    return Registration(
        call_id=exchange.tokens(),
        local_tag=exchange.node.sip.new_tag(),
        flow=flow,
        registrar=scheme + b":" + place,
        address=b"<%s:%s@%s>" % (scheme, user, place.partition(b";")[0]),
        contact=_contact(user, flow),
        expires_s=target.register_expires_s,
    )


def _contact(user: bytes, flow: Flow) -> bytes:
    host = f"[{flow.local.host}]" if ":" in flow.local.host else flow.local.host
    transport = b";transport=" + flow.transport.encode() if flow.is_reliable else b""
    return b"<sip:%s@%s:%d%s>" % (user, host.encode(), flow.local.port, transport)


def is_same_binding(before: Target, after: Target) -> bool:
    """Is the same contact registered for the same user at the same place?"""
    return _bound_by(before) == _bound_by(after) and after.register


def _bound_by(target: Target) -> tuple[str, str, str, int]:
    return target.uri, target.user, target.sip_advertise, target.register_expires_s


def registered(exchange: Exchange, neighbour: Neighbour, now: Now) -> list[OutgoingCall]:
    """A REGISTER where one is due: by the hop that took the last one, else by the best."""
    if not neighbour.target.register:
        return []
    place = _registrar(neighbour)
    flow = exchange.flow_to(neighbour.target, *place)
    if neighbour.registration is None:
        neighbour.registration = registration_at(exchange, neighbour.target, flow)
    neighbour.registration, requests = neighbour.registration.expire(now.s, flow)
    if requests:
        neighbour.registrars = [place]
    return requests


def _registrar(neighbour: Neighbour) -> Place:
    known = neighbour.registration
    if known is not None and known.until_s is not None:
        place = known.flow.transport, known.flow.remote
        if place in neighbour.places:
            return place
    return neighbour.places[0]


def registrar_said(
    exchange: Exchange, neighbour: Neighbour, event: SipEvent, now: Now
) -> list[OutgoingCall]:
    """What follows on its answer, or on its silence."""
    known = neighbour.registration
    assert known is not None
    place = untried(neighbour.places, neighbour.registrars)
    if place is not None and _is_away(known, event):
        neighbour.registrars.append(place)
        step = known.elsewhere(exchange.flow_to(neighbour.target, *place))
    elif isinstance(event, ResponseReceived):
        account = neighbour.target.account
        assert account is not None  # nobody registers without a name
        step = known.receive(event.response, account, exchange.tokens(), now.s)
    elif isinstance(event, TransactionTimedOut):
        step = known.timed_out(now.s)
    else:
        return []
    neighbour.registration, requests = step
    return requests


def _is_away(known: Registration, event: SipEvent) -> bool:
    """Did this hop fail, so that the next one may be tried (RFC 3263 §4.3)?"""
    if known.sent is None:
        return False
    if isinstance(event, TransactionTimedOut):
        return True
    if not isinstance(event, ResponseReceived):
        return False
    return event.cseq == known.cseq and event.response.status == _UNAVAILABLE


def left(neighbour: Neighbour) -> list[OutgoingCall]:
    """The binding is taken away, where there is one (RFC 3261 §10.2.2)."""
    if neighbour.registration is None:
        return []
    neighbour.registration, requests = neighbour.registration.leave()
    neighbour.registrars = []
    return requests
