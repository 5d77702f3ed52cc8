"""Requests of ours outside of dialogs, as they are written."""

import pytest

from capture.sip.agent import Agent
from capture.sip.flow import Address, Flow
from capture.sip.outgoing_call import build_outgoing
from tests.capture.sip.calls_out import OFFER, SDP, outgoing
from tests.capture.sip.scenes import UDP

AGENT = Agent(node=b"n1", tokens=lambda: b"t", options=frozenset({b"replaces", b"timer"}))


def written(method: bytes = b"INVITE", **parts: object) -> list[bytes]:
    """The lines of a request."""
    return build_outgoing(outgoing(method, **parts), AGENT, b"z9hG4bKt").split(b"\r\n")


def test_an_invite_says_all_that_must_stand_in_it() -> None:
    """RFC 3261 §8.1.1 and §13.2.1: also what we can do."""
    assert written(headers=(SDP,), body=OFFER, max_forwards=12, cseq=3) == [
        b"INVITE sip:bob@192.0.2.1 SIP/2.0",
        b"Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKt;rport",
        b"Max-Forwards: 12",
        b'From: "Al" <sip:al@192.0.2.9>;tag=n1-out',
        b"To: <sip:bob@192.0.2.1>",
        b"Call-ID: two@n1",
        b"CSeq: 3 INVITE",
        b"Contact: <sip:n1@192.0.2.9:5060>",
        b"Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, PRACK, INFO",
        b"Supported: replaces, timer",
        b"Content-Type: application/sdp",
        b"Content-Length: 9",
        b"",
        b"v=0 offer",
    ]


def test_via_and_contact_name_our_side_of_the_way() -> None:
    """A trunk may know us by another address than the PBX does, and by TLS."""
    here = Address("2001:db8::9", 5061)
    flow = Flow(transport="tls", local=here, remote=Address("2001:db8::1", 5061))
    lines = written(flow=flow, contact_params=b";+sip.x")

    assert b"Via: SIP/2.0/TLS [2001:db8::9]:5061;branch=z9hG4bKt" in lines
    assert b"Contact: <sip:n1@[2001:db8::9]:5061;transport=tls>;+sip.x" in lines


def test_routes_go_in_front_and_a_strict_router_stands_as_the_uri() -> None:
    """RFC 3261 §12.2.1.1, for preloaded routes too (§8.1.1.1)."""
    loose = written(routes=(b"<sip:p1;lr>", b"<sip:p2;lr>"))
    strict = written(routes=(b"<sip:p1>", b"<sip:p2;lr>"))

    assert loose[0] == b"INVITE sip:bob@192.0.2.1 SIP/2.0"
    assert b"Route: <sip:p1;lr>, <sip:p2;lr>" in loose
    assert strict[0] == b"INVITE sip:p1 SIP/2.0"
    assert b"Route: <sip:p2;lr>, <sip:bob@192.0.2.1>" in strict


@pytest.mark.parametrize("name", [b"Allow", b"contact", b"Supported"])
def test_what_the_layer_above_says_stands_in_place_of_the_usual(name: bytes) -> None:
    """An inline call takes REFER; two headers Allow would leave open which counts."""
    lines = written(headers=((name, b"<sip:x@y>"),))

    assert [line for line in lines if line.lower().startswith(name.lower() + b":")] == [
        name + b": <sip:x@y>"
    ]


def test_a_register_names_the_bindings_that_it_is_given_and_no_other() -> None:
    """RFC 3261 §10.2: without a Contact it asks what is bound."""
    binding = (b"Contact", b"<sip:line@192.0.2.9>")

    assert not [line for line in written(b"REGISTER") if line.startswith(b"Contact")]
    assert b"Contact: <sip:line@192.0.2.9>" in written(b"REGISTER", headers=(binding,))
    assert not [line for line in written(b"REGISTER") if line.startswith(b"Allow")]


def test_a_call_is_named_before_anybody_answers() -> None:
    """By Call-ID and our tag."""
    assert outgoing().attempt.remote_tag == b""
    assert outgoing().attempt.local_tag == b"n1-out"
    assert outgoing().flow == UDP
