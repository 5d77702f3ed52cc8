"""Bodies taken apart, as peers really build them."""

from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from capture.metadata.body_limits import MAX_PART_DEPTH, MAX_PARTS, BodyBroken
from capture.metadata.multipart import split_body

MIXED = b"multipart/mixed;boundary=b1"
SDP = b"v=0\r\nm=audio 1 RTP/AVP 0\r\n"
TWO_PARTS = (
    b"--b1\r\nContent-Type: application/sdp\r\n\r\n" + SDP + b"\r\n"
    b"--b1\r\nContent-Type: application/rs-metadata+xml\r\n"
    b"Content-Disposition: recording-session\r\n\r\n<recording/>\r\n"
    b"--b1--\r\n"
)


def types(content_type: bytes, body: bytes) -> list[bytes]:
    return [part.content_type for part in split_body(content_type, body)]


def test_each_part_keeps_its_body_byte_for_byte() -> None:
    """The line end before a delimiter is the delimiter's (RFC 2046 §5.1.1), no other byte."""
    sdp, metadata = split_body(MIXED, TWO_PARTS)

    assert (sdp.content_type, sdp.body) == (b"application/sdp", SDP)
    assert (metadata.disposition, metadata.body) == (b"recording-session", b"<recording/>")


def test_a_body_that_is_no_multipart_is_its_own_part() -> None:
    """A message with SDP alone, or metadata alone, needs no multipart (RFC 7866 §9.1)."""
    (part,) = split_body(b"Application/SDP; charset=utf-8", SDP, b"session;handling=optional")

    assert (part.content_type, part.body) == (b"application/sdp", SDP)
    assert (part.disposition, part.handling) == (b"session", b"optional")


def test_bare_line_feeds_end_lines_too() -> None:
    """Seen from peers that build their bodies by hand."""
    bodies = [part.body for part in split_body(MIXED, TWO_PARTS.replace(b"\r\n", b"\n"))]

    assert bodies == [SDP.replace(b"\r\n", b"\n"), b"<recording/>"]


def test_a_header_needs_no_blank_behind_its_colon() -> None:
    """BroadWorks sends `Content-Type:application/rs-metadata+xml`."""
    body = b"--b1\r\nContent-Type:application/rs-metadata+xml\r\n\r\n<a/>\r\n--b1--"

    assert types(MIXED, body) == [b"application/rs-metadata+xml"]


def test_text_around_the_parts_is_dropped() -> None:
    """Preamble and epilogue are for readers that know no multipart (RFC 2046 §5.1.1)."""
    body = b"preamble\r\n" + TWO_PARTS + b"epilogue\r\n--b1\r\nContent-Type: text/plain\r\n\r\nno"

    assert split_body(MIXED, body) == split_body(MIXED, TWO_PARTS)


@pytest.mark.parametrize("ending", [b"", b"--b1", b"--b1\r\n"])
def test_a_missing_last_delimiter_costs_no_part(ending: bytes) -> None:
    """Some peers close with a plain delimiter, some not at all."""
    body = TWO_PARTS.removesuffix(b"--b1--\r\n") + ending

    assert types(MIXED, body) == [b"application/sdp", b"application/rs-metadata+xml"]


def test_a_boundary_may_be_quoted_and_hold_signs() -> None:
    """RFC 2046 §5.1.1 allows colons, spaces and more between quotes."""
    body = TWO_PARTS.replace(b"b1", b"=_a b:1?")

    assert len(types(b'multipart/mixed; boundary="=_a b:1?"', body)) == 2


def test_a_boundary_that_is_not_named_is_that_of_the_first_line() -> None:
    """The parameter is mandatory; its absence is no reason to lose a call."""
    assert len(types(b"multipart/mixed", TWO_PARTS)) == 2
    assert len(types(b'multipart/mixed;boundary="b1', TWO_PARTS)) == 2
    assert len(types(b"multipart/mixed;boundary=other", TWO_PARTS)) == 2


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (SDP, b"application/sdp"),
        (b"\r\n" + SDP, b"application/sdp"),
        (b"<?xml version='1.0'?><a/>", b"application/rs-metadata+xml"),
        (b"<recording/>", b"application/rs-metadata+xml"),
        (b"hello", b""),
    ],
)
def test_a_body_without_a_type_is_what_it_looks_like(body: bytes, kind: bytes) -> None:
    """The header got lost on the way, or was never written; the call is there all the same."""
    assert types(b"", body) == [kind]
    assert types(MIXED, b"--b1\r\n\r\n" + body + b"\r\n--b1--") == [kind]


def test_a_multipart_without_a_type_is_told_by_its_first_line() -> None:
    """At the top only: inside, such a line is content."""
    assert len(types(b"", TWO_PARTS)) == 2
    assert len(types(b"", b"This has parts.\r\n" + TWO_PARTS)) == 2
    assert types(b"", b"--b1\r\n\r\nx") == [b""]


def test_a_line_that_only_begins_like_a_delimiter_is_content() -> None:
    """The boundary of an inner multipart often begins with that of the outer one."""
    body = b"--b1\r\n\r\n--b12\r\nx --b1\r\n--b1--"

    assert [part.body for part in split_body(MIXED, body)] == [b"--b12\r\nx --b1"]


def test_nested_parts_appear_in_their_place() -> None:
    """A gateway may wrap SDP and ISUP together beside the metadata."""
    inner = b"--b2\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b2--\r\n"
    body = (
        b"--b1\r\nContent-Type: multipart/alternative; boundary=b2\r\n\r\n" + inner + b"\r\n"
        b"--b1\r\nContent-Type: application/gtd\r\n\r\nx\r\n--b1--"
    )

    assert types(MIXED, body) == [b"application/sdp", b"application/gtd"]


def nested(depth: int) -> bytes:
    body = b"text"
    headers = b"\r\n\r\n"
    for level in range(depth):
        body = b"--l%d%b%b\r\n--l%d--" % (level, headers, body, level)
        headers = b"\r\nContent-Type: multipart/mixed; boundary=l%d\r\n\r\n" % level
    return body


def test_nesting_has_a_bottom() -> None:
    """Each level copies the rest of the body once."""
    allowed, refused = MAX_PART_DEPTH, MAX_PART_DEPTH + 1

    (part,) = split_body(b"multipart/mixed; boundary=l%d" % (allowed - 1), nested(allowed))
    assert part.body == b"text"
    with pytest.raises(BodyBroken):
        split_body(b"multipart/mixed; boundary=l%d" % (refused - 1), nested(refused))


def test_as_many_parts_as_allowed_are_split_and_one_more_is_not() -> None:
    """A body of a million empty delimiters makes no million parts."""
    part = b"--b1\r\n\r\nx\r\n"

    assert len(types(MIXED, part * MAX_PARTS)) == MAX_PARTS
    for too_many in (part * (MAX_PARTS + 1), b"--b1\r\n" * (MAX_PARTS + 2)):
        with pytest.raises(BodyBroken):
            split_body(MIXED, too_many)


def test_the_parts_of_all_levels_are_counted_together() -> None:
    """Nesting is no way around the limit."""
    inner = b"--b2\r\n\r\nx\r\n" * (MAX_PARTS // 2 + 1)
    part = b"--b1\r\nContent-Type: multipart/mixed; boundary=b2\r\n\r\n" + inner

    with pytest.raises(BodyBroken):
        split_body(MIXED, part * 2)


def test_a_folded_header_is_one_line() -> None:
    """RFC 5322 §2.2.3; parts have the headers of mail."""
    body = b"--b1\r\nContent-Disposition: session;\r\n handling=required\r\n\r\nx\r\n--b1--"
    (part,) = split_body(MIXED, body)

    assert (part.disposition, part.handling) == (b"session", b"required")


@pytest.mark.parametrize("line", [b"a: " + b"x" * 9000, b"a: b\r\n" + b" c\r\n" * 5000])
def test_headers_of_a_part_have_an_end(line: bytes) -> None:
    """Neither a long line nor many folds make a large value."""
    with pytest.raises(BodyBroken):
        split_body(MIXED, b"--b1\r\n" + line + b"\r\n\r\nx\r\n--b1--")


def test_the_number_of_headers_of_a_part_has_an_end() -> None:
    """Four are in use."""
    with pytest.raises(BodyBroken):
        split_body(MIXED, b"--b1\r\n" + b"a: b\r\n" * 65 + b"\r\nx\r\n--b1--")


def test_a_part_whose_headers_do_not_end_begins_where_they_do() -> None:
    """The blank line is missing; the SDP is there all the same."""
    body = b"--b1\r\nContent-Type: application/sdp\r\nv=0\r\nm=audio 1 RTP/AVP 0\r\n--b1--"
    (part,) = split_body(MIXED, body)

    assert part.body == b"v=0\r\nm=audio 1 RTP/AVP 0"


@pytest.mark.parametrize("body", [b"v=0\r\n", b"--\r\n"])
def test_a_multipart_without_its_boundary_is_broken(body: bytes) -> None:
    """Nothing in it could be told apart; 400 says so."""
    with pytest.raises(BodyBroken) as caught:
        split_body(MIXED, body)

    assert caught.value.answer_with == 400


@given(st.lists(st.sampled_from([b"--b1", b"--", b"\r\n", b"\n", b"a: b", b" ", b"x", b"b1"])))
def test_any_arrangement_is_split_or_refused_by_name(pieces: list[bytes]) -> None:
    """Every byte of every part comes from the body."""
    body = b"".join(pieces)
    with suppress(BodyBroken):
        assert all(part.body in body for part in split_body(MIXED, body))
