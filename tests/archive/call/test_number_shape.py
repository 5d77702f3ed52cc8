"""What the length of numbers suggests of who is ours."""

import pytest

from archive.call.number_shape import sides_by_shape
from archive.call.numbers import read_number

JAPANESE = "0312347788"


def shaped(country: str, *people: str) -> list[str]:
    """One letter each, of people with numbers divided by spaces; nothing where none is told."""
    told = [[read_number(number, country) for number in each.split()] for each in people]
    return [side[0] for side in sides_by_shape(told, country)]


@pytest.mark.parametrize(
    ("country", "people"),
    [
        ("JP", (JAPANESE, "2601")),
        ("JP", ("+81312347788", "26")),
        ("US", ("2125550123", "201")),
        ("GB", ("02079460000", "260101")),
        ("KR", ("0212345678", "5501")),
        ("", ("+442079460000", "2601")),
        ("JP", ("03-1234-7788", "26-01")),
    ],
)
def test_beside_one_full_number_a_short_one_is_ours(country: str, people: tuple[str, ...]) -> None:
    """In whichever order they are named."""
    assert shaped(country, *people) == ["c", "a"]
    assert shaped(country, *reversed(people)) == ["a", "c"]


def test_all_who_have_short_numbers_are_ours() -> None:
    """2601 has passed the call on to 2602."""
    assert shaped("JP", "2601", JAPANESE, "2602") == ["a", "c", "a"]


def test_who_has_a_full_number_beside_his_extension_may_be_anybody() -> None:
    """Two full numbers: nobody can say which of them is outside."""
    assert shaped("JP", JAPANESE, f"2601 {JAPANESE}") == []


@pytest.mark.parametrize(
    ("country", "people"),
    [
        ("JP", (JAPANESE, "0698765432")),
        ("JP", (JAPANESE, "0698765432", "2601")),
        ("JP", ("2601", "2602")),
        ("JP", (JAPANESE,)),
        ("JP", ("2601",)),
        ("JP", (JAPANESE, "anonymous")),
        ("JP", (JAPANESE, "")),
        ("JP", (JAPANESE, "2601", "anonymous")),
        ("JP", (JAPANESE, "1")),
        ("JP", (JAPANESE, "2601234")),
        ("JP", (JAPANESE, "*2601")),
        ("", (JAPANESE, "2601")),
        ("JP", ()),
    ],
)
def test_where_numbers_do_not_tell_people_apart_nothing_is_said(
    country: str, people: tuple[str, ...]
) -> None:
    """Two full ones, also beside a short one; two short, one withheld, one of no country known."""
    assert shaped(country, *people) == []


@pytest.mark.parametrize(
    ("country", "number"),
    [
        *(("JP", number) for number in ("104", "110", "116", "117", "119", "171", "177", "189")),
        *(("US", "911"), ("GB", "999"), ("GB", "116123")),
    ],
)
def test_a_number_that_everybody_may_dial_is_no_extension(country: str, number: str) -> None:
    """Whoever calls the police, or asks for the time, has no colleague there."""
    full = {"JP": JAPANESE, "US": "2125550123", "GB": "02079460000"}[country]

    assert shaped(country, full, number) == []


def test_of_a_country_that_nobody_knows_three_digits_may_be_anybodys() -> None:
    """They may be its police."""
    assert shaped("", "+442079460000", "201") == []
