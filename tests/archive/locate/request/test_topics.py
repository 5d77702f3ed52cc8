"""What a call was about, told in many ways; and what is said beside it that is of no call."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from archive.locate.request.request import read_request
from archive.locate.request.sentence import Request
from archive.locate.when.values import Calendar
from tests.support.archive.told_requests import KNOWN, told_request

TOKYO: Final = ZoneInfo("Asia/Tokyo")
NOW: Final = datetime(2026, 11, 1, tzinfo=TOKYO)
CALENDAR: Final = Calendar(country="JP", date_order="month_first", fiscal_month=4)


def read(text: str) -> Request:
    return read_request(text, now=NOW, zone=TOKYO, calendar=CALENDAR, country="JP", known=KNOWN)


def topics(text: str) -> list[str]:
    return [each for each in told_request(read(text), text) if each.startswith(("about", "queue"))]


TOLD_EN: Final = (
    """
re refund|regarding a refund|it had to do with a refund|it was to do with a refund
something to do with the refund|having to do with refund|to discuss refund|discussed the refund
we discussed a refund|we talked through the refund|went over the refund|refund was the topic
the refund was what we talked about|the subject was refund|topic: refund|topic was a refund
topic of the call was refund|the reason for the call was a refund|purpose of call: refund
call reason: refund|nature of the enquiry: refund|it concerned a refund|concerning refund
it was related to the refund|relating to refund|in relation to the refund|in regard to a refund
with regards to a refund|as regards refund|in respect of the refund|pertaining to the refund
on the subject of refund|on the topic of refund|on the matter of refund|in the matter of refund
a refund enquiry|refund query|refund-related|refund issue|the question was a refund
complaining about refund|enquiring about refund|asked about a refund|called for a refund
dealing with refund|it dealt with refund|it involved a refund|it was all about a refund
matter: refund|theme: refund|content: refund|gist: refund|issue was refund
the problem was the refund|refund came up|refund was mentioned|refund was discussed
matter in question: refund|because of a refund|refund thing|the refund business|category: refund
refund discussion|call type: refund|hoping for a refund|seeking a refund|asking for a refund
requested a refund|linked to refund|with a refund problem|refund question|refund request
mentioned a refund|wrt refund|w/r/t refund|touching on refund|centred on refund
centered around the refund|wanted a refund|keyword: refund|enquiry about refund
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
TOLD_JA: Final = (
    """
返品の件|返品関連|返品絡み|返品がらみ|返品関係|返品案件|返品に関する話|返品に関する内容|返品に関して
返品に関連して|返品に関わる話|返品に係る件|返品にまつわる話|返品をめぐって|返品を巡る話|返品の話題
話題は返品|主題は返品|テーマは返品|用件は返品でした|要件：返品|内容：返品|内容は返品|返品の内容
返品の話でした|返品のことで|返品のことで電話した|返品の用事|返品の用件|返品の要件|返品の案件|返品の相談
返品の問合せ|返品のトラブル|返品のやり取り|返品のやりとり|返品の会話|返品の手続き|返品の質問|返品の要望
返品目的|目的は返品|趣旨：返品|相談内容：返品|問い合わせ内容は返品|返品の申し出|返品のクレーム|返品が話題
返品が主題|返品がテーマ|返品が用件|概要：返品|キーワード：返品|返品で問い合わせた|返品について話した
返品の件について|返品の事で|返品希望|返品依頼|返品相談|返品問い合わせ|返品が中心|返品という用件
返品まわり|返品周りの話|返品の関係で|種別：返品|分類：返品|カテゴリ：返品|問合せ：返品|相談：返品
話した内容は返品|電話の目的は返品|返品処理|返品の処理|返品の案内を受けた|返品の交渉|返品の催促
返品につき|議題は返品|返品の電話
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
CARRIERS_EN: Final = (
    """
could you pull the recording for me please|I need to listen to it again, we have a dispute
I want proof of what was agreed|trying to track down a call|please dig out this one
my memory isn't great|sorry I can't be more precise|that's as much as I can tell you
not a hundred percent certain of it|hope that helps|let me know if you need anything else
I am following up on a call with one of your colleagues|the customer disputes what was agreed
legal needs it|for quality review|need the call pulled|pls retrieve|PLEASE FIND CALL
PLEASE TRACE CALL|bear with me|off the top of my head|if memory serves|as far as I can recall
I took no notes|I didn't write it down|going from memory here|this is all the info available
no further details|any luck finding it?|is there any way to hear that one again?
Would it be possible to get hold of it?|I'd appreciate it if you could dig it up|cheers
much appreciated|can you trace it|he swears he was told otherwise|an audit is going on
We are being sued and require the audio file|per the client's request|reference for the auditor
hoping you can help|my solicitor asked for it|the details are as follows|I may be mistaken
Let me describe the conversation|This concerns a telephone conversation|that is everything
apologies for the vagueness|to the best of my recollection|to the best of my knowledge
urgent - boss is asking|see case file|escalated case|QA sample|training purposes
I was promised something on that call and want to hear it again|that's all I have
Call lookup|Mum rang you|Nothing else springs to mind|I had a chat with one of your people
It is important that I get this|They assured me it would be sorted|Please check your system
Kindly look into your records|I was recorded, the announcement said so|supervisor asked
filled in by clerk|typed from paper form|treat with caution|according to my phone log
scribbled on a post-it|forwarded from branch|via web form|resubmitting my request
grateful for a reply|reply by mail|asking for a copy|requesting a copy of it
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
CARRIERS_JA: Final = (
    """
録音を聞き直したいので探してください|言った言わないで揉めています|言った言わないになっているので録音を出してください
上司から確認を求められています|弁護士に渡す必要があります|約束した内容を確かめたい|証拠として残したい
通話を特定してください|該当の録音をお送りください|聞き返したい|記憶があいまいですみません
覚えているのはこれだけです|これ以上は分かりません|手がかりはこれくらいです|監査対応のため|社内調査のため
品質確認用|苦情対応のため録音を確認したい|お客様が内容に納得されていないため|先方と話が食い違っている
説明と違うと言われた|言われたことと違うので確かめたい|いつもお世話になっております|急ぎです|ご対応願います
抽出依頼|検索依頼|音声データを出してほしい|詳細不明|あとは思い出せません|うろ覚えですが
間違っていたらすみません|メモを取っていませんでした|正確ではないかもしれません|通話履歴の照会|聴取希望
確かこんな感じでした|ほかに手がかりはない|探しています|見つけてもらえますか|照会します|開示を求めます
担当部署より照会|法務部からの照会です|コンプライアンス調査|折衝の経緯を確認したい|引き継ぎのため
念のため確認したい|お客様から開示のお申し出がありました|折衝記録あり|聞き取りメモ|録音データ照会|※要確認
以前のやりとりを聞き直したいのですが|覚えている範囲で書きます|ヒアリング結果|管理者より
消費生活センターから連絡がありました|態度が悪かった|運転中でした|手帳を見ました|発信履歴で確認済み
メモ書きより転記|受付票より|再送します|書き起こしが必要|応対品質のモニタリング
評価のため|裁判所に出します|証拠保全|走り書き|本人談|記憶の限り|思い当たるのは
抽出のご依頼|データの照会依頼
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


@pytest.mark.parametrize("said", TOLD_EN)
def test_words_say_in_english_that_it_was_about_that(said: str) -> None:
    """By whatever stands before or behind it; that is told, not guessed."""
    assert "about refund" in topics(f"around 3 pm, {said}")


@pytest.mark.parametrize("said", TOLD_JA)
def test_words_say_in_japanese_that_it_was_about_that(said: str) -> None:
    assert "about 返品" in topics(f"15時ごろ、{said}")


@pytest.mark.parametrize("said", CARRIERS_EN)
def test_what_somebody_says_of_himself_and_of_recordings_is_no_topic(said: str) -> None:
    """Nor before the clues, nor in small letters."""
    assert topics(f"{said}. it was Tanaka, around 3 pm") == []
    assert topics(f"{said.lower()}. tanaka, around 3 pm. {said}") == []


@pytest.mark.parametrize("said", CARRIERS_JA)
def test_why_somebody_asks_in_japanese_is_no_topic(said: str) -> None:
    assert topics(f"{said}。田中さん、15時ごろ") == []
    assert topics(f"田中さん、15時ごろ。{said}。") == []


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("please trace call, 7788", ["trace"]),
        ("7788. I was promised something on that call", ["promised"]),
        ("折衝記録あり、7788", ["折衝記録あり"]),
        ("7788。言った言わないになっているので録音を出してください", ["言った言"]),
    ],
)
def test_what_is_no_topic_is_shown_as_not_used(text: str, unused: list[str]) -> None:
    assert [text[slice(*each)] for each in read(text).unused] == unused


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I was promised a refund, 7788", "about? refund"),
        ("Hello, could you find my parcel, 7788", "about? parcel"),
        ("洗濯機、7788", "about? 洗濯機"),
        ("聞き取りメモ 洗濯機、7788", "about? 洗濯機"),
        ("Tanaka, 3 pm, washing machine", "about? washing machine"),
        ("受け取り、7788", "about? 受け取り"),
        ("プランの切り替え、7788", "about? プランの切り替え"),
        ("7788。返金してほしいと言われた", "about? 返金"),
        ("データ通信の件、7788", "about データ通信"),
        ("about the audit, 7788", "about? audit"),
        ("データの件、7788", "about? データ"),
    ],
)
def test_a_topic_beside_such_words_is_one(text: str, said: str) -> None:
    """And where words say that it was about one of them, it may have been."""
    assert said in topics(text)


@pytest.mark.parametrize(
    ("text", "clues"),
    [
        ("order ref. 5301923", ["about 5301923"]),
        ("order reference no 5301923", ["about 5301923"]),
        ("my order, 5301923", ["about 5301923"]),
        ("the order with number 5301923", ["about 5301923"]),
        ("5301923 (order)", ["about 5301923"]),
        ("4376456の注文", ["about 4376456"]),
        ("5301923番の予約", ["about 5301923"]),
        ("内線#2001", ["extension 2001"]),
        ("ext #2001", ["extension 2001"]),
        ('marked "corporate"', ["about corporate"]),
        ("ラベル「重要」", ["about 重要"]),
        ("number 7788 customer Reed", ["number last 7788", "customer Reed"]),
        ("7788の番号、注文の件", ["number last 7788", "about 注文"]),
        ("in 2026 account", ["when in 2026", "about? account"]),
    ],
)
def test_the_number_of_an_order_is_no_telephone(text: str, clues: list[str]) -> None:
    """Nor is a telephone's an order's."""
    assert told_request(read(text), text) == clues


def test_what_stands_beside_a_topic_is_no_part_of_it() -> None:
    """A note of its own behind it, a word before it."""
    assert topics("10/12 15時 返品に関する内容 折衝記録あり") == ["about 返品"]
    assert topics("※要確認 返品の件、10/12") == ["about 返品"]
