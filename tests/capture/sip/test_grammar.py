"""The scanners under all headers, on the input that breaks others."""

import pytest
from hypothesis import given, strategies as st

from capture.errors import PeerBrokeProtocol
from capture.sip.grammar import (
    find_param,
    is_token,
    parse_number,
    parse_params,
    reads_as_number,
    split_list,
    split_outside,
    split_tokens,
    unquote,
)


def test_a_comma_in_quotes_or_angles_separates_nothing() -> None:
    """A display name may hold one, and so may a URI inside angle brackets."""
    value = b'"A, B" <sip:a,b@c>;x="1,2", <sip:d@e>'
    assert split_list(value) == [b'"A, B" <sip:a,b@c>;x="1,2"', b"<sip:d@e>"]


def test_a_quoted_string_ends_at_its_first_unescaped_quote() -> None:
    """Not at the last one of the line, which would swallow the addresses between."""
    assert split_outside(rb'"a\"," , "b\\", c', b",") == [rb'"a\"," ', rb' "b\\"', b" c"]


@pytest.mark.parametrize("text", [b'"a, b', b"<sip:a, b", b'x, "\\"'])
def test_what_opens_and_never_closes_is_broken(text: bytes) -> None:
    """Guessing the end would change who calls whom (RFC 4475 §3.1.2.6)."""
    with pytest.raises(PeerBrokeProtocol):
        split_outside(text, b",")


@pytest.mark.parametrize("value", [b"a,,b", b",a", b"a,", b", ,"])
def test_an_empty_element_is_broken(value: bytes) -> None:
    """RFC 3261 §7.3.1 knows no empty element."""
    with pytest.raises(PeerBrokeProtocol):
        split_list(value)


def test_a_list_of_option_tags_may_be_empty() -> None:
    """`Supported:` alone is legal (RFC 3261 §20.37)."""
    assert split_tokens(b"") == []
    assert split_tokens(b" siprec , 100rel") == [b"siprec", b"100rel"]


def test_parameters_keep_their_order_values_and_absence_of_values() -> None:
    """`;lr`, `;lr=` and `;lr=on` are three different things on the wire."""
    params = parse_params([b" LR ", b"x = ", b'y="q;q"'])

    assert params == ((b"lr", None), (b"x", b""), (b"y", b'"q;q"'))
    assert find_param(params, b"lr") == b""
    assert find_param(params, b"z") is None


def test_a_parameter_needs_a_name() -> None:
    """`;;` is one of RFC 4475's torments (§3.1.2.1)."""
    with pytest.raises(PeerBrokeProtocol):
        parse_params([b"a", b""])


def test_a_header_has_a_bounded_number_of_parameters() -> None:
    """Each costs far more memory than its two bytes on the wire."""
    assert len(parse_params([b"a"] * 256)) == 256
    with pytest.raises(PeerBrokeProtocol):
        parse_params([b"a"] * 257)


def test_a_token_has_no_space_and_no_separator() -> None:
    """RFC 3261 §25.1."""
    assert is_token(b"!interesting-Method0123456789_*+`.%indeed'~")
    assert not any(is_token(text) for text in (b"", b"a b", b"a/b", b"\xc3\xa9", b"a:"))


@pytest.mark.parametrize("text", [b"", b"-1", b"+1", b"1e3", b"0" * 21, b"256", "１".encode()])
def test_a_number_that_is_none_or_too_large_is_broken(text: bytes) -> None:
    """A long one must not be converted at all: that costs quadratic time."""
    with pytest.raises(PeerBrokeProtocol):
        parse_number(text, 255, "Max-Forwards")


def test_leading_zeros_are_part_of_a_number() -> None:
    """RFC 4475 §3.1.1.1 sends `0068`."""
    assert parse_number(b"0068", 255, "Max-Forwards") == 68


def test_a_number_without_a_hard_limit_is_capped() -> None:
    """RFC 3261 §20.19: an absurd Expires is a long one."""
    assert reads_as_number(b"9" * 400, 7) == 7
    assert reads_as_number(b"soon", 7) is None


def test_unquote_resolves_escapes() -> None:
    """RFC 3261 §25.1, quoted-pair."""
    assert unquote(rb'"a\"b\\c"') == rb'a"b\c'
    assert unquote(b"plain") == b"plain"


@given(st.binary(max_size=60))
def test_pieces_and_separators_make_up_the_text(text: bytes) -> None:
    """No byte is lost or invented, whatever was sent."""
    try:
        pieces = split_outside(text, b",")
    except PeerBrokeProtocol:
        return
    assert b",".join(pieces) == text
