"""Names are found however they are written."""

import sys
import unicodedata

import pytest
from hypothesis import given, strategies as st

from archive.folded_names import findable, fold, fold_name, tokens, writing


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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("‹花子>", {"花子"}),
        ('"Hanako Ito"', {"hanako", "ito", "hanakoito"}),
        ("山田（営業）", {"山田", "営業", "山田営業"}),
        ("㈱田中", {"株", "田中", "株田中"}),
        ("Ito/Sales", {"ito", "sales", "itosales"}),
        ("O'Brien", {"o'brien"}),
        ("[]", set()),
    ],
)
def test_what_stands_within_brackets_and_strokes_is_found(name: str, words: set[str]) -> None:
    """A PBX encloses a name in whatever its dial plan has."""
    assert findable(name) == words


@given(st.text(max_size=30))
def test_folding_again_changes_nothing(text: str) -> None:
    """The table was folded when it was read, the question when it is asked."""
    assert all(fold(word) == word for word in tokens(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＬＯＡＮ", "loan"),  # width
        ("ﾛｰﾝ", "ローン"),
        ("ｶﾞ", "ガ"),
        ("が", "が"),  # composition
        ("Straße", "STRASSE"),
        ("contract：C-1", "CONTRACT:c-1"),  # a wide colon
        ("①", "1"),
        ("　loan ", "loan"),  # blanks around it
    ],
)
def test_a_name_is_compared_without_width_case_and_composition(one: str, other: str) -> None:
    """Whoever types a tag at a Japanese keyboard types it in either width."""
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ローン", "ろーん"), ("cafe", "café"), ("card loan", "card-loan"), ("loan", "loan2")],
)
def test_kana_accents_and_signs_make_another_name(one: str, other: str) -> None:
    """They may be told apart on purpose; that they look alike is a finding, no decision."""
    assert fold_name(one) != fold_name(other)


def test_all_that_differs_in_writing_alone_is_found() -> None:
    """Of kana, accents, blanks and signs nothing is left."""
    assert writing("ローン") == writing("ろーん")
    assert writing("Card-Loan") == writing("ｃａｒｄ　ｌｏａｎ")
    assert writing("loan") != writing("loan2")


def test_every_character_is_folded_once_and_for_all() -> None:
    """What is stored folded is asked for folded."""
    for code in range(sys.maxunicode + 1):
        text = "a" + chr(code) + "b"
        if text.casefold() == text == unicodedata.normalize("NFKD", text):
            continue
        folded = fold_name(text)
        assert fold_name(folded) == folded
        for form in ("NFC", "NFD", "NFKC", "NFKD"):
            assert fold_name(unicodedata.normalize(form, text)) == folded  # type: ignore[arg-type]


@given(st.text(max_size=30))
def test_a_name_that_is_folded_stays(text: str) -> None:
    """Whatever stands beside what in it."""
    folded = fold_name(text)

    assert fold_name(folded) == folded
