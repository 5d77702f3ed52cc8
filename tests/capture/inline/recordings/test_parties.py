"""Who is at the two ends, and who of them is the customer."""

import pytest

from archive.call.events import Side
from capture.inline.recordings.parties import asserted_in, caller_address, parties_of
from capture.inline.routing.route import CallDirection
from capture.peers.sources import Source
from capture.sip.message import Request
from capture.sip.parser import split_message

OURS = Source(name="t", tenant=b"t", networks=(), internal_numbers=("2*",))
OUTSIDE, INSIDE = ("sip:+81300001234@carrier", "Sato"), ("sip:201@pbx", "Tanaka")


def invite(*lines: str) -> Request:
    said = ("INVITE sip:1@b SIP/2.0", "From: <sip:2@a>;tag=x", *lines, "", "")
    request = split_message("\r\n".join(said).encode())
    assert isinstance(request, Request)
    return request


@pytest.mark.parametrize(
    ("direction", "sides"),
    [
        ("inbound", ("customer", "agent")),
        ("outbound", ("agent", "customer")),
        ("internal", ("agent", "agent")),
    ],
)
def test_the_route_says_who_is_the_customer(
    direction: CallDirection, sides: tuple[Side, Side]
) -> None:
    """It knows which way the call goes."""
    found = parties_of((OUTSIDE, INSIDE), OURS, direction)

    assert tuple(each.side for each in found) == sides
    assert {each.because for each in found} == {"route"}


def test_without_a_word_of_the_route_the_sources_numbers_say_it() -> None:
    """As for recording sessions."""
    found = parties_of((INSIDE, OUTSIDE), OURS, "")

    assert [each.side for each in found] == ["agent", "customer"]
    assert found[0].because == "internal_number"


def test_the_agents_id_stands_for_whoever_is_ours() -> None:
    """Beside the number, and for nobody else."""
    caller, callee = parties_of((OUTSIDE, INSIDE), OURS, "inbound", ("tanaka", "tanaka"))

    assert (caller.aor, caller.also) == (OUTSIDE[0], "")
    assert (callee.aor, callee.also) == (INSIDE[0], "sip:tanaka@pbx")
    assert parties_of((OUTSIDE, INSIDE), OURS, "inbound", ("", "201"))[1].also == ""


def test_who_a_network_vouches_for_goes_before_who_he_says_he_is() -> None:
    """P-Asserted-Identity, else Remote-Party-ID, else From; what cannot be read says nothing."""
    assert caller_address(invite()).uri == b"sip:2@a"
    rpid = "Remote-Party-ID: <sip:3@a>;party=calling"
    assert caller_address(invite(rpid)).uri == b"sip:3@a"
    pai = "P-Asserted-Identity: <tel:+81300001234>"
    assert caller_address(invite(rpid, pai)).uri == b"tel:+81300001234"
    assert asserted_in(invite("P-Asserted-Identity: nobody")) is None
