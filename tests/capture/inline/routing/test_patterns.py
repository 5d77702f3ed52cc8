"""One number has several spellings; a pattern in any of them means it."""

import pytest
from hypothesis import example, given, strategies as st

from capture.inline.routing.patterns import is_pattern, read_dialled, read_pattern


def means(pattern: str, number: str, country: str = "JP") -> bool:
    """Does the pattern mean the number?"""
    return read_dialled(number, country).is_one_of((pattern,), country)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("0355501234", "+81355501234"),
        ("+81355501234", "0355501234"),
        ("03-5550-1234", "0355501234"),
        ("0355501234", "03-5550-1234"),
        ("0355501*", "+81355501234"),
        ("+81355501*", "0355501234"),
        ("0120*", "+81120123456"),
        ("2*", "2001"),
        ("*7", "*7"),
        ("*", "anything"),
        ("*", ""),
    ],
)
def test_a_pattern_means_a_number_in_either_spelling(pattern: str, number: str) -> None:
    """The provider changes the form one night, and routes go on."""
    assert means(pattern, number)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("0355501234", "0355501235"),
        ("0355501234", "03555012345"),
        ("0355501*", "0355502000"),
        ("8*", "0355501234"),  # its E.164 begins with 81, and nobody dials that
        ("3*", "+81355501234"),
        ("020*", "+442079460000"),
        ("2*", "+2001"),
        ("2*", ""),
        ("2001", "alice"),
    ],
)
def test_a_pattern_means_no_other_number(pattern: str, number: str) -> None:
    """An extension's prefix does not take half of the country's calls."""
    assert not means(pattern, number)


def test_without_a_country_only_the_spelling_counts() -> None:
    """Nobody guesses what 03 is."""
    assert means("0355501234", "03-5550-1234", country="")
    assert not means("0355501234", "+81355501234", country="")


@given(st.integers(0, 9_999_999))
def test_both_spellings_of_a_number_meet_the_same_patterns(last_digits: int) -> None:
    """Whatever the last digits are: no prefix depends on the form."""
    national = f"0355{last_digits:07d}"[:10]
    international = "+81" + national[1:]
    for pattern in (national, international, national[:6] + "*", international[:7] + "*"):
        assert means(pattern, national)
        assert means(pattern, international)


@pytest.mark.parametrize("text", ["0312345678", "+81312345*", "2*", "*", "#12", "*7"])
def test_what_a_pbx_writes_is_a_pattern(text: str) -> None:
    """Digits, keys, and a star at the end."""
    assert is_pattern(text)


@pytest.mark.parametrize("text", ["", "alice", "2x", "2**5*?", "+", "0312345678#x", "2[0-9]"])
def test_what_is_no_number_is_no_pattern(text: str) -> None:
    """It would match nothing, silently."""
    assert not is_pattern(text)


PATTERNS = st.from_regex(r"\+?[0-9]{1,4}\*?", fullmatch=True)
NUMBERS = st.from_regex(r"\+?[0-9]{1,6}", fullmatch=True)


@given(PATTERNS, PATTERNS, NUMBERS, st.sampled_from(["JP", "US", ""]))
@example("+8*", "0*", "0", "JP")
@example("0*", "+813*", "+813", "JP")
@example("2*", "2125551234", "+12125551234", "US")
def test_a_pattern_that_covers_another_means_all_of_its_numbers(
    wide: str, narrow: str, number: str, country: str
) -> None:
    """A route that is refused as never reached is never reached."""
    is_covered = read_pattern(wide, country).covers(read_pattern(narrow, country))
    if is_covered and means(narrow, number, country):
        assert means(wide, number, country)


def test_a_prefix_covers_a_whole_number_in_its_other_spelling() -> None:
    """And its own spelling, longer."""
    wide = read_pattern("+81355501*", "JP")

    assert wide.covers(read_pattern("0355501234", "JP"))
    assert wide.covers(read_pattern("+813555012*", "JP"))
