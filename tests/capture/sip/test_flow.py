"""Where answers and requests go, and what is written into the top Via."""

import msgspec
import pytest

from capture.sip.flow import Address, Flow, answering_flow, requesting_flow, stamp_via
from capture.sip.message import Request
from tests.capture.sip.scenes import HERE, TCP, UDP, peer_request
from tests.support.sip import parse_message

BEHIND_NAT = msgspec.structs.replace(UDP, remote=Address("198.51.100.7", 31_000))
VIA = b"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa"


def via(text: bytes) -> Request:
    request = parse_message(peer_request(b"OPTIONS").replace(VIA, text))
    assert isinstance(request, Request)
    return request


def test_an_answer_goes_to_the_source_address_and_the_port_of_sent_by() -> None:
    """RFC 3261 §18.2.2."""
    request = via(b"Via: SIP/2.0/UDP host.example.com:5070;branch=z9hG4bKa")
    assert answering_flow(request, BEHIND_NAT).remote == Address("198.51.100.7", 5070)


def test_with_rport_an_answer_goes_to_the_source_port() -> None:
    """RFC 3581 §4: the only way back through a NAT."""
    request = via(VIA + b";rport")
    assert answering_flow(request, BEHIND_NAT).remote == BEHIND_NAT.remote


def test_an_answer_never_follows_maddr_or_a_given_received() -> None:
    """Otherwise we would send to whom a stranger names."""
    request = via(VIA + b";maddr=203.0.113.1;received=203.0.113.2")
    assert answering_flow(request, UDP).remote.host == "192.0.2.1"


def test_on_a_stream_the_connection_stays_and_the_fallback_is_sent_by() -> None:
    """RFC 3261 §18.2.2: a new connection goes to the port that the peer listens on."""
    answers = answering_flow(via(VIA), TCP)
    assert (answers.connection, answers.remote) == (7, Address("192.0.2.1", 5060))


@pytest.mark.parametrize(
    ("line", "stamped"),
    [
        (VIA, VIA + b";received=198.51.100.7"),
        (VIA + b"; rport ;x", VIA + b"; rport=31000;x;received=198.51.100.7"),
        (VIA + b";RPORT=", VIA + b";RPORT=31000;received=198.51.100.7"),
        (
            VIA + b" ,\r\n SIP/2.0/UDP next;rport",
            VIA + b" ;received=198.51.100.7,\r\n SIP/2.0/UDP next;rport",
        ),
    ],
)
def test_only_the_top_hop_is_stamped_and_the_rest_stays(line: bytes, stamped: bytes) -> None:
    """RFC 3261 §18.2.1, RFC 3581 §4."""
    assert stamp_via(via(line), BEHIND_NAT).lines[0].raw == stamped


def test_a_via_that_says_where_it_comes_from_is_not_touched() -> None:
    """The response then copies it byte for byte."""
    request = via(VIA)
    assert stamp_via(request, UDP) is request


@pytest.mark.parametrize(
    ("uri", "remote"),
    [
        (b"sip:a@192.0.2.77:5090", Address("192.0.2.77", 5090)),
        (b"sip:a@[2001:db8::1]", Address("2001:db8::1", 5060)),
        (b"sips:a@192.0.2.77", Address("192.0.2.77", 5061)),
        (b"sip:a@host.example.com", UDP.remote),
        (b"tel:+8130000", UDP.remote),
        (b"nonsense", UDP.remote),
    ],
)
def test_a_request_goes_to_a_literal_address_else_back_along_the_flow(
    uri: bytes, remote: Address
) -> None:
    """No name is resolved here."""
    assert requesting_flow(UDP, uri).remote == remote


def test_only_udp_is_unreliable() -> None:
    """RFC 3261 §17: timers differ by this alone."""
    assert not UDP.is_reliable
    assert Flow(transport="tcp", local=HERE, remote=HERE, connection=1).is_reliable
