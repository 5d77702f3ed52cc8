"""The largest description that is read, and one past it."""

import pytest

from capture.sdp.limits import (
    MAX_DESCRIPTION_BYTES,
    MAX_FORMATS,
    MAX_LINE_BYTES,
    MAX_MEDIA,
    DescriptionBroken,
)
from capture.sdp.parser import parse_description

ONE_MEDIA = b"m=audio 0 RTP/AVP 0\r\n"


def padded(size: int) -> bytes:
    head = b"v=0\r\n"
    lines, rest = divmod(size - len(head), 64)
    return head + (b"a=" + b"x" * 61 + b"\n") * lines + b"\n" * rest


def test_the_largest_description_is_read_and_a_byte_more_is_not() -> None:
    """The limit is a number somebody can look up, not what happens to fit."""
    assert parse_description(padded(MAX_DESCRIPTION_BYTES)).media == ()
    with pytest.raises(DescriptionBroken):
        parse_description(padded(MAX_DESCRIPTION_BYTES) + b"\n")


def test_the_longest_line_is_read_and_a_byte_more_is_not() -> None:
    """One line cannot make the rest of the description a single value."""
    line = b"a=" + b"x" * (MAX_LINE_BYTES - 2)

    assert parse_description(b"v=0\n" + line).attributes[0].name == line[2:]
    with pytest.raises(DescriptionBroken):
        parse_description(b"v=0\n" + line + b"x")


def test_as_many_m_lines_as_allowed_are_read_and_one_more_is_not() -> None:
    """Each m-line wants a pair of ports; their number is bounded before any is taken."""
    assert len(parse_description(b"v=0\n" + ONE_MEDIA * MAX_MEDIA).media) == MAX_MEDIA
    with pytest.raises(DescriptionBroken):
        parse_description(b"v=0\n" + ONE_MEDIA * (MAX_MEDIA + 1))


def test_as_many_formats_as_there_are_payload_types_are_read_and_one_more_is_not() -> None:
    """An m-line cannot have more formats than RTP has numbers for."""
    media = b"v=0\nm=audio 6000 RTP/AVP"

    assert len(parse_description(media + b" 0" * MAX_FORMATS).media[0].formats) == MAX_FORMATS
    with pytest.raises(DescriptionBroken):
        parse_description(media + b" 0" * (MAX_FORMATS + 1))


def test_a_broken_description_is_answered_with_a_bad_request() -> None:
    """The peer learns that its message, not its choice of codecs, is at fault."""
    with pytest.raises(DescriptionBroken) as caught:
        parse_description(b"")

    assert caught.value.answer_with == 400
