"""Whole sentences of staff and customers, and the clues that are in them."""

import random
import unicodedata

import pytest

from archive.flaws import Flaw, PartRefused
from archive.locate.clues import MAX_CLUES, WhenClue
from archive.locate.request.sentence import (
    Request,
    TimeReading,
    check_request,
    check_text,
    read_sentence,
)
from archive.locate.stretches import Stretch
from archive.locate.when.values import Note
from tests.support.archive.told_requests import KNOWN, told_request

DAY_US = 86_400_000_000
WHEN = WhenClue((Stretch(begin_us=10 * DAY_US, end_us=11 * DAY_US),))
# What a sentence says, clue by clue as `told` writes them; a guess has a question mark.
SENTENCES: list[tuple[str, list[str]]] = [
    # Japanese.
    ("10月下旬の夕方、田中か中田、7788",
     ["when 10月下旬の夕方", "agent 田中|中田", "number last 7788"]),
    ("先週の木曜の夕方、解約の件で、下4桁は7788でした",
     ["when 先週の木曜の夕方", "about 解約", "number last 7788"]),
    ("9月18日の午前中に内線2601の人と話した。住所変更の件",
     ["when 9月18日の午前中", "extension 2601", "about 住所変更"]),
    ("お客様は森下さん、090-1234-7788、11月に3回くらい電話したとのこと",
     ["customer 森下", "number whole 819012347788", "when 11月", "inbound"]),
    ("非通知でかかってきた。担当は高橋、15分くらい",
     ["number withheld caller", "inbound", "agent 高橋", "length 900"]),
    ("公衆電話から、昨日の朝", ["number withheld pay_phone", "when 昨日の朝"]),
    ("こちらから折り返した電話。相手は080-1111-2222",
     ["outbound", "called_back", "number whole 818011112222"]),
    ("解約の窓口にたらい回しにされた", ["queue 解約", "transferred"]),
    ("配送窓口、注文番号A-20458、届かないとの苦情",
     ["queue 配送", "about A-20458", "about? 届かないとの苦情"]),
    ("「森下」と名乗った男性、今月初め、請求書の再発行",
     ["customer 森下", "when 今月初め", "about? 請求書の再発行"]),
    ("フリーダイヤルにかけて30秒もなかった", ["dialled first 81120", "length <30"]),
    ("0120-123-456 にかけた、8月ごろ、長電話",
     ["dialled whole 81120123456", "when 8月ごろ", "length >900"]),
    ("森下様から入電、口座振替について", ["customer 森下", "inbound", "about 口座振替"]),
    ("担当：中田　日時：10/28 17時頃　内容：名義変更",
     ["agent 中田", "when 10/28 17時頃", "about 名義変更"]),
    ("担当者の名前は覚えていないが、女性だった。10月20日の昼休み、保留が長かった",
     ["when 10月20日の昼休み", "held"]),
    ("電話に出たのは渡辺さん、途中で別の人に代わった", ["agent 渡辺", "transferred"]),
    ("転送はされていない、5分から10分", ["not transferred", "length 300-600"]),
    ("一度も待たされず、すぐ切れた", ["not held", "length <120"]),
    ("たなかさんという女性担当、水曜、二重引き落とし",
     ["agent たなか", "when 水曜", "about? 二重引き落とし"]),
    ("田中さんから中田さんに代わった電話", ["agent 田中|中田", "transferred"]),
    ("090で始まって7788で終わる番号から", ["number first 8190+7788"]),
    ("048…6640からかけた分、3月30日", ["number first 8148+6640", "inbound", "when 3月30日"]),
    ("末尾88、昨年末", ["number last 88", "when 昨年末"]),
    ("携帯の下四桁七七八八、一昨日", ["number last 7788", "when 一昨日"]),
    ("契約チームの人、鈴木さん、8月上旬", ["team 契約", "agent 鈴木", "when 8月上旬"]),
    ("夜間の担当の岡田さん、カード紛失", ["queue 夜間", "agent 岡田", "about? カード紛失"]),
    ("受付の女性に料金プランを聞いた", ["queue 受付", "about? 料金プラン"]),
    ("Call-ID: a84b4c76e66710@pc33.example.com の録音",
     ["id a84b4c76e66710@pc33.example.com"]),
    ("録音ID 0190a1b2c3d4e5f60718293a4b5c6d7e をお願いします",
     ["id 0190a1b2c3d4e5f60718293a4b5c6d7e"]),
    ("受付番号20261104の件", ["about 20261104"]),
    ("注文1234567がキャンセルできない", ["about 1234567", "about? キャンセル"]),
    ("先方から電話があり、引っ越しの手続きについて20分ほど話した",
     ["inbound", "about 引っ越しの手続き", "length 1200"]),
    ("架電。伊東が担当。先月の半ば", ["outbound", "agent 伊東", "when 先月の半ば"]),
    ("12/24の25時ごろ、深夜に電話した、ルーターの故障",
     ["when 12/24の25時ごろ、深夜", "about? ルーターの故障"]),
    ("もしかしたら髙橋（旧姓 斎藤）さん、6月", ["agent 髙橋|斎藤", "when 6月"]),
    ("高橋または斉藤、契約更新の相談で、2分もしないうちに終わった",
     ["agent 高橋|斉藤", "about 契約更新", "length <120"]),
    ("森さんと話した、金曜の午後", ["agent 森", "when 金曜の午後"]),
    ("内線2601、今日2601にかけたら別の人が出た", ["extension 2601"]),
    ("番号は表示圏外、20分以上話した", ["number withheld out_of_area", "length >1200"]),
    ("ナビダイヤルにかけた。冷蔵庫の修理。9月の第2週",
     ["dialled first 81570", "about? 冷蔵庫の修理", "when 9月の第2週"]),
    ("お名前は佐々木です。先月、解約したいと言った",
     ["customer 佐々木", "when 先月", "about? 解約"]),
    ("ご本人：西村様　番号は090-1234-2291　カード紛失の届け出",
     ["customer 西村", "number whole 819012342291", "about カード紛失"]),
    ("氏名：山本花子　電話番号：03-1234-5678", ["customer 山本花子", "number whole 81312345678"]),
    ("中田さんに取り次いでもらった、領収書", ["agent 中田", "transferred", "about? 領収書"]),
    ("折り返しの電話はなかった", ["not called_back"]),
    ("11/20(木)朝イチで中田さんと話したはず　090ー1234ー3315",
     ["when 11/20(木)朝イチ", "agent 中田", "number whole 819012343315"]),
    ("欲しいのはその一本前の電話。11月13日に折り返しをもらった",
     ["when 11月13日", "called_back", "inbound?"]),
    ("サイトウさんかサトウさん、洗濯機の配送の遅れ",
     ["agent サイトウ|サトウ", "about? 洗濯機の配送の遅れ"]),
    ("向こうからかかってきた、数分、クレーム",
     ["inbound", "length 120-360", "about? クレーム"]),
    ("お客様へ電話した、見積もりの件、11月2日15時半",
     ["outbound", "about 見積もり", "when 11月2日15時半"]),
    ("田中なんとかさん、8/10〜8/15のどこか", ["agent 田中", "when 8/10〜8/15"]),
    ("山田様名義の契約、住所変更", ["customer 山田", "about? 契約", "about? 住所変更"]),
    ("短い電話だった。折返し希望", ["length <120", "called_back"]),
    ("契約番号AB-99812、名義変更", ["about AB-99812", "about? 名義変更"]),
    ("通話時間は約60分　保留で待たされた　用件は住所変更",
     ["length 3600", "held", "about 住所変更"]),
    ("7788", ["number last 7788"]),
    ("田中", ["agent 田中"]),
    ("解約", ["queue? 解約", "about? 解約"]),
    ("billing, 7788", ["queue? billing", "about? billing", "number last 7788"]),
    ("担当 A01、解約の件", ["agent A01", "about 解約"]),
    ("オペレーター2001", ["agent 2001"]),
    ("agent 2001, ends in 7788", ["agent 2001", "number last 7788"]),
    ("agent id: a17", ["agent a17"]),
    ("agent 2601", ["extension 2601"]),
    ("A01, number ends in 7788", ["agent A01", "number last 7788"]),
    ("ext. 2001", ["extension 2001"]),
    ("2601", ["number? last 2601", "extension? 2601"]),
    ("2601, ends in 7788", ["number last 7788", "extension? 2601"]),
    ("team Support 1", ["team Support 1"]),
    ("team support 1", ["team support 1"]),
    ("someone from billing", ["queue billing"]),
    ("01924f3c-1a2b-7c3d-8e4f-5a6b7c8d9e0f",
     ["id 01924f3c-1a2b-7c3d-8e4f-5a6b7c8d9e0f"]),
    ("昨日", ["when 昨日"]),
    ("内線2601", ["extension 2601"]),
    # English.
    ("Late in October, in the evening, a Ms Tanaka or Nakata, my number ends in 7788",
     ["when Late in October, in the evening", "agent Tanaka|Nakata", "number last 7788"]),
    ("cust. called last Thursday, spoke to a Ms Smith or Smythe, her no. ends 0143",
     ["inbound", "when last Thursday", "agent Smith|Smythe", "number last 0143"]),
    ("the customer is Ms Morishita, about a refund", ["customer Morishita", "about refund"]),
    ("my name is Wilson, I called yesterday about ten am about a password reset",
     ["customer Wilson", "inbound", "when yesterday about ten am", "about password reset"]),
    ("we called back on 4 November, spoke with Reed or Reid",
     ["outbound", "called_back", "when 4 November", "agent Reed|Reid"]),
    ("you called me on Friday, a short call", ["outbound", "when Friday", "length <120"]),
    ("Order BX77120, kept on hold for ages, 25 mins or so",
     ["about BX77120", "held", "length 1500"]),
    ("order no 1234567 never arrived", ["about 1234567", "about? arrived"]),
    ("ext 2601, change of address, number was withheld",
     ["extension 2601", "about? change of address", "number withheld caller"]),
    ("They say 2601 is now some guy called Tom. ext 2601 in August",
     ["extension 2601", "when August"]),
    ("rang the freephone number and was transferred twice",
     ["dialled first 81120", "transferred"]),
    ("called the 0800 number in September", ["dialled first 81800", "when September"]),
    ("rang 03-5555-0100 to report a lost card", ["dialled whole 81355550100", "about lost card"]),
    ("the billing queue, not transferred, about ten minutes",
     ["queue billing", "not transferred", "length 600"]),
    ("someone in accounts called Priya put me through to billing",
     ["team accounts", "agent Priya", "transferred", "queue billing"]),
    ("from a payphone, yesterday morning", ["number withheld pay_phone", "when yesterday morning"]),
    ("his number starts with 090 and ends in 88", ["number first 8190+88"]),
    ("last four 0168, agent was Nakada, about a delivery",
     ["number last 0168", "agent Nakada", "about delivery"]),
    ("double seven double eight, half an hour", ["number last 7788", "length 1800"]),
    ("an incoming call, less than a minute", ["inbound", "length <60"]),
    ("an outgoing call to +81 90 1234 7788", ["outbound", "number whole 819012347788"]),
    ("she was passed on to someone else and never called back",
     ["transferred", "not called_back"]),
    ("regarding the annual fee, Mr Becker, 3 November",
     ["about annual fee", "agent Becker", "when 3 November"]),
    ("Requester Alan Pike, 090-1234-7788. Lunchtime Oct 30, agent Becker",
     ["customer Alan Pike", "number whole 819012347788", "when Lunchtime Oct 30", "agent Becker"]),
    ("spoke to tanaka", ["agent tanaka"]),
    ("spoke to someone about my bill", ["about bill"]),
    ("a lady called Karen answered, double charge",
     ["agent Karen", "about? double charge"]),
    ("call-id 3f2a9c11@10.0.0.5", ["id 3f2a9c11@10.0.0.5"]),
    ("ticket #44118, washing machine", ["about 44118", "about? washing machine"]),
    ("the orders team, two weeks ago, missing parts",
     ["queue orders", "when two weeks ago", "about? missing parts"]),
    ("it wasn't a long call, Wednesday afternoon", ["length <600", "when Wednesday afternoon"]),
    ("call lasted between 5 and 10 minutes, in early May",
     ["length 300-600", "when early May"]),
    ("over 20 minutes on hold, a complaint about the engineer",
     ["length >1200", "held", "about? complaint", "about engineer"]),
    ("he gave his name as Bob Webb, cancel the contract",
     ["customer Bob Webb", "about? cancel the contract"]),
    ("Mrs Webb called about her invoice on the 3rd of November",
     ["customer Webb", "inbound", "about invoice", "when 3rd of November"]),
    ("she wants the call before it. We phoned her back on 4 November",
     ["when 4 November", "called_back", "outbound"]),
    ("no caller ID, Takahashi Misaki, new year",
     ["number withheld caller", "agent Takahashi Misaki", "when new year"]),
    ("the number contains 3477", ["number within 3477"]),
    ("I don't remember the name, sometime in July, broken router",
     ["when July", "about? broken router"]),
    ("customer: Morishita; agent: Tanaka; re: late fee",
     ["customer Morishita", "agent Tanaka", "about late fee"]),
    ("refund", ["about? refund"]),
    ("tanaka or nakata", ["agent tanaka|nakata"]),
    ("090-1234-7788", ["number whole 819012347788"]),
    ("recording id 0190a1b2c3d4e5f60718293a4b5c6d7e", ["id 0190a1b2c3d4e5f60718293a4b5c6d7e"]),
    ("area code 03, an hour and a half", ["number first 813", "length 5400"]),
    ("got a callback from Tom, not the one before lunch",
     ["called_back", "agent Tom", "when before lunch"]),
]  # fmt: skip


def read(text: str, time: str = "") -> Request:
    """With a reader of time that knows one stretch of the text, where nobody else has read it."""

    def read_time(rest: str) -> TimeReading:
        words = unicodedata.normalize("NFKC", time)
        at = rest.find(words)
        if not time or at < 0:
            return TimeReading()
        return TimeReading(WHEN, ((at, at + len(words)),), (Note(code="odd"),))

    return read_sentence(text, read_time=read_time, country="JP", known=KNOWN)


@pytest.mark.parametrize(("text", "clues"), SENTENCES)
def test_a_sentence_is_read_into_its_clues(text: str, clues: list[str]) -> None:
    """Each in its own words, wherever it stands in the sentence."""
    time = next((each.removeprefix("when ") for each in clues if each.startswith("when ")), "")

    assert sorted(told_request(read(text, time), text)) == sorted(clues)


def test_what_was_read_of_the_time_is_no_other_clue_and_its_notes_are_kept() -> None:
    request = read("土曜の25時、解約の件", "土曜の25時")

    assert request.notes == (Note(code="odd"),)
    assert [each.span for each in request.clues] == [(0, 6), (7, 11)]


def test_the_call_before_one_is_of_some_days_until_then() -> None:
    """And what is told of the other call is not told of it, but that there was one."""
    text = "We phoned her back on 11/4. She wants the call before it, kept on hold. 090-1234-7788"
    request = read(text, "11/4")

    when = next(each.value for each in request.clues if isinstance(each.value, WhenClue))
    assert when == WhenClue(
        (Stretch(begin_us=9 * DAY_US, end_us=11 * DAY_US, before_us=6 * DAY_US),), clock=False
    )
    assert request.notes == (Note(code="odd"), Note(code="call_before"))
    assert "inbound?" in told_request(request, text)
    assert "outbound" not in told_request(request, text)


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("今日2105にかけたら別の方（小林さん）が出たそうです。解約の件",
         ["今日2105にかけたら別の方（小林さん）が出たそうです"]),
        ("代表番号にかけた、解約の件", ["代表番号に"]),
        ("担当は若い女性の方、内線2601", ["若い女性"]),
        ("extension 2601, some lady with an accent", ["lady with an accent"]),
        ("7788, 42", ["42"]),
        ("7788、2291", ["2291"]),
        ("we did not call them, 7788", ["we did not call them"]),
        ("担当2人、7788", ["2人"]),
        ("3回くらい電話した、7788", ["3回くらい"]),
    ],
)  # fmt: skip
def test_what_was_not_used_is_told(text: str, unused: list[str]) -> None:
    """But particles and words that say nothing."""
    assert [text[slice(*each)] for each in read(text).unused] == unused


def test_full_width_and_capitals_are_read_as_other_letters() -> None:
    """Places are those of the text as it was typed."""
    text = "ﾀﾅｶさんか中田さん、内線２６０１"
    request = read(text)

    assert told_request(request, text) == ["agent タナカ|中田", "extension 2601"]
    assert [text[slice(*each.span)] for each in request.clues] == [
        "ﾀﾅｶさんか中田さん",
        "内線２６０１",
    ]
    assert told_request(read("SPOKE TO TANAKA, CUST. SAYS A REFUND"), "") == [
        "agent tanaka", "about? refund",
    ]  # fmt: skip


def test_a_request_has_no_more_clues_than_may_be_asked_by_guessing() -> None:
    """What is told stands, guesses only as far as there is room."""
    request = read("。".join(f"解約{'一二三四五六七八九'[at]}型" for at in range(9)) + "。7788")

    assert len(request.clues) <= MAX_CLUES
    check_request(request)


def test_guesses_make_room_for_what_is_told() -> None:
    """Thirteen things: the last guess is left out."""
    text = (
        "お客様は森下さん。担当は田中。090-1234-7788。内線2601。0120-123-456にかけた。向こうから。10分くらい。"
        "解約の窓口。転送された。保留された。折り返し。冷蔵庫。洗濯機"
    )
    request = read(text)

    assert len(request.clues) == MAX_CLUES
    assert "about? 洗濯機" not in told_request(request, text)
    assert "about? 冷蔵庫" in told_request(request, text)


def test_a_date_is_no_number() -> None:
    """Nor its hour: digits and hyphens, as a telephone number has them."""
    request = read("2026-10-21 16:00、7788", "2026-10-21 16:00")

    assert told_request(request, "2026-10-21 16:00、7788") == [
        "when 2026-10-21 16:00",
        "number last 7788",
    ]


@pytest.mark.parametrize(
    ("text", "flaw"),
    [("あ" * 501, Flaw.LENGTH), ("7788\x00", Flaw.CONTROLS), ("77\n88", Flaw.CONTROLS),
     ("\ud800", Flaw.CONTROLS)],
)  # fmt: skip
def test_a_text_that_cannot_be_shown_is_refused_by_name(text: str, flaw: Flaw) -> None:
    with pytest.raises(PartRefused) as refused:
        check_text(text)

    assert (refused.value.field, refused.value.flaw) == ("text", flaw)


def test_where_nothing_is_understood_it_is_refused_by_name() -> None:
    check_text("ええと、その、あの。")
    with pytest.raises(PartRefused) as refused:
        check_request(read("ええと、その、あの。"))

    assert refused.value.flaw is Flaw.NOTHING_UNDERSTOOD


def test_no_text_makes_it_raise() -> None:
    """10,000 texts: of letters by chance, and of pieces of sentences; all places are in the"
    " text."""
    chance = random.Random(42)  # noqa: S311  # the same texts each time
    letters = [each for text, _ in SENTENCES for each in text] + list("0・-()\x00\ud800ﾞ゙é🙂")
    for at in range(10_000):
        one, other = chance.choice(SENTENCES)[0], chance.choice(SENTENCES)[0]
        text = one[chance.randrange(len(one)) :] + other[: chance.randrange(len(other))]
        if at % 2:
            text = "".join(chance.choices(letters, k=chance.randrange(40)))
        request = read(text)
        assert all(0 <= begin < end <= len(text) for begin, end in request.unused)
        assert all(0 <= each.span[0] < each.span[1] <= len(text) for each in request.clues)


@pytest.mark.parametrize(
    "text",
    ["1 " * 250, "田中か" * 160, "10分" * 160, "「" * 500, "x" * 500, "7788 " * 100, "の" * 600],
)
def test_a_long_text_is_read_for_a_few_clues(text: str) -> None:
    assert len(read(text).clues) <= MAX_CLUES
