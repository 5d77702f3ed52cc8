"""What is found in a body."""

import msgspec
import pytest

from capture.metadata.message_bodies import Bodies, find_bodies

MIXED = b"multipart/mixed;boundary=b"


def mixed(*parts: bytes) -> bytes:
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


SDP_PART = b"Content-Type: application/sdp\r\n\r\nv=0"
METADATA_PART = (
    b"Content-Type: application/rs-metadata+xml\r\n"
    b"Content-Disposition: recording-session\r\n\r\n<recording/>"
)


def test_sdp_and_metadata_are_found_in_any_order() -> None:
    """RFC 7866 §9.1 does not order them."""
    first = find_bodies(MIXED, mixed(SDP_PART, METADATA_PART))
    second = find_bodies(MIXED, mixed(METADATA_PART, SDP_PART))

    assert first == second
    assert (first.sdp, first.metadata) == (b"v=0", b"<recording/>")


@pytest.mark.parametrize("name", [b"application/rs-metadata+xml", b"Application/RS-Metadata"])
def test_both_names_of_metadata_are_known(name: bytes) -> None:
    """RFC 7865 registered one, RFC 7866 wrote the other, and both are sent."""
    found = find_bodies(name + b";charset=utf-8", b"<recording/>")

    assert (found.metadata, found.metadata_type) == (b"<recording/>", name.decode().lower())


def test_no_body_has_nothing() -> None:
    """An INVITE without an offer, or an ACK."""
    assert find_bodies(b"", b"") == Bodies()


def test_an_unknown_part_is_passed_over() -> None:
    """A gateway adds its own part and does not expect anybody to read it."""
    optional = b"Content-Type: application/gtd\r\nContent-Disposition: signal;handling=optional"
    found = find_bodies(MIXED, mixed(optional + b"\r\n\r\nx", SDP_PART))

    assert (found.sdp, found.unknown_required) == (b"v=0", ())


def test_an_unknown_part_that_says_nothing_is_passed_over_too() -> None:
    """RFC 3261 §20.11 would require it; a call is worth more than a private part."""
    found = find_bodies(MIXED, mixed(b"Content-Type: application/x\r\n\r\nx", SDP_PART))

    assert found.unknown_required == ()


def test_an_unknown_part_that_is_required_is_named() -> None:
    """The caller answers 415."""
    required = b'Content-Type: application/ISUP\r\nContent-Disposition: signal;handling="Required"'
    found = find_bodies(MIXED, mixed(required + b"\r\n\r\nx", SDP_PART))

    assert found.unknown_required == (b"application/isup",)


def test_a_whole_body_of_unknown_type_is_required_unless_it_says_optional() -> None:
    """Taken for no body at all, it would get an offer of ours as its answer."""
    assert find_bodies(b"text/plain", b"x").unknown_required == (b"text/plain",)
    assert find_bodies(b"text/plain", b"x", b"render;handling=optional") == Bodies()


def test_early_media_is_not_the_session() -> None:
    """RFC 3959 puts a second SDP beside the first."""
    early = b"Content-Type: application/sdp\r\nContent-Disposition: early-session\r\n\r\nv=1"

    assert find_bodies(MIXED, mixed(early, SDP_PART)).sdp == b"v=0"


def test_what_is_found_comes_back_from_bytes_as_it_was() -> None:
    """Calls are kept as bytes."""
    found = find_bodies(MIXED, mixed(SDP_PART, METADATA_PART))

    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Bodies) == found
