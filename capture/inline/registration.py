"""What is registered where for a target that asks for it.

A value from settings (RFC 3261 §10.2). Knows nothing of when.
"""

from capture.inline.exchange import Exchange
from capture.inline.routing.route import Target
from capture.sip.flow import Flow
from capture.sip.registering import Registration


def registration_at(exchange: Exchange, target: Target, flow: Flow) -> Registration:
    """The binding of the target's user to our address, at the target's host."""
    scheme, _, rest = target.uri.encode().partition(b":")
    place = rest.rpartition(b"@")[2]
    user = target.user.encode()
    return Registration(
        call_id=exchange.tokens(),
        local_tag=exchange.premises.sip.new_tag(),
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
