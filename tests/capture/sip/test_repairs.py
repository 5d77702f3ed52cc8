"""An address that is not closed is read where nothing is in doubt, and nowhere else."""

import pytest

from capture.sip.message import Deviation, Request
from capture.sip.parser import check_request, split_message
from capture.sip.repairs import repaired
from tests.capture.sip.scenes import peer_request

UNCLOSED = (Deviation.UNCLOSED_ADDRESS,)


def read(name: bytes, value: bytes) -> Request:
    """A request in which one header says this instead."""
    lines = peer_request(b"OPTIONS").split(b"\r\n")
    others = [line for line in lines if not line.startswith(name + b":")]
    found = split_message(b"\r\n".join([others[0], name + b": " + value, *others[1:]]))
    assert isinstance(found, Request)
    return repaired(found)


@pytest.mark.parametrize(
    ("value", "uri", "params"),
    [
        (b"<sip:a@b;+sip.src", b"sip:a@b", [b"+sip.src"]),
        (b"<sip:a@b", b"sip:a@b", []),
        (b"<sip:a@b;transport=tcp;+sip.src", b"sip:a@b;transport=tcp", [b"+sip.src"]),
        (b'"Desk <7>" <sip:a@b;src', b"sip:a@b", [b"src"]),
        (b'<sip:a@b;+sip.instance="<urn:uuid:1>";expires=60', b"sip:a@b",
         [b"+sip.instance", b"expires"]),
        (b"<sip:c@d>;q=1, <sip:a@b;+sip.src", b"sip:a@b", [b"+sip.src"]),
    ],
)  # fmt: skip
def test_an_address_that_is_not_closed_ends_before_its_headers_parameters(
    value: bytes, uri: bytes, params: list[bytes]
) -> None:
    """A parameter with a plus is none of a URI (RFC 3840 §9), nor is a tag (RFC 3261 §19.3)."""
    request = read(b"Contact", value)

    check_request(request)
    assert isinstance(request.contacts, tuple)
    assert request.contacts[-1].uri == uri
    assert [name for name, _ in request.contacts[-1].params] == params
    assert request.deviations == UNCLOSED


@pytest.mark.parametrize(
    ("name", "value", "tag"),
    [
        (b"From", b'"A" <sip:a@b;tag=x', b"x"),
        (b"To", b"<sip:a@b;user=phone;tag=y", b"y"),
        (b"P-Asserted-Identity", b"<sip:a@b", b""),
        (b"Record-Route", b"<sip:proxy;lr", b""),
    ],
)
def test_the_same_mistake_in_other_headers_is_put_right(
    name: bytes, value: bytes, tag: bytes
) -> None:
    """Whoever cannot close a Contact may not close his From either."""
    request = read(name, value)

    check_request(request)
    assert request.deviations == UNCLOSED
    assert (request.value(name.lower()) or b"").count(b">") == 1
    assert tag in {request.from_address.tag, request.to_address.tag, b""}


@pytest.mark.parametrize(
    "value",
    [
        b"<sip:a@b;+sip.src, <sip:c@d>",
        b"<sip:a@b;+sip.src, sip:c@d",
        b'<sip:a@b;+sip.instance="open',
        b"sip:a@b>",
        b"<sip:a@b <sip:c@d",
    ],
)
def test_what_could_mean_two_things_stays_as_it_is(value: bytes) -> None:
    """A guess could send our requests to somebody else."""
    request = read(b"Contact", value)

    assert request.value(b"contact") == value
    assert request.deviations == ()


def test_a_message_by_the_book_is_the_same_message() -> None:
    """Nothing is copied where nothing is to be done."""
    request = split_message(peer_request(b"OPTIONS"))

    assert repaired(request) is request


@pytest.mark.parametrize("method", [b"ACK", b"BYE", b"CANCEL"])
def test_a_cseq_that_names_another_method_is_passed_over_where_the_method_says_all(
    method: bytes,
) -> None:
    """They confirm or end; which request the number counts is the same."""
    data = peer_request(method).replace(b"CSeq: 1 " + method, b"CSeq: 1 INVITE")
    request = split_message(data)
    assert isinstance(request, Request)

    request = repaired(request)
    check_request(request)
    assert request.deviations == (Deviation.OTHER_METHOD,)
    assert request.value(b"cseq") == b"1 INVITE"
