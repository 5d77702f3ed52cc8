"""What a call was about, remembered and written down by two people."""

import random

import pytest

from archive.locate.gist import FLOOR, MAX_BIGRAMS, bigrams, gist_rate, gist_similarity

ALIKE = [
    ("二重引き落とし", "請求の二重引落し"),
    ("引っ越し", "引越しに伴う住所変更"),
    ("カード紛失", "クレジットカードの紛失"),
    ("ｶｰﾄﾞ", "カード"),
    ("解約", "解約の問い合わせ"),
    ("鍵", "鍵の紛失"),
    ("申し込みの件", "申込みの件 確認"),
    ("A-20458", "注文 A-20458 届かない"),
    ("A20458", "注文 Ａ－２０４５８"),
    ("order BX77120", "order BX-77120 missing parts"),
    ("1234567", "注文番号1234567"),
    ("refunded", "refund of the annual fee"),
    ("late fees", "Late fee"),
    ("deliveries", "order BX-79555 delivery"),
    ("change of address", "address changed"),
    ("café", "the cafe's bill"),
    ("password reset", "resetting passwords"),
]


@pytest.mark.parametrize(("remembered", "stored"), ALIKE)
def test_the_same_matter_is_found_however_it_is_written(remembered: str, stored: str) -> None:
    """Width, okurigana, hyphens, plural, what stands around it."""
    assert gist_similarity(bigrams(remembered), bigrams(stored)) == 0.0


@pytest.mark.parametrize(
    ("remembered", "stored"),
    [("解約", "契約"), ("refund", "late fee"), ("住所変更", "口座"), ("", "解約"), ("解約", "")],
)
def test_what_has_nothing_in_common_is_no_less_likely_than_the_floor(
    remembered: str, stored: str
) -> None:
    """A false memory excludes nothing."""
    assert gist_similarity(bigrams(remembered), bigrams(stored)) == FLOOR


@pytest.mark.parametrize(
    ("remembered", "nearer", "farther"),
    [
        ("住所変更", "住所の確認", "料金"),
        ("A-20458", "A-20485", "A-31107"),
        ("1234567", "1234568", "7654321"),
        ("double charge on the bill", "double charge", "charge"),
    ],
)
def test_more_in_common_is_likelier(remembered: str, nearer: str, farther: str) -> None:
    """In proportion; never as sure as all of it."""
    rates = [gist_similarity(bigrams(remembered), bigrams(each)) for each in (nearer, farther)]

    assert 0 > rates[0] > rates[1] >= FLOOR


def test_a_word_of_two_characters_is_a_piece() -> None:
    """Which an index of trigrams never finds."""
    assert bigrams("解約") == ("解約",)


def test_any_text_has_pieces_bounded() -> None:
    """10,000 texts, and a long one; each piece stands once."""
    chance = random.Random(42)  # noqa: S311  # the same texts each time
    letters = "解約件の引き落としカード ｶﾞabcdes-'/0129é\x00\ud800🙂ー々"
    for _ in range(10_000):
        found = bigrams("".join(chance.choices(letters, k=chance.randrange(60))))
        assert len(set(found)) == len(found)
        assert gist_rate(len(found), len(found) or 1) in {0.0, FLOOR}
    assert len(bigrams("".join(map(chr, range(0x4E00, 0x4E00 + 5_000))))) == MAX_BIGRAMS
