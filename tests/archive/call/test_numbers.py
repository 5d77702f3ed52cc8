"""Numbers as they come in and as they are asked for."""

import pytest
from hypothesis import given, strategies as st

from archive.call.numbers import (
    NumberClueRefused,
    calling_code,
    e164_prefix,
    party_number,
    read_clue,
    read_number,
    user_part,
    without_separators,
)


@pytest.mark.parametrize(
    ("raw", "country", "e164", "last4"),
    [
        ("+81 3-1234-7788", "", "+81312347788", "7788"),
        ("+81312347788", "JP", "+81312347788", "7788"),
        ("0312347788", "JP", "+81312347788", "7788"),
        ("０３－１２３４－７７８８", "JP", "+81312347788", "7788"),
        ("(03) 1234.7788", "JP", "+81312347788", "7788"),
        ("0081312347788", "DE", "+81312347788", "7788"),
        ("0120-123-456", "JP", "+81120123456", "3456"),
        ("0312347788", "", "", "7788"),
        ("2001", "JP", "", "2001"),
        ("17", "JP", "", "17"),
        ("7602922410]", "US", "+17602922410", "2410"),
        ("‹0312347788>", "JP", "+81312347788", "7788"),
        ("「０３１２３４７７８８」;", "JP", "+81312347788", "7788"),
        ("*552711", "JP", "", "2711"),
        ("*67#0312347788", "JP", "", ""),
        ("#310312347788#", "JP", "", "7788"),
        ("call 0312347788", "JP", "", ""),
        ("]*[", "JP", "", ""),
        ("anonymous", "JP", "", ""),
        ("", "JP", "", ""),
    ],
)
def test_a_number_keeps_its_raw_form_and_gets_its_e164(
    raw: str, country: str, e164: str, last4: str
) -> None:
    """Evidence is what came; finding needs one spelling. An extension is no public number."""
    number = read_number(raw, country)

    assert (number.raw, number.e164, number.last4) == (raw, e164, last4)


@pytest.mark.parametrize(
    ("aor", "user"),
    [
        ("sip:+81312347788@carrier.example", "+81312347788"),
        ("sips:2001@pbx.example;transport=tls", "2001"),
        ("sip:+81312347788;phone-context=x@h;user=phone", "+81312347788"),
        ("SIP:a%20b:secret@h", "a b"),
        ("tel:+81-3-1234-7788;ext=2", "+81-3-1234-7788"),
        ("sip:pbx.example", ""),
        ("mailto:tanaka@example.jp", ""),
        ("0312347788", "0312347788"),
        ("+81-3-1234-7788", "+81-3-1234-7788"),
        ("sip:0312347788", "0312347788"),
        ("<sip:0312347788;user=phone>", "0312347788"),
        ("sip:2001:5060", "2001"),
        ("<sip:+81312347788:5060;user=phone>", "+81312347788"),
        ("sip:pbx.example:5060", ""),
        ("2001:5060", ""),
        ("2001@pbx.example", "2001"),
        ("sip:192.0.2.7:5060", ""),
        ("", ""),
        ('"Bob" <sip:2001@x>', "2001"),
        ("Bob <sip:2001@x;user=phone>;tag=1", "2001"),
    ],
)
def test_the_user_part_of_an_address_is_found(aor: str, user: str) -> None:
    """RFC 3261 §19.1.1: a password and parameters are not part of it."""
    assert user_part(aor) == user


def test_a_name_that_is_a_number_is_the_number() -> None:
    """Some session border controllers put it there and an internal id into the address."""
    assert party_number("sip:x7f@sbc", ("03-1234-7788",), "JP").e164 == "+81312347788"
    assert party_number("sip:2001@pbx", ("03-1234-7788",), "JP").raw == "2001"
    assert party_number("sip:x7f@sbc", ("田中",), "JP").raw == "x7f"


@pytest.mark.parametrize(
    ("text", "country", "e164", "suffix"),
    [
        ("+81312347788", "", "+81312347788", "312347788"),
        ("03-1234-7788", "JP", "+81312347788", "312347788"),
        ("03-1234-7788", "", "", "312347788"),
        ("３１２３４７７８８", "JP", "", "312347788"),
        ("7788", "JP", "", "7788"),
        ("788", "JP", "", "788"),
        ("*552711", "JP", "", "552711"),
        ("7602922410]", "US", "", "7602922410"),
        ("(0312347788)", "JP", "+81312347788", "312347788"),
        ("0123", "DE", "", "0123"),
        ("anonymous", "JP", "", ""),
    ],
)
def test_a_clue_is_a_suffix_that_every_spelling_shares(
    text: str, country: str, e164: str, suffix: str
) -> None:
    """0123… and +49123… are one number; a trunk zero is no digit of it."""
    clue = read_clue(text, country)

    assert (clue.e164, clue.suffix) == (e164, suffix)


@pytest.mark.parametrize("text", ["", " - ", "12", "+1", "9" * 21])
def test_a_clue_that_says_too_little_or_too_much_is_refused(text: str) -> None:
    """An empty clue would be an ignored filter."""
    with pytest.raises(NumberClueRefused):
        read_clue(text, "JP")


@given(st.text(max_size=60), st.sampled_from(["", "JP", "DE", "XX"]))
def test_any_text_is_read_without_complaint(text: str, country: str) -> None:
    """What a peer sends as a number is whatever it likes."""
    number = read_number(text, country)

    assert number.raw == text
    assert not number.reversed_digits or number.reversed_digits.isascii()
    assert isinstance(user_part(text), str)


@pytest.mark.parametrize(
    ("dialled", "country", "prefix"),
    [
        ("0355501", "JP", "+81355501"),
        ("03-5550", "JP", "+8135550"),
        ("+44", "JP", "+44"),
        ("1212", "US", "+1212"),
        ("2001", "JP", ""),
        ("06", "IT", ""),  # the zero belongs to the number there
        ("03", "", ""),
    ],
)
def test_the_first_digits_of_a_number_have_an_e164_form_where_a_trunk_prefix_tells(
    dialled: str, country: str, prefix: str
) -> None:
    """An extension's first digits are none of a country's."""
    assert e164_prefix(dialled, country) == prefix


def test_a_calling_code_is_known_for_countries_alone() -> None:
    """Nobody guesses."""
    assert [calling_code(country) for country in ("JP", "US", "", "ZZ")] == ["81", "1", "", ""]


def test_separators_are_how_a_number_is_written_and_not_what_is_dialled() -> None:
    """Keys that are dialled stay."""
    assert without_separators("（03）５５５０-1234") == "0355501234"
    assert without_separators("*7 #") == "*7#"
