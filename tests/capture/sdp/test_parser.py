"""Descriptions as they come: complete, sparse, strange, broken."""

from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from capture.sdp.description import Attribute, Connection, Direction
from capture.sdp.limits import DescriptionBroken
from capture.sdp.parser import parse_description
from tests.capture.sdp.offers import HEAD, offered, stream

FULL = HEAD + (
    b"a=tool:example\r\n"
    b"m=audio 49170/2 RTP/AVP 0 101\r\n"
    b"i=caller\r\n"
    b"b=AS:64\r\n"
    b"a=rtpmap:101 telephone-event/8000\r\n"
    b"a=fmtp:101 0-15\r\n"
    b"a=x-vendor:\xff raw\r\n"
    b"a=3gOoBTC\r\n"
    b"a=sendonly\r\n"
    b"a=label:96\r\n"
)


def test_every_line_of_a_full_description_finds_its_place() -> None:
    """One description read from top to bottom."""
    description = parse_description(FULL)
    (media,) = description.media

    assert description.origin is not None
    assert (description.origin.session_id, description.origin.version) == (b"4611", b"1")
    assert description.connection == Connection(b"192.0.2.10")
    assert description.attributes == (Attribute(b"tool", b"example"),)
    assert (media.kind, media.port, media.protocol) == (b"audio", 49_170, b"RTP/AVP")
    assert (media.direction, media.label) == (Direction.SENDONLY, "96")


def test_unknown_attributes_are_kept_in_order_byte_for_byte() -> None:
    """Vendors put evidence there, and not always in UTF-8."""
    names = [attribute.name for attribute in parse_description(FULL).media[0].attributes]

    assert names == [b"rtpmap", b"fmtp", b"x-vendor", b"3gOoBTC", b"sendonly", b"label"]
    assert parse_description(FULL).media[0].value(b"x-vendor") == b"\xff raw"


def test_line_feeds_alone_end_lines_too() -> None:
    """Several peers build their bodies with a bare LF."""
    assert parse_description(FULL.replace(b"\r\n", b"\n")) == parse_description(FULL)


def test_missing_lines_do_not_cost_the_call() -> None:
    """No `o=`, `s=`, `t=` or `c=`: the m-line is there, so audio can be had."""
    description = parse_description(b"v=0\nm=audio 6000 RTP/AVP 8")

    assert (description.origin, description.connection) == (None, None)
    assert description.media[0].payloads[0].encoding == "PCMA"


def test_lines_that_are_none_are_passed_over() -> None:
    """Blank lines, prose and unknown letters are not ours to judge."""
    body = b"\r\nv=0\r\n\r\nnot a line\r\ny=?\r\nm=audio 1 RTP/AVP 0\r\n"

    assert len(parse_description(body).media) == 1


def test_a_stream_lists_what_it_has_and_nothing_of_its_neighbour() -> None:
    """Attributes behind an m-line are its own (RFC 8866 §5.14)."""
    first, second = offered(stream(b"ptime:20"), stream(label=b"2")).media

    assert (first.ptime_ms, second.ptime_ms) == (20, None)
    assert (first.label, second.label) == ("1", "2")


def test_a_multicast_ttl_is_no_part_of_the_address() -> None:
    """RFC 8866 §5.7 writes it behind a slash."""
    description = parse_description(b"v=0\r\nc=IN IP4 233.252.0.1/127\r\n")

    assert description.connection == Connection(b"233.252.0.1")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"v=1\r\n",
        b"a=sendonly\r\n",
        b"v=0\r\nm=\r\n",
        b"v=0\r\nm=audio\r\n",
        b"v=0\r\nm=audio port RTP/AVP 0\r\n",
        b"v=0\r\nm=audio 65536 RTP/AVP 0\r\n",
        b"v=0\r\nm=audio -1 RTP/AVP 0\r\n",
    ],
)
def test_a_description_without_a_line_that_can_be_read_is_broken(body: bytes) -> None:
    """There is nothing to answer."""
    with pytest.raises(DescriptionBroken):
        parse_description(body)


def test_an_unreadable_line_beside_a_readable_one_is_as_one_taken_away() -> None:
    """Half a call is better than none; the answer keeps the number of lines (RFC 3264 §6)."""
    description = parse_description(HEAD + b"m=audio\r\na=label:1\r\n" + stream(label=b"2"))
    first, second = description.media

    assert (first.port, first.label) == (0, "1")
    assert (second.port, second.label) == (6000, "2")
    assert description.faults == ("m-line 0 cannot be read",)


def test_a_version_that_is_missing_does_not_cost_the_call() -> None:
    """The m-line says what is to be sent."""
    description = parse_description(b"c=IN IP4 192.0.2.10\r\nm=audio 6000 RTP/AVP 0\r\n")

    assert description.media[0].port == 6000
    assert description.faults == ("it does not begin with v=0",)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_description_or_a_named_error(body: bytes) -> None:
    """Whatever the network brings, signalling goes on."""
    with suppress(DescriptionBroken):
        assert parse_description(b"v=0\n" + body).origin is None or b"o=" in body
