"""What is registered where."""

from capture.inline.registration import registration_at
from capture.inline.routing.route import Target
from capture.sip.flow import Address
from tests.capture.inline.stage import Stage


def test_a_users_binding_leads_to_our_address_by_the_transport_of_the_target() -> None:
    """IPv6 in brackets; the registrar is the target without its user."""
    target = Target(name="t", uri="sip:x@[2001:db8::1]:5070;transport=tcp", user="05012345678")
    exchange = Stage().exchange
    flow = exchange.flow_to(target, "tcp", Address("2001:db8::1", 5070))
    made = registration_at(exchange, target, flow)

    assert made.registrar == b"sip:[2001:db8::1]:5070;transport=tcp"
    assert made.address == b"<sip:05012345678@[2001:db8::1]:5070>"
    assert made.contact == b"<sip:05012345678@192.0.2.9:5060;transport=tcp>"
