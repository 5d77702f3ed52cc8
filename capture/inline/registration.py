"""The registration of a target that asks for one: made, kept up by any of its hops, taken back.

Steps over the state of a target (RFC 3261 §10.2, RFC 3263 §4.3). Knows nothing of calls.
"""

from typing import Final

from capture.inline.routing.route import Target
from capture.inline.state.exchange import Exchange
from capture.inline.target_state import Place, TargetState, untried
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


def registered(exchange: Exchange, state: TargetState, now: Now) -> list[OutgoingCall]:
    """A REGISTER where one is due: by the hop that took the last one, else by the best."""
    if not state.target.register:
        return []
    place = _registrar(state)
    flow = exchange.flow_to(state.target, *place)
    if state.registration is None:
        state.registration = registration_at(exchange, state.target, flow)
    state.registration, requests = state.registration.expire(now.s, flow)
    if requests:
        state.registrars = [place]
    return requests


def _registrar(state: TargetState) -> Place:
    known = state.registration
    if known is not None and known.until_s is not None:
        place = known.flow.transport, known.flow.remote
        if place in state.places:
            return place
    return state.places[0]


def registrar_said(
    exchange: Exchange, state: TargetState, event: SipEvent, now: Now
) -> list[OutgoingCall]:
    """What follows on its answer, or on its silence."""
    known = state.registration
    assert known is not None
    place = untried(state.places, state.registrars)
    if place is not None and _is_away(known, event):
        state.registrars.append(place)
        step = known.elsewhere(exchange.flow_to(state.target, *place))
    elif isinstance(event, ResponseReceived):
        account = state.target.account
        assert account is not None  # nobody registers without a name
        step = known.receive(event.response, account, exchange.tokens(), now.s)
    elif isinstance(event, TransactionTimedOut):
        step = known.timed_out(now.s)
    else:
        return []
    state.registration, requests = step
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


def left(state: TargetState) -> list[OutgoingCall]:
    """The binding is taken away, where there is one (RFC 3261 §10.2.2)."""
    if state.registration is None:
        return []
    state.registration, requests = state.registration.leave()
    state.registrars = []
    return requests
