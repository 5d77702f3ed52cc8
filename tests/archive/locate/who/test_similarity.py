"""Names as customers and staff remember them, held against the table of agents."""

import random
import sys
from itertools import combinations

import pytest
from hypothesis import given, strategies as st

from archive.locate.who.kanji import kanji_key
from archive.locate.who.morae import kana_of, read_word
from archive.locate.who.name_table import NameTable, Part
from archive.locate.who.similarity import FLOOR, Kind, name_similarity, said, similarities

NAMES = {
    "tanaka": ("田中 真由", "たなか まゆ", "Tanaka Mayu"),
    "nakata": ("中田 恵", "なかた めぐみ", "Megumi Nakata"),
    "takahashi": ("髙橋 一郎", "タカハシ イチロウ", "TAKAHASHI Ichiro"),
    "saito": ("斉藤 修", "さいとう おさむ", "Saito Osamu"),
    "ono": ("小野 花", "おの はな", "Hana Ono"),
    "ohno": ("大野 健", "おおの けん", "Ken Ohno"),
    "sato": ("佐藤 愛", "さとう あい", "Sato Ai", "鈴木"),
    "ito": ("伊藤 純一", "いとう じゅんいち", "Junichi Ito"),
    "hattori": ("服部 京子", "はっとり きょうこ", "Kyoko Hattori"),
    "watanabe": ("渡邉 亮", "わたなべ りょう", "Ryo Watanabe"),
    "yamazaki": ("山﨑 𠮷雄", "やまざき よしお", "Yoshio Yamazaki"),
    "sasaki": ("佐々木 誠", "ささき まこと", "Makoto Sasaki"),
    "hasegawa": ("長谷川 花子", "はせがわ はなこ", ""),
    "smith": ("John Smith",),
    "obrien": ("Catherine O'Brien",),
    "stephen": ("Stephen Clarke",),
    "muller": ("Jürgen Müller",),
}
ENGLISH = [
    ("Bob", "Robert", Kind.SHORT_FORM),
    ("Robert", "Bob", Kind.SHORT_FORM),
    ("Bob", "Rob", Kind.SHORT_FORM),
    ("ボブ", "Robert", Kind.SHORT_FORM),
    ("Bill", "ウィリアム", Kind.SHORT_FORM),
    ("Kate", "Katherine", Kind.SHORT_FORM),
    ("Chris", "Christine", Kind.SHORT_FORM),
    ("マイク", "Mike", Kind.SPELLING),
    ("Mike", "マイク", Kind.SPELLING),
    ("Smyth", "スミス", Kind.SPELLING),
    ("デービス", "Davis", Kind.SPELLING),
    ("Christopher", "Christine", Kind.NONE),
    ("Bob", "Roger", Kind.NONE),
    ("スミス", "すみれ", Kind.CONFUSED),
]
# What is remembered, whose name it is, and in what it is like the one in the table.
REMEMBERED = [
    # as it stands there, in any writing
    ("田中", "tanaka", Kind.SAME),
    ("田中さん", "tanaka", Kind.SAME),
    ("田中　真由", "tanaka", Kind.SAME),
    ("田中真由", "tanaka", Kind.SAME),
    ("たなか", "tanaka", Kind.SAME),
    ("タナカ", "tanaka", Kind.SAME),
    ("ﾀﾅｶ", "tanaka", Kind.SAME),
    ("Tanaka", "tanaka", Kind.SAME),
    ("ＴＡＮＡＫＡ", "tanaka", Kind.SAME),
    ("Ms Tanaka", "tanaka", Kind.SAME),
    ("Ms. Tanaka", "tanaka", Kind.SAME),
    ("Mayu Tanaka", "tanaka", Kind.SAME),
    ("タナカ・マユ", "tanaka", Kind.SAME),
    ("田中様", "tanaka", Kind.SAME),
    ("田中主任", "tanaka", Kind.SAME),
    ("たなかまゆ", "tanaka", Kind.SAME),
    ("真由", "tanaka", Kind.SAME),
    ("まゆさん", "tanaka", Kind.SAME),
    ("た なか", "tanaka", Kind.SAME),
    ("鈴木", "sato", Kind.SAME),
    ("佐々木", "sasaki", Kind.SAME),
    ("John Smith", "smith", Kind.SAME),
    ("Mr. Smith", "smith", Kind.SAME),
    ("Smith, John", "smith", Kind.SAME),
    ("O’Brien", "obrien", Kind.SPELLING),
    # English names in kana, and for short
    ("スミス", "smith", Kind.SPELLING),
    ("すみす様", "smith", Kind.SPELLING),
    ("ジョン・スミス", "smith", Kind.SPELLING),
    ("オブライエンさん", "obrien", Kind.SPELLING),
    ("スティーブン", "stephen", Kind.SPELLING),
    ("クラーク", "stephen", Kind.SPELLING),
    ("Jack Smith", "smith", Kind.SHORT_FORM),
    ("ジャック", "smith", Kind.SHORT_FORM),
    ("Steve", "stephen", Kind.SHORT_FORM),
    ("Cathy", "obrien", Kind.SHORT_FORM),
    ("キャサリン", "obrien", Kind.SPELLING),
    ("Muller", "muller", Kind.SAME),
    ("dr. Müller", "muller", Kind.SAME),
    # forms of characters
    ("高橋", "takahashi", Kind.VARIANT),
    ("髙橋", "takahashi", Kind.SAME),
    ("渡辺", "watanabe", Kind.VARIANT),
    ("渡邊", "watanabe", Kind.VARIANT),
    ("渡邉󠄂", "watanabe", Kind.SAME),
    ("斎藤", "saito", Kind.VARIANT),
    ("齋藤", "saito", Kind.VARIANT),
    ("齊藤", "saito", Kind.VARIANT),
    ("山崎", "yamazaki", Kind.VARIANT),
    ("山嵜", "yamazaki", Kind.VARIANT),
    ("吉雄", "yamazaki", Kind.VARIANT),
    ("佐佐木", "sasaki", Kind.VARIANT),
    # other characters that are read alike
    ("伊東", "ito", Kind.SAME_READING),
    ("渡部", "watanabe", Kind.SAME_READING),
    ("田仲", "tanaka", Kind.SAME_READING),
    # systems of romaji
    ("Satou", "sato", Kind.SAME),
    ("Satoh", "sato", Kind.SAME),
    ("Satō", "sato", Kind.SAME),
    ("Satô", "sato", Kind.SAME),
    ("Itoh", "ito", Kind.SAME),
    ("Jun'ichi", "ito", Kind.SAME),
    ("Zyun'iti", "ito", Kind.SAME),
    ("Oono", "ohno", Kind.SAME),
    ("Ōno", "ohno", Kind.SAME),
    ("Yamazaki", "yamazaki", Kind.SAME),
    ("Saitou", "saito", Kind.SAME),
    ("Kyouko", "hattori", Kind.SAME),
    ("Itirou", "takahashi", Kind.SAME),
    # long vowels, っ, dakuten
    ("おの", "ohno", Kind.LONG_VOWEL),
    ("おおの", "ono", Kind.LONG_VOWEL),
    ("さと", "sato", Kind.LONG_VOWEL),
    ("きょこ", "hattori", Kind.LONG_VOWEL),
    ("Koko", "hattori", Kind.CONFUSED),
    ("はとり", "hattori", Kind.SOKUON),
    ("Hatori", "hattori", Kind.SOKUON),
    ("たなが", "tanaka", Kind.DAKUTEN),
    ("なかだ", "nakata", Kind.DAKUTEN),
    ("Nakada", "nakata", Kind.DAKUTEN),
    ("やまさき", "yamazaki", Kind.DAKUTEN),
    ("はせかわ", "hasegawa", Kind.DAKUTEN),
    ("ささぎ", "sasaki", Kind.DAKUTEN),
    ("わたなへ", "watanabe", Kind.DAKUTEN),
    # sounds taken for others
    ("かとう", "sato", Kind.CONFUSED),
    ("加藤", "sato", Kind.CONFUSED),
    ("Kato", "sato", Kind.CONFUSED),
    ("いど", "ito", Kind.CONFUSED),
    ("つづき", "sato", Kind.CONFUSED),
    ("さいと", "saito", Kind.LONG_VOWEL),
    ("たかあし", "takahashi", Kind.CONFUSED),
    ("たなま", "tanaka", Kind.CONFUSED),
    ("かなか", "tanaka", Kind.CONFUSED),
    ("あたなべ", "watanabe", Kind.CONFUSED),
    ("はせなわ", "hasegawa", Kind.CONFUSED),
    # halves that changed places
    ("なかた", "tanaka", Kind.SWAPPED),
    ("中田", "tanaka", Kind.SWAPPED),
    ("Nakata", "tanaka", Kind.SWAPPED),
    # cut short
    ("たな", "tanaka", Kind.PREFIX),
    ("Wata", "watanabe", Kind.PREFIX),
    ("長谷", "hasegawa", Kind.PREFIX),
    ("田なんとかさん", "tanaka", Kind.PREFIX),
    ("Tana-something", "tanaka", Kind.PREFIX),
    ("なんとか橋", "takahashi", Kind.PREFIX),
    # English
    ("Smyth", "smith", Kind.SPELLING),
    ("Smythe", "smith", Kind.SPELLING),
    ("Smithe", "smith", Kind.SPELLING),
    ("Jon", "smith", Kind.LONG_VOWEL),
    ("Kathryn", "obrien", Kind.CONFUSED),
    ("Katherine", "obrien", Kind.SPELLING),
    ("Obrian", "obrien", Kind.CONFUSED),
    ("O Brien", "obrien", Kind.SPELLING),
    ("Steven", "stephen", Kind.SPELLING),
    ("Clark", "stephen", Kind.SPELLING),
    ("Klark", "stephen", Kind.SPELLING),
    ("Miller", "muller", Kind.CONFUSED),
    # nobody
    ("山本", "tanaka", Kind.NONE),
    ("Patel", "smith", Kind.NONE),
    ("", "tanaka", Kind.NONE),
]


@pytest.mark.parametrize(("told", "stored", "kind"), ENGLISH)
def test_an_english_name_is_one_in_kana_and_for_short(told: str, stored: str, kind: Kind) -> None:
    """A customer is Bob to the agent and Robert in the table, or スミス in a Japanese one."""
    assert name_similarity(told, [f"{stored} Jones"]).kind is kind


@pytest.mark.parametrize(("remembered", "whose", "kind"), REMEMBERED)
def test_a_name_is_known_by_what_it_differs_in(remembered: str, whose: str, kind: Kind) -> None:
    """Staff see why somebody is a candidate, in a word."""
    assert name_similarity(remembered, NAMES[whose]).kind is kind


def test_the_one_who_was_meant_comes_first() -> None:
    """Beside all the others: what is written or said alike is never before what is the same."""
    table = NameTable(list(NAMES.values()))
    places = {name: at for at, name in enumerate(NAMES)}
    for remembered, whose, kind in REMEMBERED:
        if kind in (Kind.SAME, Kind.VARIANT, Kind.SPELLING, Kind.SOKUON, Kind.DAKUTEN):
            rates = similarities(remembered, table).log_rates
            assert rates[places[whose]] == rates.max(), remembered


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        (("さとう", "さとう"), ("かとう", "さとう")),
        (("高橋", "髙橋"), ("高階", "髙橋")),
        (("かとう", "さとう"), ("まとう", "さとう")),
        (("Ono", "おおの"), ("おの", "おおの")),
        (("Smyth", "Smith"), ("Smirt", "Smith")),
        (("Nakata", "Nakada"), ("Nakama", "Nakada")),
        (("しばた", "ひばた"), ("にばた", "ひばた")),
        (("なかた", "たなか"), ("なかだ", "たなか")),
        (("たかな", "たなか"), ("たはか", "たなか")),
    ],
)
def test_what_is_confused_more_often_is_more_likely(
    nearer: tuple[str, str], farther: tuple[str, str]
) -> None:
    """The rates are guesses, their order is not."""
    one, other = (name_similarity(said, (name,)) for said, name in (nearer, farther))
    assert one.log_rate > other.log_rate


def test_a_surname_says_more_than_a_given_name_and_both_say_most() -> None:
    """Who is remembered introduced herself by her surname."""
    names = NAMES["tanaka"]
    surname, given_name = (name_similarity(each, names) for each in ("田中", "真由"))

    assert (surname.part, given_name.part) == (Part.SURNAME, Part.GIVEN)
    assert surname.log_rate > given_name.log_rate
    assert name_similarity("田中 真由", names).part is Part.WHOLE
    assert FLOOR < name_similarity("田中 花子", names).log_rate < surname.log_rate


def test_characters_are_read_as_those_read_them_who_bear_them() -> None:
    """Nobody has to know the readings of 八月一日, where one agent is called so."""
    table = NameTable([("八月一日 誠", "ほづみ まこと"), ("穂積 一", "ほづみ はじめ")])

    assert said("八月一日", table) == ("ほずみ",)
    assert similarities("八月一日", table).of(1).kind is Kind.SAME_READING


def test_every_character_has_one_that_stands_for_it_and_for_itself() -> None:
    """A key that is asked for is the key that is stored."""
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if "CJK" in character or 0x2E80 <= code <= 0x323AF:
            key = kanji_key(character)
            assert kanji_key(key) == key, hex(code)


SOUNDS = [
    "たなか",
    "なかた",
    "さとう",
    "かとう",
    "いとう",
    "いど",
    "はっとり",
    "おの",
    "おおの",
    "Smith",
    "Smyth",
    "Ito",
    "きょうこ",
]


@pytest.mark.parametrize(("one", "other"), [*combinations(SOUNDS, 2)])
def test_who_is_taken_for_whom_is_the_same_both_ways(one: str, other: str) -> None:
    """Only what is cut short has a direction."""
    there, back = name_similarity(one, (other,)), name_similarity(other, (one,))

    assert there.log_rate == pytest.approx(back.log_rate)
    assert there.kind is back.kind


@given(st.text(max_size=60))
def test_the_same_is_the_best_that_there_is(text: str) -> None:
    """No name is more like a name than itself, and none is likelier than sure."""
    similarity = name_similarity(text, (text, *NAMES["tanaka"]))

    assert FLOOR <= similarity.log_rate <= 0


def test_nothing_that_is_typed_is_refused() -> None:
    """10,000 texts of kana, kanji, letters, marks and rubbish."""
    table = NameTable(list(NAMES.values()))
    chance = random.Random(42)  # noqa: S311  # the same texts each time
    letters = "たなかアンッーｶﾞ田中髙々𠮷󠄁ABCxyzéß'-. 　さん様Mr\x00\ud800なんとか○・()"
    for _ in range(10_000):
        text = "".join(chance.choices(letters, k=chance.randrange(40)))
        once = similarities(text, table)
        assert once.log_rates.max() <= 0
        assert once.log_rates.min() >= FLOOR


@given(st.text("かきくさしたとなはまやらわんっー", max_size=12))
def test_a_reading_that_is_read_again_is_the_same(word: str) -> None:
    """Twice is once."""
    reading = read_word(word)
    assert read_word(kana_of(reading)) == reading


@pytest.mark.parametrize("text", ["田" * 10_000, "たなか" * 10_000, "x" * 100_000, "a " * 10_000])
def test_a_long_text_is_read_to_its_limit(text: str) -> None:
    """Nobody's question holds up the others."""
    assert similarities(text, NameTable(list(NAMES.values()))).log_rates.max() <= 0


def test_a_table_of_nobody_has_no_answers() -> None:
    """A site may have no agents' table."""
    assert len(similarities("田中", NameTable([])).log_rates) == 0


@pytest.mark.parametrize(
    ("remembered", "name", "kind"),
    [
        ("川森", "森川", Kind.SWAPPED),  # by its characters: nobody says how it is read
        ("なかた", "たなか", Kind.SWAPPED),
        ("なかだ", "たなか", Kind.SWAPPED),
        ("Phillip", "Philip", Kind.SPELLING),
        ("Matt", "Mat", Kind.SPELLING),
    ],
)
def test_one_likeness_is_seen_where_no_other_tells_of_it(
    remembered: str, name: str, kind: Kind
) -> None:
    """Beside kana and romaji of the same agent another way often says the same."""
    assert name_similarity(remembered, (name,)).kind is kind


@pytest.mark.parametrize("romaji", ["Ōno", "Ôno", "Ohno", "Oono", "Ouno", "ŌNO"])
def test_every_way_to_write_a_long_vowel_is_read(romaji: str) -> None:
    """Of which folding would leave nothing."""
    assert read_word(romaji) == read_word("おおの")
