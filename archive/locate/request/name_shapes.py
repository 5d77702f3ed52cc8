"""What a word looks like that may be a name nobody knows: 倉田, おおしな, "Batashi".

Tables and the shapes of words. Knows nothing of where a word stands.
"""

import re
from typing import Final

from archive.folded_names import fold
from archive.locate.request.empty_words import EMPTY_EN, EMPTY_JA, VOICES
from archive.locate.request.known_names import KnownNames
from archive.locate.who.english_names import is_english_name
from archive.locate.who.kanji import has_kanji, kanji_key
from archive.locate.who.morae import is_kana, romaji_reading
from archive.locate.who.surnames import READINGS

# Beside those of the frequent surnames: what others are written with.
_KANJI: Final = """
倉柏柳栗梅桃梶植榊樽楠榎槙笹笠篠箕米粕糸綾綿臼船芝芦芳茂荻萩葛蒲蓮薄蔵薮虎蛭袴角諸豊赤足車辰迫逸郡都里重
釜釘鎌鏡鍋門間雨雪霜露靏須頼飯館香駒鬼魚鮫鳥鳴鴨鵜鶴鷲鷹鹿麻黒亀龍竜勝君吹園国城垣埜堤墨奥姫寺峰峯崔嵯
巻布帯常幸庄床弓弘徳忍志押掛政斉斎旗早旭昌星春曽朝末条板枝染柿栄株根桑桐桂椎椿橘永江汐沖沼泉波洞津洲淵
添湯溝滝漆潮澤濱瀧灰炭照牛牧犬猪猿王玄瓜甲畑畠皆盛眞砂碓磯祖稲穂窪竿笛箱粟紀絹綱緒羽翁聖肥脇膳舘舟花
苅茅草荷華落衣見貝貫越軽轟郷釣長防雲霞静鯉鳩鷺麦丹丸之亘井伏信兼内冬分別前北区原古台吉周和咲善喜圓塩嶋
平廣弥後恒恵所扇方日明月有杜桶楽槻樺河浄海淡淀渕渡湊源為目神福秀種積立竹笑筒粂紺結縄船色若菱薬藍西谷
貞身農迎那金銀錦鉄鐘関阪阿雁雅頓飽鶉杉戸口木達林森村本松桜辻
"""
_OF_SURNAMES: Final = frozenset(map(kanji_key, "".join((*READINGS, *_KANJI.split()))))
# Written with such characters, and no names.
_WORDS_JA: Final = """
内部 中部 西部 東部 南部 北部 本部 上部 下部 外部 全部 一部 部分 山中 地下 水田 中古 高原 野外
北海道
東京 大阪 京都 神戸 奈良 岐阜 長崎 大分 佐賀 高知 福井 富山 香川 岡山 広島 福島 宮城 秋田 青森
名古屋 日本 国内 海外 東北 関西 関東 四国 九州 中国 今日 明日 本日 先日 後日 平日 毎日 日中 日時
月日
今月 来月 先月 毎月 年月 今回 前回 生年月日 時間 夜間 昼間 期間 週間 一時 早朝 今朝 本人 相手 相手方
一方 両方 片方 大手 上手 下手 入手 手数 手前 別件 用件 外線 内線 直通 金額 料金 現金 入金 送金 口座
見積 見本 見直 見込 取引 取消 引落 引取 振込 持込 申込 積立 火災 水道 電気 地震 生命 保険 医療 年金
通販 注文 有料 無料 品目 品番 名前 名義 氏名 店舗 店頭 道路 近所 住所 番地 地名 場所 所在 手元 手配
配達 配線 海上 陸上 上記 下記 前記 記入 記名 作業 作成 明細 内容 別紙 日程 為替 国外 県外 市外 都内
平成 昭和 大正 令和 月曜 火曜 水曜 木曜 金曜 土曜 日曜 春夏 秋冬 前日 当日 大口 小口 新品 切手
小包 電池
水回 花火 生花 茶葉 食品 物品 部品 新規 分割 月額 日割 年内 年間 正月 元日 初回 初期 初日 中旬
"""
_WORDS_EN: Final = """
kyoto osaka tokyo kobe nagoya sendai nara hiroshima yokohama sapporo toyota honda-dealer nissan
covid visa note date home time name take made make same some more site game bike hire mine one tone
use rate issue menu banana potato tomato camera bite june july are here there were where sure wise
done gone none bone zone anime manga sake kimono karaoke tatami sushi ramen wagyu yen mobile moto
repo demo memo info logo video audio radio studio auto euro ohio china korea data beta meta mega
sony yamato sagawa amazon suica pasmo nintendo konami sega kindle rude so to no we he she me be do
go hope hose rose pure sure are mere sore wore hate gate mate late ate ride side wide rise wise
nice rice dice nine fine wine line mode node rode tube cube mute site kite mite tie die
japan japanese english asia mariko-san abuse refuse amuse excuse because arise rename renew
machine reason
"""
_NO_NAME: Final = frozenset((*_WORDS_JA.split(), *_WORDS_EN.split()))
_MIN_ROMAJI: Final = 3
# Of a verb, an adjective or a particle: わすれました, おぼえていない.
_SAID_KANA: Final = re.compile(
    r"(?:ない|なかった|ません|ました|でした|だった|って|った|ている|いた|です|ます|から|まで"
    r"|より|けど|ので|のに|かも|らしい"
    r"|こと|もの|ところ|とき|ごろ|くらい|ぐらい|はなした|はなし|おしえた)$"
    r"|^(?:[がは]?かけ(?:た|て|な)|かかって|から(?:か|の|お)|し(?:て|ます|まし|ない)|さ(?:れ|せ)|と(?:いう|か)|どう|わから|わかり|わかん|おぼえ"
    r"|わすれ|たしか|たぶん|おそらく"
    r"|じょせい|だんせい|おんな|おとこ|おなじ|べつの|ほかの|ちがう|ちがっ|いつも|その(?:とき"
    r"|ひと|かた|ほか)|このひと|どなた"
    r"|だれ|どこ|なんと|なにも|こちら|そちら|あちら|わたし|ぼく|じぶん|わかい|とても|すごく"
    r"|かなり|ちょっと|ええと|あまり"
    r"|おばあ|おじい|おねえ|おにい|おばさ|おじさ|おかあ|おとう|ありが|すみま|おねが|よろし"
    r"|いただ|くださ|おでんわ|でんわ"
    r"|ごご|ごぜん|ゆうがた)"
    r"|^(?:まだ|もう|すぐ|また|よく|もっと|はい|いえ|その|この|あの|べつ|ほか|いつ|した|いう|うち|うちの|むこう)$"
)
_LOAN: Final = re.compile(r"[ーヴァィゥェォヮパピプペポッ]")
_KANA_NAME: Final = range(2, 8)
_KANJI_NAME: Final = range(2, 4)


def is_like_name(word: str, known: KnownNames) -> bool:
    """It is known as a name, or made as names are."""
    return any(_is_like(each, known) for each in re.split(r"[\s・]+", word) if each)


def is_word(word: str) -> bool:
    """A folded word that is made as names are, and is none."""
    return word in _NO_NAME or word in VOICES


def is_like_kana_name(word: str) -> bool:
    """A name in kana, by its length and by what it does not begin or end with."""
    return len(word) in _KANA_NAME and _SAID_KANA.search(word) is None and not _LOAN.search(word)


def is_hiragana(word: str) -> bool:
    """Without a character of katakana, in which other words are written too."""
    return all("ぁ" <= each <= "ゖ" or each == "ー" for each in word)


def are_alike(one: str, other: str) -> bool:
    """One is heard for the other: a character in kanji, or most letters, are the same."""
    return len(set(one) & set(other)) >= max(len(set(one)), len(set(other))) / 2


def _is_like(word: str, known: KnownNames) -> bool:
    if known.is_person(word):
        return True
    plain = fold(word)
    if is_word(plain) or plain in EMPTY_EN or plain in EMPTY_JA:
        return False
    if has_kanji(plain):
        return len(plain) in _KANJI_NAME and all(each in _OF_SURNAMES for each in kanji_key(plain))
    if is_kana(plain):
        return False
    return is_english_name(plain) or (len(plain) >= _MIN_ROMAJI and len(romaji_reading(plain)) > 1)
