"""Refer-To and Replaces as they are written."""

import contextlib

import pytest
from hypothesis import given, strategies as st

from capture.errors import PeerBrokeProtocol
from capture.inline.messages.refer import (
    MAX_REPLACES_BYTES,
    Replaces,
    parse_replaces,
    refer_to,
    referring,
    replaces_of,
    wants_no_word,
)
from capture.sip.message import Request
from capture.sip.parser import split_message
from capture.sip.uri import OtherUri, SipUri

NAMED = Replaces(b"12@192.0.2.1", b"a1", b"b2")


def refer(*lines: str) -> Request:
    request = split_message("\r\n".join(("REFER sip:1@b SIP/2.0", *lines, "", "")).encode())
    assert isinstance(request, Request)
    return request


def test_a_place_and_whom_to_replace_there() -> None:
    """The header's part of the URI is escaped (RFC 3891 section 6.1)."""
    said = "<sip:202@b?Replaces=12%40192.0.2.1%3Bto-tag%3Da1%3Bfrom-tag%3Db2&Require=replaces>"
    found = refer_to(refer(f"Refer-To: {said}"))

    assert isinstance(found.uri, SipUri)
    assert (found.raw, found.replaces) == (b"sip:202@b", NAMED)


def test_a_number_alone() -> None:
    """Without brackets, in the short form of the header, as `tel`."""
    assert refer_to(refer("r: sip:202@b")).replaces is None
    assert refer_to(refer("Refer-To: <tel:+81312345678>")).uri == OtherUri(b"tel", b"+81312345678")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ((), 400),
        (("Refer-To: sip:1@b", "Refer-To: sip:2@b"), 400),
        (("Refer-To: nothing",), 400),
        (("Refer-To: <sip:1@b?Replaces=x>",), 400),
        (("Refer-To: <sip:1@b;method=SUBSCRIBE>",), 501),
    ],
)
def test_what_names_no_call_is_refused(lines: tuple[str, ...], status: int) -> None:
    """400, or 501 where it asks for another method."""
    with pytest.raises(PeerBrokeProtocol) as broken:
        refer_to(refer(*lines))
    assert broken.value.answer_with == status


def test_the_same_dialog_from_both_sides() -> None:
    """Who gets the header is on the side of to-tag."""
    assert (NAMED.here.local_tag, NAMED.here.remote_tag) == (b"a1", b"b2")
    assert (NAMED.beyond.local_tag, NAMED.beyond.remote_tag) == (b"b2", b"a1")


def test_replaces_of_an_invite() -> None:
    """One, none, or an error; "0" is no tag (RFC 2543)."""
    assert replaces_of(refer()) is None
    assert replaces_of(refer("Replaces: a ; to-tag=0 ;from-tag=x;early-only")) == Replaces(
        b"a", b"", b"x", is_early_only=True
    )
    with pytest.raises(PeerBrokeProtocol):
        replaces_of(refer("Replaces: a;to-tag=1;from-tag=2", "Replaces: b;to-tag=1;from-tag=2"))


@pytest.mark.parametrize(
    "value",
    [b"", b";to-tag=1;from-tag=2", b"a;to-tag=1", b"a;from-tag=1", b"a b;to-tag=1;from-tag=2"],
)
def test_a_replaces_that_names_no_dialog(value: bytes) -> None:
    """All three are needed, and none may break a header."""
    with pytest.raises(PeerBrokeProtocol):
        parse_replaces(value)


def test_one_that_is_too_long_is_none() -> None:
    """It would be carried in the call's state."""
    with pytest.raises(PeerBrokeProtocol):
        parse_replaces(b"a" * MAX_REPLACES_BYTES + b";to-tag=1;from-tag=2")


_WORD = st.text("abcXYZ019.-_~*!'@+", min_size=1, max_size=20).map(str.encode)


@given(call_id=_WORD, to_tag=_WORD, from_tag=_WORD, is_early_only=st.booleans())
def test_what_is_written_is_read_back(
    call_id: bytes, to_tag: bytes, from_tag: bytes, *, is_early_only: bool
) -> None:
    """Also through a Refer-To."""
    tags = [b"" if tag == b"0" else tag for tag in (to_tag, from_tag)]
    replaces = Replaces(call_id, *tags, is_early_only)

    assert parse_replaces(bytes(replaces)) == replaces
    written = referring(b"sip:202@b", replaces).decode()
    assert refer_to(refer(f"Refer-To: {written}")).replaces == replaces


@given(st.binary(max_size=80))
def test_no_bytes_break_it(value: bytes) -> None:
    """A peer may write anything."""
    with contextlib.suppress(PeerBrokeProtocol):
        parse_replaces(value)


def test_refer_sub() -> None:
    """RFC 4488."""
    assert wants_no_word(refer("Refer-Sub: False"))
    assert not wants_no_word(refer("Refer-Sub: true"))
    assert not wants_no_word(refer())
