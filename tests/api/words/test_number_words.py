"""Numbers in the form of their country, and the digits that were looked for."""

import pytest

from api.words.number_words import digits_looked_for, number_told, parts_looked_for


@pytest.mark.parametrize(
    ("label", "country", "told"),
    [
        ("+819012347788", "JP", "090-1234-7788"),
        ("0312345678", "JP", "03-1234-5678"),
        ("+815012345678", "JP", "050-1234-5678"),
        ("+442079460000", "JP", "+44 20 7946 0000"),
        ("+819012347788", "", "+81 90-1234-7788"),
        ("2001", "JP", "2001"),
        ("田中", "JP", "田中"),
        ("anonymous", "JP", "anonymous"),
        ("", "JP", ""),
    ],
)
def test_a_number_is_told_as_it_is_written_in_its_country(
    label: str, country: str, told: str
) -> None:
    """An extension, a name and what stands for no number are left as they are."""
    assert number_told(label, country) == told


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("7788", ("090-1234-", "7788", "")),
        ("090-1234-7788", ("0", "90-1234-7788", "")),
        ("+81 90 1234 7788", ("0", "90-1234-7788", "")),
        ("47788", ("090-123", "4-7788", "")),
        ("1111", ("090-1234-7788", "", "")),
        ("12", ("090-1234-7788", "", "")),
        ("", ("090-1234-7788", "", "")),
    ],
)
def test_the_digits_that_were_looked_for_are_marked(typed: str, marked: tuple[str, ...]) -> None:
    """Whatever stands between them."""
    looked = digits_looked_for(typed, "JP")

    assert parts_looked_for("090-1234-7788", (looked,)) == marked
