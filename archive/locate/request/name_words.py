"""Names as they stand in a text: in which letters, and what is said like one.

Pure. Knows nothing of what a person is to a call.
"""

import re
from typing import Final

from archive.folded_names import fold
from archive.locate.request.empty_words import EMPTY_EN, EMPTY_JA
from archive.locate.request.known_names import KnownNames
from archive.locate.request.name_shapes import is_word
from archive.locate.who.kanji import has_kanji
from archive.locate.who.morae import is_kana, romaji_reading
from archive.locate.who.titles import TITLE_JA

_KANJI: Final = "一-鿿々㐀-䶿豈-﫿𠮷"
_RUN: Final = rf"(?:(?![様氏殿]|以外)[{_KANJI}ヶヵ]){{1,6}}"
# A given name behind it only where a title follows: 森下 由紀様.
NAME_JA: Final = (
    rf"(?:{_RUN}(?:[ 　](?:(?![様氏殿])[{_KANJI}]){{1,3}}(?={TITLE_JA}|です|と名乗|と申))?"
    r"|[ァ-ヺー]{2,10}(?:[ 　・][ァ-ヺー]{2,8})?"
    r"|(?![ぁぃぅぇぉっゃゅょゎーん])(?:(?!さん|さま|くん|または|もしくは|あるいは|それとも|もしか)[ぁ-ゖー]){2,10}"
    r"|(?-i:[A-Z][a-z]+)(?:\s(?-i:[A-Z][a-z]+))?|(?-i:[A-Z]){3,12}(?![A-Za-z]))"
)
WORD_EN: Final = r"[A-Za-z][A-Za-zÀ-ÿ]*(?:['’-][A-Za-zÀ-ÿ]+)*"
NAME_EN: Final = rf"(?:{WORD_EN}(?:\s+(?-i:[A-Z])[a-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*)?)"
# Of fewer letters a text may be a code.
_SHOUTED_FROM: Final = 12
_SMALL: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_LATIN_WORD: Final = re.compile(r"\b[a-z]{4,}\b")
_PARTICLES: Final = frozenset("のにはがをとでもへやね")
# What stands before a name in one run of kanji with it.
_BEFORE: Final = re.compile(
    r"^(?:担当者?|女性担当|男性担当|女性|男性|御?社員|係員|契約者|名義|本人|窓口|受付|当時|当日"
    r"|同じ|旧姓|相手)+"
)
# What a person is, or is to be done, and no surname: 申出人 中山, 要確認 村上.
_LEADS: Final = re.compile(r"[人者件電]$|確認$")
_PLACE: Final = re.compile(
    r"(?:.室|課|係|窓口|センター|せんたー|デスク|支店|営業所|本社|支社|.側|サポート|さぽーと)$"
)
_SAID: Final = re.compile(r"(?:との(?:こと|事)|だそう|だった|でした|です|らしい)(?:です)?$")
_TITLED: Final = re.compile(rf"(?<=[^\W]{{2}}){TITLE_JA}$")
_SAN: Final = re.compile(r"(?<=[A-Za-z]{2})[- ](?:san|sama)$", re.IGNORECASE)
_NOBODY_JA: Final = """
客 お客 顧客 奥 旦那 主人 ご主人 本人 ご本人 皆 皆様 業者 お宅 御社 母 お母 父
お父 娘 息子 兄 姉 妻 夫 家内 弟 妹 祖母 祖父 女性 男性 女 男 担当 担当者
契約者 名義人 誰 何 弊社 当社 方 人 者 別 他 別人 同じ人 不明 若い 先方 相手
私 当方 自分 上司 責任者 新人 皆さん 名前 電話 店員 社員 会社 家族 ご家族 親 子
友人 知人 たく おたく どなた だれ おきゃく みな そちら こちら あちら むこう
たくさん ベテラン バイト アルバイト パート スタッフ リーダー マネージャー
スーパーバイザー ハスキー さん くん ちゃん なんとか なに 以前 最初 最後 途中 当時
今回 前回 一人 二人 三人 一名 二名 複数 交代 交替 変更 部署
別部署 他部署 会員 ユーザー 発信 着信 上席 管理者 オペレーター 最
失念 不詳 不在 未定 記載 記録 忘却 要望 希望 折電 側
"""
_NOBODY_EN: Final = """
a an the someone somebody anyone nobody no one some lady man woman guy person agent operator rep
manager supervisor colleague customer caller client you us them him her me it they she he we i
your our my his their this that these not named called about regarding and or but for from to with
in on at by of is was are were has had have did does do who which what when where why how very
quite just only also still then there here please thanks yes maybe perhaps possibly sure unsure
customer's service support billing sales orders team department desk line number phone call today
yesterday name names another other different either whether been else stop
"""
_NOBODY: Final = frozenset((*_NOBODY_JA.split(), *_NOBODY_EN.split()))


def trimmed(run: str, known: KnownNames, *, begins: bool = False) -> str:
    """The name at the end of a run of characters: 女性担当田中 is 田中, のかとう is かとう.

    Where a phrase `begins` with it one kana before a known name is of it: うこんど.
    """
    run = _without_words(_TITLED.sub("", run.strip()) or run.strip())
    run = _SAN.sub("", run)
    plain = "".join(run.split())
    if plain.isascii() or known.is_person(plain):
        return run
    # What is cut off ends in a particle, else it is of a name that nobody knows: おおおしま.
    cuts = range(2 if begins else 1, len(plain) - 1)
    tails = (plain[at:] for at in cuts if has_kanji(plain) or plain[at - 1] in _PARTICLES)
    if not has_kanji(fold(plain)):
        kana = (
            next((each for each in tails if known.is_person(each)), "")
            if is_kana(fold(plain))
            else ""
        )
        if begins or plain[0] not in _PARTICLES:
            return kana or run
        return kana or plain.lstrip("".join(_PARTICLES))
    bare = _BEFORE.sub("", run)
    if bare != run:
        return bare.strip()
    return run if " " in run else next((each for each in tails if known.is_agent(each)), run)


def unsaid(name: str, known: KnownNames) -> str:
    """A name without what says that it is told: たがわとのこと is たがわ."""
    bare = _SAID.sub("", name)
    return bare if len(bare) > 1 and not known.is_person(name) else name


def _without_words(run: str) -> str:
    """Without a word before it or behind it that is none of it: 番号 大石, Kato STOP."""
    first, _, name = run.partition(" ")
    if name and (first in EMPTY_JA or _LEADS.search(first)):
        return name.strip()
    name, _, last = run.rpartition(" ")
    is_shouted = last.isupper() and not name.isupper() and last.lower() in EMPTY_EN
    return name if name and is_shouted else run


def is_nobody(name: str) -> bool:
    """It is a word for a person, or another word, and no name."""
    plain = fold(name)
    if (
        not plain
        or plain in _NOBODY
        or _PLACE.search(plain)
        or (plain.isascii() and plain.split()[0] in _NOBODY)
    ):
        return True
    return len(plain) == 1 and not has_kanji(plain)


def without_shouting(text: str) -> str:
    """A text in capitals alone, in small letters: so written they tell no name from a word."""
    letters = [each for each in text if each.isascii() and each.isalpha()]
    shouted = len(letters) > _SHOUTED_FROM and not any(each.islower() for each in letters)
    return text.translate(_SMALL) if shouted else text


def with_capitals(text: str) -> str:
    """A text in small letters alone, with capitals where a word may be a Japanese name."""
    if any("A" <= each <= "Z" for each in text):
        return text
    return _LATIN_WORD.sub(lambda word: _capital(word[0]), text)


def _capital(word: str) -> str:
    name = not (word in EMPTY_EN or word in _NOBODY or is_word(word)) and romaji_reading(word)
    return word[0].upper() + word[1:] if name else word
