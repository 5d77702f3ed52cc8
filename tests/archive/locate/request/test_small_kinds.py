"""The small clues in the words of staff and of customers: how long, who called, what happened."""

import pytest

from archive.locate.clues import DialledClue, GistClue, IdClue, LengthClue, QueueClue, TeamClue
from archive.locate.numbers import find_numbers
from archive.locate.request.asides import find_asides, find_call_before
from archive.locate.request.directions import find_directions
from archive.locate.request.happenings import find_happenings
from archive.locate.request.known_names import is_surname, known_names
from archive.locate.request.lengths import LONG_MS, MAX_MS, SHORT_MS, find_lengths
from archive.locate.request.lines import find_lines
from archive.locate.request.places import find_places
from archive.locate.request.references import find_references

KNOWN = known_names(
    people=["田中 真由", "たなか まゆ", "Tanaka Mayu", "渡邉 大輔", "Karen Smyth"],
    teams=["契約", "billing"],
    queues=["解約", "配送", "billing", "受付", "cancellation"],
)

# Text; least, most and about in seconds.
LENGTHS = [
    ("10分くらい", (400, 900, 600)),
    ("約10分", (400, 900, 600)),
    ("15分ほど話した", (600, 1350, 900)),
    ("二十分ほど", (800, 1800, 1200)),
    ("一時間半くらい", (3600, 8100, 5400)),
    ("半時間", (1200, 2700, 1800)),
    ("1分半", (60, 135, 90)),
    ("数分", (120, 360, None)),
    ("数十秒", (20, 60, None)),
    ("5、6分", (300, 360, None)),
    ("5分から10分", (300, 600, None)),
    ("10〜15分くらい", (600, 900, None)),
    ("30秒もなかった", (0, 30, None)),
    ("3分もかからなかったと思う", (0, 180, None)),
    ("1分未満", (0, 60, None)),
    ("5分以内", (0, 300, None)),
    ("2分もしないうちに切れた", (0, 120, None)),
    ("20分以上", (1200, MAX_MS // 1000, None)),
    ("1時間は話した", (3600, MAX_MS // 1000, None)),
    ("15分も保留", (900, MAX_MS // 1000, None)),
    ("長電話", (LONG_MS // 1000, MAX_MS // 1000, None)),
    ("短い電話", (0, SHORT_MS // 1000, None)),
    ("すぐ切れた", (0, SHORT_MS // 1000, None)),
    ("そんなに長くなかった", (0, 600, None)),
    ("about ten minutes", (400, 900, 600)),
    ("call was 25 mins or so", (1000, 2250, 1500)),
    ("half an hour", (1200, 2700, 1800)),
    ("an hour and a half", (3600, 8100, 5400)),
    ("a quarter of an hour", (600, 1350, 900)),
    ("a 10-minute call", (400, 900, 600)),
    ("a couple of minutes", (80, 180, 120)),
    ("a few minutes", (120, 360, None)),
    ("twenty-five minutes", (1000, 2250, 1500)),
    ("1 hour 30 minutes", (3600, 8100, 5400)),
    ("five or six minutes", (300, 360, None)),
    ("between 5 and 10 minutes", (300, 600, None)),
    ("not even 30 seconds", (0, 30, None)),
    ("less than a minute", (0, 60, None)),
    ("ten minutes at most", (0, 600, None)),
    ("over 20 minutes", (1200, MAX_MS // 1000, None)),
    ("on hold for ten minutes", (600, MAX_MS // 1000, None)),
    ("a short call", (0, SHORT_MS // 1000, None)),
    ("it was a really long call", (LONG_MS // 1000, MAX_MS // 1000, None)),
]
NO_LENGTHS = [
    "10分前", "10時10分", "10分ごろ", "3時間前", "ten minutes ago", "20 minutes past three",
    "an hour earlier", "10 to 3", "two weeks", "三日", "1.30 in the morning", "10月分",
]  # fmt: skip


@pytest.mark.parametrize(("text", "seconds"), LENGTHS)
def test_a_length_is_read(text: str, seconds: tuple[int, int, int | None]) -> None:
    """About so long is half as much again, more or less: people round."""
    value = next(find_lengths(text)).value

    assert isinstance(value, LengthClue)
    about = None if value.about_ms is None else value.about_ms // 1000
    assert (value.min_ms // 1000, value.max_ms // 1000, about) == seconds


@pytest.mark.parametrize("text", NO_LENGTHS)
def test_a_time_is_no_length(text: str) -> None:
    """Nor how long ago it was."""
    assert list(find_lengths(text)) == []


HAPPENED = [
    ("転送された", "transferred", True),
    ("たらい回しにされた", "transferred", True),
    ("途中で別の人に替わった", "transferred", True),
    ("別の担当に代わってもらった", "transferred", True),
    ("田中さんに取り次いでもらった", "transferred", True),
    ("転送はされていない", "transferred", False),
    ("転送なし", "transferred", False),
    ("どこにも回されず", "transferred", False),
    ("保留が長かった", "held", True),
    ("ずっと待たされた", "held", True),
    ("一度も保留されなかった", "held", False),
    ("折返しもらった", "called_back", True),
    ("折り返しの電話をもらった", "called_back", True),
    ("かけ直してもらった", "called_back", True),
    ("折り返しの電話はなかった", "called_back", False),
    ("she was transferred", "transferred", True),
    ("passed her on to someone else", "transferred", True),
    ("put me through to billing", "transferred", True),
    ("wasn't transferred", "transferred", False),
    ("without being transferred", "transferred", False),
    ("no transfer", "transferred", False),
    ("Was kept on hold for ages", "held", True),
    ("kept me waiting", "held", True),
    ("never put on hold", "held", False),
    ("we called back", "called_back", True),
    ("We phoned her back", "called_back", True),
    ("asked for a callback", "called_back", True),
    ("nobody called me back", "called_back", False),
]


@pytest.mark.parametrize(("text", "what", "was"), HAPPENED)
def test_what_happened_is_read_or_that_it_did_not(text: str, what: str, *, was: bool) -> None:
    """Each in the words of who was on the line."""
    (found,) = find_happenings(text)

    assert (found.value.what, found.value.was) == (what, was)  # type: ignore[union-attr]  # the only kind it yields


@pytest.mark.parametrize("text", ["a bank transfer fee", "the shop held a sale", "card held up"])
def test_what_is_called_alike_did_not_happen_to_the_call(text: str) -> None:
    assert list(find_happenings(text)) == []


DIRECTIONS = [
    ("こちらからかけた", "outbound"),
    ("お客様へ電話した", "outbound"),
    ("架電", "outbound"),
    ("we called back", "outbound"),
    ("We phoned her", "outbound"),
    ("you called me", "outbound"),
    ("an outgoing call", "outbound"),
    ("向こうから", "inbound"),
    ("向こうからかかってきた", "inbound"),
    ("お客様からかけた方", "inbound"),
    ("先方からの入電", "inbound"),
    ("電話したとのこと", "inbound"),
    ("090からかけた分", "inbound"),
    ("they called", "inbound"),
    ("cust. called the Thursday", "inbound"),
    ("Says he called yesterday", "inbound"),
    ("I called", "inbound"),
    ("they called us", "inbound"),
    ("an incoming call", "inbound"),
]


@pytest.mark.parametrize(("text", "direction"), DIRECTIONS)
def test_who_called_is_read(text: str, direction: str) -> None:
    """The first that is said of it counts."""
    assert next(find_directions(text)).value.direction == direction  # type: ignore[union-attr]  # the only kind it yields


PLACES = [
    ("解約の窓口", QueueClue(("cancellation", "解約"))),
    ("配送窓口", QueueClue(("配送",))),
    ("キャンセルのキュー", QueueClue(("キャンセル",))),
    ("受付の女性", QueueClue(("受付",))),
    ("the billing queue", QueueClue(("billing",))),
    ("the returns queue", QueueClue(("returns",))),
    ("契約チームの人", TeamClue(("契約",))),
    ("夜間チーム", TeamClue(("夜間",))),
    ("the billing team", TeamClue(("billing",))),
    ("someone in billing", TeamClue(("billing",))),
]


@pytest.mark.parametrize(("text", "place"), PLACES)
def test_a_queue_or_team_is_read(text: str, place: QueueClue | TeamClue) -> None:
    """By its own name here, where it is said in the other language too."""
    assert next(find_places(text, KNOWN)).value == place


@pytest.mark.parametrize("text", ["営業部", "同じ窓口", "on the line", "解約の件", "a refund"])
def test_what_names_no_place_is_none(text: str) -> None:
    assert list(find_places(text, KNOWN)) == []


LINES = [
    ("0120-123-456 にかけた", "81120123456"),
    ("0120-123-456の件で", "81120123456"),
    ("フリーダイヤルに", "81120"),
    ("0120にかけた", "81120"),
    ("ナビダイヤル", "81570"),
    ("着信番号は03-1234-5678", "81312345678"),
    ("called the 0800 number", "81800"),
    ("rang your main number (03-5555-0100) to report", "81355550100"),
    ("the toll-free number", "81120"),
]


@pytest.mark.parametrize(("text", "digits"), LINES)
def test_the_number_that_was_called_is_read(text: str, digits: str) -> None:
    """By what is said of it; one that never calls needs no word."""
    (found,) = find_lines(text, find_numbers(text, "JP"), "JP")

    assert isinstance(found.value, DialledClue)
    assert found.value.number.digits == digits


FREE = [
    ("フリーダイヤルにかけた", "JP", ("81120", "81800")),
    ("your freephone number", "GB", ("44800", "44808")),
    ("the toll-free line", "US", ("1800", "1888", "1877", "1866", "1855", "1844", "1833")),
    ("0800にかけた", "JP", ("81800",)),
]


@pytest.mark.parametrize(("text", "country", "firsts"), FREE)
def test_a_free_number_begins_as_any_of_them_do(
    text: str, country: str, firsts: tuple[str, ...]
) -> None:
    (found,) = find_lines(text, find_numbers(text, country), country)

    assert isinstance(found.value, DialledClue)
    assert (found.value.number.digits, *found.value.number.others) == firsts


@pytest.mark.parametrize(
    "text",
    [
        "090-1234-5678から",
        "he called from 090-1234-5678",
        "下4桁7788",
        "080-0635-0880",
        "TEL 080-0322-9190",
        "customer's number 080-0635-0880",
        "お客様の電話番号 0800-635-880",
        "my number is 0120 123 456",
        "連絡先は0120-123-456",
        "her mobile: 08003229190",
    ],
)
def test_the_other_party_s_number_is_not_the_one_called(text: str) -> None:
    assert list(find_lines(text, find_numbers(text, "JP"), "JP")) == []


REFERENCES = [
    ("注文番号A-20458が届かない件", GistClue("A-20458")),
    ("注文1234567の件", GistClue("1234567")),
    ("受付番号は20261104-12", GistClue("20261104-12")),
    ("Order BX77120. Sometime", GistClue("BX77120")),
    ("order no 1234567", GistClue("1234567")),
    ("ticket #4411", GistClue("4411")),
    ("BX-80031 again", GistClue("BX-80031")),
    ("Call-ID: a84b4c76e66710@pc33.example.com", IdClue("a84b4c76e66710@pc33.example.com")),
    ("a84b4c76e66710@pc33.example.com", IdClue("a84b4c76e66710@pc33.example.com")),
    ("録音番号 0190a1b2", IdClue("0190a1b2")),
    (
        "0190a1b2-c3d4-7e5f-8607-18293a4b5c6d を",
        IdClue("0190a1b2-c3d4-7e5f-8607-18293a4b5c6d"),
    ),
]


@pytest.mark.parametrize(("text", "value"), REFERENCES)
def test_an_id_or_an_order_s_number_is_read(text: str, value: GistClue | IdClue) -> None:
    assert next(find_references(text)).value == value


@pytest.mark.parametrize(
    "text",
    ["お客様番号の末尾7788", "契約2026-10-20", "内線2601", "x2601", "18 Sept, order 12", "Q3"],
)
def test_other_digits_are_no_order(text: str) -> None:
    assert list(find_references(text)) == []


def test_who_answers_today_is_not_who_answered_then() -> None:
    """What is told of another call is not read for this one."""
    text = "9/18に内線2105の人。今日2105にかけたら別の方（小林さん）が出たそうです"

    assert text[slice(*next(find_asides(text)))] == text[text.index("今日") :]
    assert list(find_asides("今日の10時にかけた")) == []
    assert find_call_before("欲しいのはその一本前") == (5, 10)
    assert find_call_before("she wants the call before it, where") is not None
    assert find_call_before("the call before lunch") is None


@pytest.mark.parametrize("word", ["田中", "髙橋", "たなか", "Tanaka", "Sato", "kato", "サイトウ"])
def test_a_frequent_surname_is_one(word: str) -> None:
    assert is_surname(word)


@pytest.mark.parametrize("word", ["千葉", "解約", "more", "date", "same", "note", "call", "", "件"])
def test_a_word_that_is_said_of_other_things_is_none(word: str) -> None:
    assert not is_surname(word)


@pytest.mark.parametrize("word", ["真由", "tanaka", "smyth", "渡辺", "タナカ"])
def test_who_is_of_the_site_is_known_in_any_writing(word: str) -> None:
    assert KNOWN.is_agent(word)
