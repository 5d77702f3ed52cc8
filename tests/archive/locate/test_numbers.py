"""Numbers as customers and staff remember them."""

import random

import pytest

from archive.call.numbers import read_number
from archive.locate.numbers import (
    MAX_NUMBERS,
    Form,
    RememberedNumber,
    find_numbers,
    read_remembered,
)
from archive.locate.ranking.memory_rates import GUESSED
from archive.locate.ranking.remembered_number import Told, chance_of, ways_told
from archive.locate.withheld_numbers import Withheld

FORMS = [
    ("090-1234-7788", Form.WHOLE, "819012347788"),
    ("09012347788", Form.WHOLE, "819012347788"),
    ("０９０ー１２３４ー７７８８", Form.WHOLE, "819012347788"),
    ("+81 90 1234 7788", Form.WHOLE, "819012347788"),
    ("+81 (0)90-1234-7788", Form.WHOLE, "819012347788"),
    ("090の1234の7788", Form.WHOLE, "819012347788"),
    ("番号は03-3456-7890です", Form.WHOLE, "81334567890"),
    ("my number is 090 1234 7788", Form.WHOLE, "819012347788"),
    ("０３（３４５６）７８９０", Form.WHOLE, "81334567890"),
    ("〇九〇一二三四七七八八", Form.WHOLE, "819012347788"),
    ("0120-123-456から", Form.WHOLE, "81120123456"),
    ("7788", Form.LAST, "7788"),
    ("下4桁7788", Form.LAST, "7788"),
    ("下４桁は７７８８", Form.LAST, "7788"),
    ("下3ケタが788", Form.LAST, "788"),
    ("末尾の4文字は7788", Form.LAST, "7788"),
    ("最後の数字が88", Form.LAST, "88"),
    ("お尻4ケタ:7788", Form.LAST, "7788"),
    ("the final four digits were 7788", Form.LAST, "7788"),
    ("last 4 of the mobile: 7788", Form.LAST, "7788"),
    ("last three digits of his phone number are 788", Form.LAST, "788"),
    ("last 3 figures 788", Form.LAST, "788"),
    ("the number finished in 7788", Form.LAST, "7788"),
    ("the end of her number was 788", Form.LAST, "788"),
    ("最初の3ケタは090", Form.FIRST, "8190"),
    ("0466はじまりの携帯ではない番号", Form.FIRST, "81466"),
    ("0466 at the start", Form.FIRST, "81466"),
    ("the phone begins 0466", Form.FIRST, "81466"),
    ("下四桁が7788", Form.LAST, "7788"),
    ("番号の下4桁が7788です", Form.LAST, "7788"),
    ("末尾7788", Form.LAST, "7788"),
    ("末尾が88", Form.LAST, "88"),
    ("末尾が7041の番号", Form.LAST, "7041"),
    ("ends in 3131. 1st week of Oct", Form.LAST, "3131"),
    ("末尾は 7-7-8-8", Form.LAST, "7788"),
    ("最後の4桁は7788", Form.LAST, "7788"),
    ("最後が788", Form.LAST, "788"),
    ("7788で終わる番号", Form.LAST, "7788"),
    ("7788でおわる", Form.LAST, "7788"),
    ("終わりが7788", Form.LAST, "7788"),
    ("****7788", Form.LAST, "7788"),
    ("xx-7788", Form.LAST, "7788"),
    ("xxxx-xxxx-7788", Form.LAST, "7788"),
    ("・・・7788", Form.LAST, "7788"),
    ("●●●-●●●●-7788", Form.LAST, "7788"),
    ("ends in 7788", Form.LAST, "7788"),
    ("my number ends in 7788", Form.LAST, "7788"),
    ("ending with 788", Form.LAST, "788"),
    ("the last four digits are 7788", Form.LAST, "7788"),
    ("last 4 is 7788", Form.LAST, "7788"),
    ("last digits 88", Form.LAST, "88"),
    ("double seven double eight", Form.LAST, "7788"),
    ("ends in seven seven eight eight", Form.LAST, "7788"),
    ("seventy-seven eighty-eight", Form.LAST, "7788"),
    ("triple eight one", Form.LAST, "8881"),
    ("ending in oh four two one", Form.LAST, "0421"),
    ("ななななはちはち", Form.LAST, "7788"),
    ("下4桁はナナナナハチハチ", Form.LAST, "7788"),
    ("ぜろよんにいいち", Form.LAST, "0421"),
    ("七七八八", Form.LAST, "7788"),
    ("下四桁七七八八", Form.LAST, "7788"),
    ("1234-7788", Form.LAST, "12347788"),
    ("47788", Form.LAST, "47788"),
    ("090で始まる", Form.FIRST, "8190"),
    ("090から始まる番号", Form.FIRST, "8190"),
    ("03の番号", Form.FIRST, "813"),
    ("市外局番が06", Form.FIRST, "816"),
    ("頭が080", Form.FIRST, "8180"),
    ("090", Form.FIRST, "8190"),
    ("03", Form.FIRST, "813"),
    ("starts with 0120", Form.FIRST, "81120"),
    ("it began with 050", Form.FIRST, "8150"),
    ("first three digits are 090", Form.FIRST, "8190"),
    ("area code 03", Form.FIRST, "813"),
    ("内線2601", Form.EXTENSION, "2601"),
    ("内線は２６０１", Form.EXTENSION, "2601"),
    ("内線番号 2601", Form.EXTENSION, "2601"),
    ("ext. 2601", Form.EXTENSION, "2601"),
    ("extension 2601", Form.EXTENSION, "2601"),
    ("x2601", Form.EXTENSION, "2601"),
    ("090-1234", Form.FIRST, "81901234"),
    ("03-1234", Form.FIRST, "8131234"),
    ("0421", Form.LAST, "0421"),
    ("090-○○○○-○○○○", Form.FIRST, "8190"),
    ("○九○一二三四七七八八", Form.WHOLE, "819012347788"),
    ("なな・なな・はち・はち", Form.LAST, "7788"),
    ("○○さん", Form.NONE, ""),
    ("途中に7788", Form.WITHIN, "7788"),
    ("7788が入っている", Form.WITHIN, "7788"),
    ("contains 7788", Form.WITHIN, "7788"),
    ("with 7788 in it", Form.WITHIN, "7788"),
    ("番号は覚えていない", Form.NONE, ""),
    ("no idea", Form.NONE, ""),
    ("", Form.NONE, ""),
]


@pytest.mark.parametrize(("text", "form", "digits"), FORMS)
def test_a_number_is_read_as_far_as_it_is_told(text: str, form: Form, digits: str) -> None:
    """As it is stored: in E.164 without its plus, where that can be said."""
    read = read_remembered(text, "JP")

    assert (read.form, read.digits) == (form, digits)


@pytest.mark.parametrize(
    "text", ["0120か0800で始まる", "0120または0800から始まる", "starts with 0120, or 0800"]
)
def test_first_digits_may_be_one_or_the_other(text: str) -> None:
    """Free numbers have two beginnings; so do mobiles in somebody's memory."""
    assert read_remembered(text, "JP") == RememberedNumber(
        form=Form.FIRST, digits="81120", others=("81800",)
    )


EITHER = [
    ("末尾が77か88", Form.LAST, ("77", "88")),
    ("下4桁は7788または7799", Form.LAST, ("7788", "7799")),
    ("7788か7789で終わる", Form.LAST, ("7788", "7789")),
    ("7788 or 7789", Form.LAST, ("7788", "7789")),
    ("ends in 7788, maybe 7789", Form.LAST, ("7788", "7789")),
    ("下4桁7788もしかしたら7789", Form.LAST, ("7788", "7789")),
    ("03-1234-5687だったか5678だったか", Form.WHOLE, ("81312345687", "81312345678")),
    ("090 1234 5678 maybe 5687", Form.WHOLE, ("819012345678", "819012345687")),
    ("ends in 88, or 89", Form.LAST, ("88", "89")),
    ("末尾7788か10/29", Form.LAST, ("7788",)),
    ("末尾7788か10日", Form.LAST, ("7788",)),
    ("内線2105か2106", Form.EXTENSION, ("2105", "2106")),
    ("内線2105か内線2106", Form.EXTENSION, ("2105", "2106")),
    ("extension 2105 or 2106", Form.EXTENSION, ("2105", "2106")),
    ("090-1234-7788か090-1234-7789", Form.WHOLE, ("819012347788", "819012347789")),
    ("080か090", Form.FIRST, ("8180", "8190")),
]


@pytest.mark.parametrize(("text", "form", "digits"), EITHER)
def test_digits_may_be_these_or_those(text: str, form: Form, digits: tuple[str, ...]) -> None:
    """What stands behind "or" is as likely, and no number of its own."""
    read = read_remembered(text, "JP")

    assert (read.form, (read.digits, *read.others)) == (form, digits)


AMERICAN = [
    ("area code 212", "1212", ""),
    ("the area code was 415", "1415", ""),
    ("a 212 area code", "1212", ""),
    ("from a 212 number", "1212", ""),
    ("starts with 1-212", "1212", ""),
    ("starts with +44", "44", ""),
    ("starts with 44", "44", ""),
    ("(212) xxx-0127", "1212", "0127"),
    ("a 212 number ending in 0127", "1212", "0127"),
    ("212 something 0127", "1212", "0127"),
]


@pytest.mark.parametrize("country", ["US", "CA"])
@pytest.mark.parametrize(("text", "digits", "ending"), AMERICAN)
def test_a_town_s_code_is_of_the_own_country(
    text: str, digits: str, ending: str, country: str
) -> None:
    """212 is New York there; +212 would be Morocco."""
    assert read_remembered(text, country) == RememberedNumber(
        form=Form.FIRST, digits=digits, ending=ending
    )


def test_where_a_trunk_prefix_is_written_other_digits_are_of_another_country() -> None:
    assert read_remembered("starts with 212", "GB").digits == "212"
    assert read_remembered("starts with 0212", "GB").digits == "44212"
    assert read_remembered("starts with 912", "ES").digits == "34912"


@pytest.mark.parametrize(
    "text",
    [
        "090-****-7788",
        "090-xxxx-7788",
        "090-○○○○-7788",
        "090-〇〇〇〇-7788",
        "090で始まって7788で終わる",
        "090で7788",
        "090 7788",
        "090、7788",
        "090なんとか7788",
        "090〜7788",
        "090で末尾7788",
        "starts 090 ends 7788",
        "ends in 7788 and starts with 090",
        "ends 7788, starts 090",
        "begins with 090 and ends in 7788",
        "090 something 7788",
        "090…7788",
    ],
)
def test_first_and_last_digits_are_one_number(text: str) -> None:
    """A telephone's display, and who reads it aloud."""
    assert read_remembered(text, "JP") == RememberedNumber(
        form=Form.FIRST, digits="8190", ending="7788"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("非通知でした", Withheld.CALLER),
        ("番号は出さずに", Withheld.CALLER),
        ("184をつけてかけた", Withheld.CALLER),
        ("private number", Withheld.CALLER),
        ("the number was withheld", Withheld.CALLER),
        ("no caller ID", Withheld.CALLER),
        ("公衆電話から", Withheld.PAY_PHONE),
        ("from a payphone", Withheld.PAY_PHONE),
        ("表示圏外", Withheld.OUT_OF_AREA),
        ("unknown number", Withheld.UNKNOWN),
    ],
)
def test_a_number_that_was_not_shown_has_its_reason(text: str, reason: Withheld) -> None:
    """Which the network says too."""
    assert read_remembered(text, "JP") == RememberedNumber(form=Form.WITHHELD, reason=reason)


STORED = [
    "090-1234-7788",
    "090-1234-7789",
    "080-1234-7878",
    "090-7788-0000",
    "03-3456-7890",
    "2601",
]
REVERSED = [read_number(each, "JP").reversed_digits for each in [*STORED, ""]]


@pytest.mark.parametrize(
    ("text", "at", "way"),
    [
        ("090-1234-7788", 0, Told.RIGHT),
        ("090-1234-7788", 1, Told.ONE_DIGIT),
        ("090-1243-7788", 0, Told.TWO_SWAPPED),
        ("090-1234-7788", 4, Told.OTHERWISE),
        ("下4桁7788", 0, Told.RIGHT),
        ("下4桁7788", 1, Told.ONE_DIGIT),
        ("下4桁7788", 2, Told.TWO_SWAPPED),
        ("下4桁7788", 3, Told.OTHERWISE),
        ("下4桁7788", 5, Told.OTHERWISE),
        ("1234-7788", 0, Told.RIGHT),
        ("090で始まる", 0, Told.RIGHT),
        ("090で始まる", 2, Told.OTHERWISE),
        ("03の番号", 4, Told.RIGHT),
        ("090-****-7788", 1, Told.ONE_DIGIT),
        ("with 3477 in it", 0, Told.RIGHT),
        ("内線2601", 5, Told.RIGHT),
        ("内線2610", 5, Told.TWO_SWAPPED),
        ("内線2600か2601", 5, Told.RIGHT),
        ("7788か7789", 0, Told.RIGHT),
        ("7788か7789", 1, Told.RIGHT),
        ("7787か7878", 0, Told.ONE_DIGIT),
        ("7787か7878", 2, Told.RIGHT),
        ("7787か7878", 5, Told.OTHERWISE),
        ("2601", 6, Told.OTHERWISE),
    ],
)
def test_a_stored_number_is_told_in_a_way(text: str, at: int, way: Told) -> None:
    """One digit wrong and two swapped are how people remember."""
    assert ways_told(read_remembered(text, "JP"), REVERSED, GUESSED.number)[at] == way


def test_either_of_two_is_as_likely_by_chance_as_both_together() -> None:
    """Two endings say half as much as one."""
    one, two = (chance_of(read_remembered(each, "JP"), 0.0) for each in ("7788", "7788か7789"))

    assert two == 2 * one


def test_nothing_that_is_typed_is_refused() -> None:
    """10,000 texts; what says nothing is told of none."""
    chance = random.Random(42)  # noqa: S311  # the same texts each time
    letters = (
        "0123456789０七八ななハチ+-()*x・○〇かorの下4桁末尾内線 ends in seven double\x00\ud800"
    )
    for _ in range(10_000):
        read = read_remembered("".join(chance.choices(letters, k=chance.randrange(40))), "JP")
        ways = ways_told(read, REVERSED, GUESSED.number)
        assert len(ways) == len(REVERSED)
        assert read.digits or set(ways) == {Told.OTHERWISE}


@pytest.mark.parametrize(
    "text", ["1" * 10_000, "*" * 10_000, "seven " * 2_000, "なな" * 5_000, "1-" * 5_000]
)
def test_a_long_text_is_read_to_its_limit(text: str) -> None:
    """Nobody's question holds up the others."""
    assert len(read_remembered(text, "JP").digits) <= 20


SENTENCES = [
    ("10月下旬の夕方、番号の下4桁は７７８８", [("番号の下4桁は７７８８", Form.LAST, "7788")]),
    ("my number ends in double seven double eight, late in October",
     [("ends in double seven double eight", Form.LAST, "7788")]),
    ("内線2105の人に、０９０ー１２３４ー７７８８から",
     [("内線2105", Form.EXTENSION, "2105"),
      ("０９０ー１２３４ー７７８８", Form.WHOLE, "819012347788")]),
    ("番号は下四桁がﾅﾅﾅﾅﾊﾁﾊﾁです", [("下四桁がﾅﾅﾅﾅﾊﾁﾊﾁ", Form.LAST, "7788")]),
    ("+81 (0)90-1234-7788 once more", [("+81 (0)90-1234-7788", Form.WHOLE, "819012347788")]),
    ("10-21 090-1234-7788",
     [("10-21", Form.LAST, "1021"), ("090-1234-7788", Form.WHOLE, "819012347788")]),
    ("12 0 9 0 1 2 3 4 7 7 8 8",
     [("12", Form.LAST, "12"), ("0 9 0 1 2 3 4 7 7 8 8", Form.WHOLE, "819012347788")]),
    ("公衆電話から", [("公衆電話", Form.WITHHELD, "")]),
    ("048…6640からかけた", [("048…6640", Form.FIRST, "8148")]),
    ("the last 30 days, last 4 is 7788", [("last 4 is 7788", Form.LAST, "7788")]),
    ("10月頭10時、15分くらい", []),
    ("田中さんにご連絡", []),
    ("my card was blocked, a private matter", []),
    ("order BX77120 and A-20458", []),
    ("コールバック…090-1234-7788", [("090-1234-7788", Form.WHOLE, "819012347788")]),
    ("内線2042…090の番号",
     [("内線2042", Form.EXTENSION, "2042"), ("090の番号", Form.FIRST, "8190")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), SENTENCES)
def test_a_number_is_found_where_it_stands(text: str, found: list[tuple[str, Form, str]]) -> None:
    """In the text as it was typed, whatever it was made of; what counts something is none."""
    numbers = find_numbers(text, "JP")

    assert [
        (text[each.spans[0][0] : each.spans[0][1]], each.number.form, each.number.digits)
        for each in numbers
    ] == found


def test_first_and_last_digits_told_apart_have_two_places() -> None:
    (number,) = find_numbers("090で始まって、えーと、7788で終わる", "JP")

    assert (number.number.digits, number.number.ending) == ("8190", "7788")
    assert number.spans == ((0, 5), (13, 20))


def test_a_text_of_many_numbers_is_read_for_some() -> None:
    assert len(find_numbers("7788, " * 80, "JP")) == MAX_NUMBERS
