"""What an INVITE encloses beside its description."""

from dataclasses import replace

import pytest

from capture.inline.messages.body_parts import MAX_ENCLOSED_BYTES, enclosing, pointing
from capture.metadata.multipart import BodyPart, split_body
from capture.sip.build import Header
from capture.sip.message import Request
from tests.capture.inline.stage import ANSWER, OFFER, PBX, Stage, from_caller

PLACE = b"<presence><geopriv/></presence>"
ISUP = bytes(range(256))
HERE: Header = (b"Geolocation", b"<cid:place@a.example>;inserted-by=a, <https://lis.example/1>")
ROUTING: Header = (b"Geolocation-Routing", b"yes")


def part(kind: bytes, body: bytes, *headers: bytes) -> bytes:
    lines = (b"--x", b"Content-Type: " + kind, *headers, b"", body, b"")
    return b"\r\n".join(lines)


def mixed(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--x--\r\n"


LOCATED = mixed(
    part(b"application/sdp", OFFER),
    part(b"application/pidf+xml", PLACE, b"Content-ID: <place@a.example>"),
    part(b"application/isup; version=jp", ISUP, b"Content-Disposition: signal;handling=required"),
)


def calling(
    *headers: Header, body: bytes = LOCATED, trusted: bool = True, reloaded: bool = False
) -> tuple[Stage, Request]:
    """A call with such a body, and how it is called on."""
    stage = Stage(reloaded=reloaded, targets=(replace(PBX, trusted=trusted),))
    kind = b"multipart/mixed;boundary=x"
    stage.a(from_caller(b"INVITE", *headers, body=body, kind=kind, number=b"110"))
    return stage, stage.request_to_b()


def parts_of(invite: Request) -> dict[bytes, BodyPart]:
    kind = invite.value(b"content-type") or b""
    return {each.content_type: each for each in split_body(kind, invite.body)}


@pytest.mark.parametrize("reloaded", [False, True])
def test_where_a_caller_is_goes_with_his_emergency_call(*, reloaded: bool) -> None:
    """RFC 6442 section 4: the header points into the body."""
    stage, invite = calling(HERE, ROUTING, reloaded=reloaded)
    parts = parts_of(invite)

    assert parts[b"application/pidf+xml"].body == PLACE
    assert (b"content-id", b"<place@a.example>") in parts[b"application/pidf+xml"].headers
    assert invite.value(b"geolocation") == HERE[1]
    assert b"192.0.2.1" not in parts[b"application/sdp"].body
    stage.b(200, body=ANSWER).then("b: ACK", "a: 200 INVITE")


def test_what_is_no_text_crosses_byte_for_byte() -> None:
    """ISUP of a SIP-I trunk (RFC 3372), with how it is to be handled."""
    parts = parts_of(calling()[1])

    assert parts[b"application/isup"].body == ISUP
    assert parts[b"application/isup"].handling == b"required"


def test_a_stranger_gets_no_enclosure_and_nothing_that_points_to_one() -> None:
    """What else says where the caller is stays."""
    _, invite = calling(HERE, trusted=False)

    assert invite.value(b"content-type") == b"application/sdp"
    assert invite.value(b"geolocation") == b"<https://lis.example/1>"


def test_what_is_too_long_is_left_out_and_the_call_goes_on() -> None:
    """It would be kept as long as the call is up."""
    long = part(b"application/pidf+xml", b"x" * (MAX_ENCLOSED_BYTES + 1), b"Content-ID: <p@a>")
    body = mixed(part(b"application/sdp", OFFER), long)
    _, invite = calling((b"Geolocation", b"<cid:p@a>"), body=body)

    assert invite.value(b"content-type") == b"application/sdp"
    assert invite.value(b"geolocation") is None


def test_a_body_of_one_part_that_is_no_description_is_enclosed() -> None:
    """RFC 8262: its id is a header of the request."""
    stage = Stage()
    headers = ((b"Content-ID", b"<p@a>"), (b"Geolocation", b"<cid:p@a>"))
    stage.a(from_caller(b"INVITE", *headers, body=PLACE, kind=b"application/pidf+xml"))
    invite = stage.request_to_b()

    assert parts_of(invite)[b"application/pidf+xml"].body == PLACE
    assert invite.value(b"geolocation") == b"<cid:p@a>"


def test_a_plain_call_is_called_on_as_ever() -> None:
    """Nothing is wrapped for nothing."""
    assert Stage().calls().request_to_b().value(b"content-type") == b"application/sdp"
    assert enclosing(b"", (), b"x") == ((), b"")


def test_only_what_may_point_into_a_body_is_looked_at() -> None:
    """The rest crosses as it came."""
    broken = (b"Alert-Info", b"<cid:x>,,")
    said = ((b"Subject", b"cid:x"), (b"Call-Info", b"<cid:x>;purpose=card, <http://a>"), broken)

    assert pointing(said, ()) == ((b"Subject", b"cid:x"), (b"Call-Info", b"<http://a>"))
