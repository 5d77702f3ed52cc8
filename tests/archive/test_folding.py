"""Names are found however they are written."""

import pytest
from hypothesis import given, strategies as st

from archive.folding import findable, fold, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("タナカ", "たなか"),
        ("ﾀﾅｶ", "たなか"),
        ("ﾀﾞﾃ", "だて"),
        ("Ｔａｎａｋａ", "tanaka"),
        ("TANAKA", "tanaka"),
        ("Ōno", "ono"),
        ("Müller", "MULLER"),
        ("ヴィ", "ゔぃ"),
        (" 田中 ", "田中"),
    ],
)
def test_spelling_does_not_hide_a_name(one: str, other: str) -> None:
    """Width, kana, case and accents are how it was typed, not who it is."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("たなか", "たなが"), ("はら", "ぱら"), ("田中", "中田")]
)
def test_other_names_stay_other_names(one: str, other: str) -> None:
    """A dakuten is part of the name."""
    assert fold(one) != fold(other)


def test_a_name_has_words_and_is_also_found_run_together() -> None:
    """Japanese names are written with and without the space."""
    assert tokens("田中　真由") == ("田中", "真由")
    assert findable("タナカ・マユ") == {"たなか", "まゆ", "たなかまゆ"}
    assert findable(" ・ ") == frozenset()


@given(st.text(max_size=30))
def test_folding_again_changes_nothing(text: str) -> None:
    """The table was folded when it was read, the question when it is asked."""
    assert all(fold(word) == word for word in tokens(text))
