"""Who calls for help is never kept waiting, and nobody else is taken for one who does."""

import pytest
from hypothesis import given, strategies as st

from capture.inline.routing.emergency import emergency_numbers

NUMBERS = emergency_numbers(("110", "118", "119", "112", "911"))


def is_emergency(number: str = "", uri: str = "", country: str = "JP") -> bool:
    """The question as it is asked of a call."""
    return NUMBERS.are_called(number=number, uri=uri, country=country)


@pytest.mark.parametrize(
    "number",
    ["110", "1-1-0", "1 1 0", "(110)", "１１０", "tel:110", "tel:1-1-0;phone-context=+81",
     "110;phone-context=+81", "+81110", "+81-119", "81110", "sip:119@pbx.example"],
)  # fmt: skip
def test_help_is_called_in_whatever_form_the_number_comes(number: str) -> None:
    """A hyphen that a telephone has put in costs no life."""
    assert is_emergency(number)


@pytest.mark.parametrize(
    "number",
    ["", "11", "1100", "1101", "0110", "11110", "+4911012345", "+49110", "0311012345",
     "bob-911", "110th-floor", "9110"],
)  # fmt: skip
def test_a_number_that_merely_looks_like_one_is_none(number: str) -> None:
    """Else a customer whose number begins with 110 would hear no notice."""
    assert not is_emergency(number)


@pytest.mark.parametrize(
    ("uri", "is_one"),
    [
        ("urn:service:sos", True),
        ("URN:Service:SOS.police", True),
        ("urn:service:sos.animal-control", True),
        ("urn:service:sosx", False),
        ("urn:service:counseling", False),
        ("tel:+81119", True),
        ("sip:110@192.0.2.20:5060;user=phone", True),
        ("sip:1100@192.0.2.20", False),
        ("sip:192.0.2.110", False),
    ],
)
def test_the_request_uri_says_it_too(uri: str, is_one: bool) -> None:
    """RFC 5031: a telephone that knows no number says what it wants."""
    assert is_emergency(uri=uri) is is_one


def test_without_a_country_the_number_alone_counts() -> None:
    """Nobody guesses a calling code."""
    assert is_emergency("110", country="")
    assert not is_emergency("+81110", country="")


def test_an_entry_without_digits_is_no_number_at_all() -> None:
    """Else a call without a number would be an emergency."""
    numbers = emergency_numbers(("", "help", "1-1-0"))

    assert numbers.numbers == {"110"}
    assert not numbers.are_called(number="", uri="", country="JP")


@given(st.sampled_from(sorted(NUMBERS.numbers)), st.text("0123456789", min_size=1, max_size=8))
def test_one_digit_more_is_another_number(number: str, more: str) -> None:
    """Behind it or before it, but for the calling code."""
    assert not is_emergency(number + more) or number + more in NUMBERS.numbers
    assert not is_emergency(more + number) or more == "81"
