"""What customers write in letters and clerks in notes, and the clues that are in it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from archive.locate.request.request import read_request
from archive.locate.request.sentence import Request
from archive.locate.when.values import Calendar
from tests.support.archive.told_requests import KNOWN, told_request

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 1, tzinfo=TOKYO)
CALENDAR = Calendar(country="JP", date_order="month_first", fiscal_month=4)

# Each clue as `told_request` writes it, with a question mark where it is a guess; times as "when".
WRITTEN: list[tuple[str, list[str]]] = [
    (
        "担当わたなべさん、こちらは小林、返品の相談",
        ["agent わたなべ", "customer 小林", "about 返品"],
    ),
    ("こちらは田中が対応、10月13日", ["agent 田中", "when"]),
    ("whose name began with Mats, Tanaka perhaps", ["agent Mats|Tanaka"]),
    ("応対者は「髙木」または「高木」", ["agent 髙木|高木"]),
    ("配送の件 担当者名不明", ["about 配送"]),
    ("担当者名は田中", ["agent 田中"]),
    ("spoke to Nakamura-san re: delivery", ["agent Nakamura", "about delivery"]),
    ("1か月前、30分近く話した", ["when", "length 1800"]),
    ("折り返しの電話をいただけなかった", ["not called_back"]),
    ("she quoted 12.50 for the repair", ["about? quoted", "about? repair"]),
    (
        "拝啓 平素よりお世話になっております。個人情報保護法第33条第1項に基づき、貴社が保有する"
        "私の個人データの開示を請求いたします。対象は2026年10月14日15時頃の通話録音です。敬具",
        ["when"],
    ),
    (
        "開示請求書 氏名 大川 恵子 電話番号 090-1234-5678 対象期間 2026年9月1日〜9月30日 コール"
        "センターへの電話",
        ["customer 大川", "about? 恵子", "number whole 819012345678", "when", "inbound"],
    ),
    (
        "いつもお世話になっております、株式会社ミドリの佐藤です。先週の水曜に御社の田中さんと話"
        "した保守契約の更新の件で、録音を確認させてください",
        ["about? 株式会社ミドリ", "customer 佐藤", "when", "agent 田中", "about 保守契約の更新"],
    ),
    (
        "お手数ですが10月20日の午後に解約を申し込んだ時の通話を聞かせてもらえますか。下4桁は229"
        "1です",
        ["when", "about 解約", "number last 2291"],
    ),
    (
        "Dear Sir or Madam, I am writing to request access to a recording under Article 15 GDPR"
        ". I called on 14 October at around 3pm about my broadband contract. My number is 090-1"
        "234-5678. Yours faithfully, Peter Long",
        [
            "inbound",
            "when",
            "about broadband contract",
            "number whole 819012345678",
            "customer Peter Long",
        ],
    ),
    (
        "Subject access request: all recordings of calls between 1 and 15 October, number endin"
        "g 4471",
        ["when", "number last 4471"],
    ),
    (
        "Please could you find my call from last Tuesday afternoon? I spoke to a Ms Sato about "
        "cancelling my subscription. Thanks very much",
        ["when", "agent Sato", "about cancelling my subscription"],
    ),
    (
        "To whom it may concern: pursuant to the Data Protection Act 2018 please send me a copy"
        " of the recording of my call of 3 Sept regarding claim 8812345",
        ["when", "about 8812345"],
    ),
    (
        "cust rang 10/12 pm re damaged parcel, wants recording, mob ends 0143",
        ["inbound", "when", "about damaged parcel", "number last 0143"],
    ),
    (
        "Caller: Yamamoto Keiko / 080-2222-3333 / 10/5 morning / re: change of address / spoke "
        "w Suzuki",
        [
            "customer Yamamoto Keiko",
            "number whole 818022223333",
            "when",
            "about change of address",
            "agent Suzuki",
        ],
    ),
    (
        "cx called abt refund not received, 2x last wk, acct 44120998",
        ["inbound", "about refund not received", "when", "about 44120998"],
    ),
    (
        "折電希望の件、10/3 16:20、山本様、090-2222-3333、担当 中村",
        ["about 折電", "when", "customer 山本", "number whole 819022223333", "agent 中村"],
    ),
    (
        "【至急】10/21 14時台 クレーム 商品破損 配送業者の件 佐々木様 下4桁0091",
        ["when", "about クレーム 商品破損 配送業者", "customer 佐々木", "number last 0091"],
    ),
    (
        "受電メモ：10月8日 11時15分 お客様 小林様 用件 定期便の停止 担当 鈴木",
        ["inbound", "when", "customer 小林", "about 定期便の停止", "agent 鈴木"],
    ),
    (
        "本人より、9月末に料金の二重請求について電話したとのこと。番号は070-1111-2222",
        ["inbound", "when", "about 料金の二重請求", "number whole 817011112222"],
    ),
    (
        "母が10月10日の昼頃に電話した、健康食品の定期購入の解約、母の名前は井上和子",
        ["when", "about? 健康食品の定期購入の解約", "customer 井上和子"],
    ),
    (
        "主人が先月の20日ごろ携帯から電話、エアコンの取り付け工事の日程変更",
        ["when", "inbound", "about? エアコンの取り付け工事の日程変更"],
    ),
    (
        "埼玉の番号からかけた、10月5日の夕方",
        ["inbound", "when"],
    ),
    (
        "a Saitama number, 5 October evening",
        ["when"],
    ),
    (
        "大阪の固定電話から 06 で始まる番号 9月中旬",
        ["number first 816", "when"],
    ),
    (
        "保険金の請求の電話、確か10月の第2火曜、山田という女性",
        ["about 保険金の請求", "when", "agent 山田"],
    ),
    (
        "カスタマーサポートに電話した。返金してもらえると言われた。10月1日",
        ["about? カスタマーサポート", "about? 返金", "when"],
    ),
    (
        "10/15 夜 クレジットカードの不正利用 停止してもらった",
        ["when", "about? クレジットカードの不正利用 停止"],
    ),
    (
        "ログインできないと電話、10月12日 10時半",
        ["about? ログイン", "when"],
    ),
    (
        "電話の内容は、引っ越しに伴う住所変更と名義変更の件でした。9月25日",
        ["about 引っ越しに伴う住所変更と名義変更", "when"],
    ),
    (
        "請求書が届かないと先々週の金曜に電話しました",
        ["about? 請求書が届かない", "when"],
    ),
    (
        "I was promised a refund of 5,000 yen by an agent on 2 Oct",
        ["about? refund", "when"],
    ),
    (
        "On 12 October I complained that the engineer didn't turn up",
        ["when", "about? complained that the engineer didn't turn"],
    ),
    (
        "They promised a call-back which never came - 15 Oct, number 090-1111-2222",
        ["called_back", "when", "number whole 819011112222"],
    ),
    (
        "Conversation concerning the warranty on my washing machine, Oct 9th pm",
        ["about warranty on my washing machine", "when"],
    ),
    (
        "call with support about error code E-1045 on the router, last Friday",
        ["about? support", "about error code", "about E-1045", "about? router", "when"],
    ),
    (
        "I rang to cancel, they said there'd be a 10,000 yen fee. Beginning of September",
        ["inbound", "about? cancel", "about? there'd", "about? fee", "when"],
    ),
    (
        '"your parcel is lost" was what she said, 20 Sept, Ms Ito',
        ["about parcel is lost", "when", "agent Ito"],
    ),
    (
        "the agent said「違約金はかからない」, 10/9",
        ["about 違約金", "when"],
    ),
    (
        "「違約金はかからない」と言われた電話、10月9日の午後",
        ["about 違約金", "when"],
    ),
    (
        "違約金がかからないと説明された。担当は男性、10月9日",
        ["about? 違約金がかからないと説明", "when"],
    ),
    (
        "契約更新月の確認。8月の終わりごろ。小川さんまたは小山さん",
        ["about 契約更新月", "when", "agent 小川|小山"],
    ),
    (
        "ご契約者様：高橋一郎様 ご連絡先：03-1111-2222 内容：解約手続きの説明",
        ["customer 高橋一郎", "number whole 81311112222", "about 解約手続き"],
    ),
    (
        "お名前 斎藤 様  日時 10/2 13:00  内容 不明",
        ["customer 斎藤", "when"],
    ),
    (
        "顧客番号 12345678 の方からの電話、10/11",
        ["about 12345678", "when"],
    ),
    (
        "会員番号 AB-12345、退会の申し出、10月上旬",
        ["about AB-12345", "about 退会", "when"],
    ),
    (
        "booking ref QX7Y22 — changed the date of travel, called 18 Oct in the morning",
        ["about QX7Y22", "about? changed the date of travel", "when"],
    ),
    (
        "reference: 20261012-0034, agent Kimura",
        ["about 20261012-0034", "agent Kimura"],
    ),
    (
        "Invoice 2026-0091 query, Oct 7, about 10 mins",
        ["about 2026-0091", "when", "length 600"],
    ),
    (
        "My mother's call (Mrs. Hayashi), she rang about her heating, sometime in the first wee"
        "k of October",
        ["customer Hayashi", "inbound", "about heating", "when"],
    ),
    (
        "Someone from your company called me on my mobile yesterday at noon to sell solar panels",
        ["outbound", "when", "about? sell solar panels"],
    ),
    (
        "sales call, solar panels, 2 Oct, they called me",
        ["about? sales", "about? solar panels", "when", "outbound"],
    ),
    (
        "おたくから太陽光パネルの勧誘の電話があった、10月2日",
        ["outbound", "about? 太陽光パネルの勧誘", "when"],
    ),
    (
        "勧誘電話 10/2 太陽光 発信",
        ["about? 勧誘電話", "when", "about? 太陽光", "outbound"],
    ),
    (
        "予約の変更をお願いした電話です。10月18日10時、名前は加藤",
        ["about 予約の変更", "when", "customer 加藤"],
    ),
    (
        "事故の連絡 10月3日 深夜2時頃 ロードサービス",
        ["about 事故", "when", "about? ロードサービス"],
    ),
    (
        "故障受付、冷蔵庫、先週土曜、シリアル番号 X1234567",
        ["about? 故障受付", "about? 冷蔵庫", "when", "about X1234567"],
    ),
    (
        "水漏れの件で電話、10/6 8時、水島さん",
        ["about 水漏れ", "when", "agent 水島"],
    ),
    (
        "2 calls about same thing, want the second, 5 Oct, Tanaka",
        ["when", "agent Tanaka"],
    ),
    (
        "the bit where he reads out the terms, 10 October 2:15pm, contract sale",
        ["about? reads out the terms", "when", "about? contract sale"],
    ),
    (
        "complaint call re rude agent, Oct 3",
        ["about? complaint", "when"],
    ),
    (
        "電話口の対応が悪かった、10月3日、若い男性",
        ["when"],
    ),
    (
        "お客様相談室につながった電話、10/4、商品の異物混入",
        ["when", "about? 商品の異物混入"],
    ),
    (
        "アプリの不具合、iPhone、10月7日14時ごろ、090で始まる番号",
        ["about? アプリの不具合", "about? iPhone", "when", "number first 8190"],
    ),
    (
        "カード紛失 10/13 深夜 非通知",
        ["about? カード紛失", "when", "number withheld caller"],
    ),
    (
        "昨日の夕方、受付の方に転送された電話、住民票の写しの郵送について",
        ["when", "queue 受付", "transferred", "about 住民票の写しの郵送"],
    ),
    (
        "先月の電話で案内された解約金の金額を確認したい、担当は佐藤さん",
        ["when", "about? 案内された解約金の金額", "agent 佐藤"],
    ),
    (
        "保険の見直しの相談をした電話です。9月20日ごろ、30分くらい話しました",
        ["about 保険の見直し", "when", "length 1800"],
    ),
    (
        "口座番号の末尾が1234、10月2日の電話",
        ["about 1234", "when"],
    ),
    (
        "クレジットカード番号の下4桁5566のカード停止、10/3",
        ["about 5566", "about? カード停止", "when"],
    ),
    (
        "90歳の父が電話した、10月5日",
        ["inbound", "when"],
    ),
    (
        "10月5日に2回電話した内の2回目、キャンセル料の話",
        ["when", "about キャンセル料"],
    ),
    (
        "ご注文番号：2026-1005-77 返品希望 10/6",
        ["about 2026-1005-77", "about 返品", "when"],
    ),
    (
        "お問い合わせ番号 9988-1122 荷物未着",
        ["about 9988-1122", "about? 荷物未着"],
    ),
    (
        "追跡番号 123456789012 の荷物の件",
        ["about 123456789012", "about 荷物"],
    ),
    (
        "田中（契約者は妻の田中恵子）10/1",
        ["agent 田中", "customer 田中恵子", "when"],
    ),
    (
        "フリーダイヤル0120-111-222に10月1日かけたが話し中で、2日にかけ直してつながった",
        ["dialled whole 81120111222", "when", "called_back"],
    ),
    (
        "こちらの番号は非通知でした。10月9日",
        ["number withheld caller", "when"],
    ),
    (
        "10/9 18:05 入電 3分12秒 保留あり 転送先：技術",
        ["when", "inbound", "length 192", "held", "transferred", "about? 技術"],
    ),
    (
        "代表から技術部の山田につながった 10/2",
        ["about? 技術部", "agent 山田", "when"],
    ),
    (
        "受付→技術に転送 10/2 山田",
        ["about? 技術", "transferred", "when", "agent 山田"],
    ),
    (
        "oct 2, transferred from reception to tech, Yamada",
        ["when", "transferred", "queue 受付", "about? tech", "agent Yamada"],
    ),
    (
        "Order A-20458 never arrived, I rang on the 12th Oct, spoke to Tom",
        ["about A-20458", "about? arrived", "inbound", "when", "agent Tom"],
    ),
    (
        "I phoned about my bill being too high. Think it was 3 October. Lady called Sarah",
        ["inbound", "about bill being too high", "when", "agent Sarah"],
    ),
    (
        "cancelled my direct debit over the phone on Oct 3",
        ["about? cancelled my direct debit", "when"],
    ),
    (
        "changed my address by phone, early Sept, took about 10 mins",
        ["about? changed my address", "when", "length 600"],
    ),
    (
        "My account number is 00112233, call on 2 October about overdraft",
        ["about 00112233", "when", "about overdraft"],
    ),
    (
        "Her reference is ABC/123/99, call on Oct 1",
        ["about ABC/123/99", "when"],
    ),
    (
        "FAO records dept: call 11/10/2026 approx 14:20, ext 2601, caller J. Webb",
        ["when", "extension 2601", "customer Webb"],
    ),
    (
        "Voicemail left for Tanaka on 5 Oct",
        ["agent Tanaka", "when"],
    ),
    (
        "missed call from you on Oct 5, I rang back and got Nakata",
        ["when", "called_back", "agent Nakata"],
    ),
    (
        "He said his name was Tom or Tim",
        ["customer Tom|Tim"],
    ),
    (
        "It's about the boiler, they sent the wrong part. Last Monday.",
        ["about boiler", "about? wrong part", "when"],
    ),
    (
        "Hi, can you find when I agreed to the new tariff? Sometime in August. Thanks, Jane",
        ["about? new tariff", "when", "customer Jane"],
    ),
    (
        "Looking for call re: fraud alert on card ending 5566, Oct 3",
        ["about fraud alert", "about 5566", "when"],
    ),
    (
        "Please check if we have: 090-1234-5678, Oct 3, 4pm, sales",
        ["number whole 819012345678", "when", "about? sales"],
    ),
    (
        "need call for QA: agent Reed, 3 Oct, escalation, refund > 10,000 yen",
        ["agent Reed", "when", "about? escalation", "about? refund"],
    ),
    (
        "insurance claim, car accident, called from the roadside, 2 Oct about 8pm",
        ["about? insurance claim", "about? car accident", "about? roadside", "when"],
    ),
    (
        "Wrong delivery address - agent promised to fix - 5 Oct am",
        ["about? Wrong delivery address", "about? fix", "when"],
    ),
    (
        "The man with a Kansai accent, 3 Oct, late fee",
        ["when", "about late fee"],
    ),
    (
        "電話で「必ず返金します」と言われました。10月3日、たぶん中田さん",
        ["about 必ず返金", "when", "agent 中田"],
    ),
    (
        "10/3の朝イチに電話、担当者名は失念、用件はネットの開通日",
        ["when", "about ネットの開通日"],
    ),
    (
        "10月中旬に「インターネット回線の開通」でお電話しました。名義は父の山本勇です",
        ["when", "about インターネット回線の開通", "customer 山本勇"],
    ),
    (
        "お客様ID 778899、10/3 13時頃、パスワード再設定",
        ["about 778899", "when", "about? パスワード再設定"],
    ),
    (
        "型番KX-200の冷蔵庫の故障、10月3日",
        ["about? 型番KX-200の冷蔵庫の故障", "when"],
    ),
    (
        "年金の手続きを聞いた電話 10月の頭",
        ["about 年金", "when"],
    ),
    (
        "税金 還付 8月 夕方",
        ["about? 税金 還付", "when"],
    ),
    (
        "解約　違約金　9月　女性　長かった",
        ["about? 解約 違約金", "when", "length >900"],
    ),
    (
        "refund september tanaka long call",
        ["about? refund", "when", "agent tanaka", "length >900"],
    ),
    (
        "cancel contract, sept, lady, long",
        ["about? cancel contract", "when", "length >900"],
    ),
    (
        "歯医者の予約、10/3 9時、キャンセル",
        ["about? 歯医者の予約", "when", "about? キャンセル"],
    ),
    (
        "商品券の当選の電話。10月3日、着信",
        ["about 商品券の当選", "when", "inbound"],
    ),
]


def read(text: str) -> Request:
    return read_request(text, now=NOW, zone=TOKYO, calendar=CALENDAR, country="JP", known=KNOWN)


@pytest.mark.parametrize(("text", "clues"), WRITTEN)
def test_a_letter_or_a_note_is_read_into_its_clues(text: str, clues: list[str]) -> None:
    told = told_request(read(text), text)

    assert ["when" if each.startswith("when ") else each for each in told] == clues


SAID_ONCE_MORE = [
    ("tel 03-1234-5678, mobile 090-1111-2222", ["090-1111-2222"]),
    ("about 10 minutes, maybe 20 minutes", ["maybe 20 minutes"]),
    ("called three times on 13 October", ["three times"]),
    ("10月13日に御社からお電話をいただきました", []),
    ("昨夜九時過ぎ、男性オペレーター", ["男性オペレーター"]),
    ("a rainy Wednesday morning", ["rainy"]),
    ("15:00 GMT on 14 October", ["GMT"]),
    ("日本時間の15時", ["日本時間"]),
    ("所要時間は5分ほど、前回の電話は10月13日", []),
]


@pytest.mark.parametrize(("text", "unused"), SAID_ONCE_MORE)
def test_what_no_clue_is_made_of_is_shown_as_not_used(text: str, unused: list[str]) -> None:
    """The second of two numbers or lengths, a voice, the weather: nothing is dropped in silence."""
    request = read(text)

    assert [text[begin:end] for begin, end in request.unused] == unused
    assert not any(each.guessed for each in request.clues)


NOT_OF_THE_CALL = [
    (
        "Under data protection law I want the recording of one call. Oct 13",
        ["Under data protection law"],
    ),
    ("In accordance with the GDPR, Oct 13", ["In accordance with the GDPR"]),
    (
        "Please disclose under Article 15 of the UK GDPR my call of Oct 13",
        ["under Article 15 of the UK GDPR"],
    ),
    ("Need the recording of the following call. Oct 13", ["the following call"]),
    ("To whom it may concern: Oct 13. Kind regards", ["To whom it may concern", "Kind regards"]),
    ("subject access request, Oct 13", ["subject access request"]),
    (
        "個人情報保護法第33条に基づき録音の開示を請求します。10月13日",
        ["個人情報保護法第33条に基づき", "録音の開示を請求"],
    ),
    (
        "お世話になっております。10月13日の通話です。よろしくお願いいたします。",
        ["お世話になっております", "よろしくお願いいたします"],
    ),
    ("開示請求の件、10月13日", ["開示請求"]),
    ("お客様より録音確認のご依頼。10月13日", ["お客様より", "録音確認"]),
    ("埼玉の番号、10月13日", ["埼玉の"]),
]


@pytest.mark.parametrize(("text", "unused"), NOT_OF_THE_CALL)
def test_what_is_of_the_letter_is_shown_as_not_used(text: str, unused: list[str]) -> None:
    """And is no clue: of a law no call was."""
    request = read(text)

    assert [text[begin:end] for begin, end in request.unused] == unused
    assert not any(each.guessed for each in request.clues)
