"""Characters that stand for one another in names: which writings a name in kanji may have.

A table, of what `kanji_key` takes for one; of names alone. Knows no names.
"""

from collections.abc import Iterator
from itertools import islice, product
from typing import Final

from archive.locate.who.kanji import kanji_key

_GROUPS: Final = """
高髙 崎﨑嵜碕 辺邉邊 斎斉齋齊 浜濱濵 沢澤 島嶋嶌 広廣 国國 桜櫻 桧檜 吉𠮷 富冨 真眞 恵惠 徳德 竜龍
滝瀧 関關 塩鹽 黒黑 条條 実實 寿壽 万萬 与與 豊豐 静靜 亀龜 来來 宝寶 蔵藏 遥遙 凜凛 鶴靏靍 薮藪
籠篭 藤籐 渋澁澀 曽曾 栄榮 弥彌 円圓 会會 学學 鉄鐵 館舘 峰峯 梅楳 松枩 船舩 芦蘆 秋穐 桑桒 柳栁
礼禮 穂穗 清淸 青靑 横橫 郎郞 緑綠 薫薰 勲勳 顕顯 頼賴 瀬瀨 伝傳 児兒 亜亞 衛衞 経經 継繼 剣劍
厳嚴 恒恆 暁曉 尭堯 県縣 糸絲 将將 団團 灯燈 当當 双雙 総總 荘莊 帯帶 台臺 単單 鋳鑄 聴聽 鎮鎭
麦麥 仏佛 槙槇 満滿 野埜 薬藥 余餘 両兩 歴歷 楼樓 禄祿 湾灣 数數 声聲 浅淺 禅禪
"""
_MOST: Final = 24
_LONGEST: Final = 8


def _others() -> dict[str, str]:
    found: dict[str, str] = {}
    for group in _GROUPS.split():
        for each in group:
            found[each] = "".join(dict.fromkeys(found.get(each, "") + group))
    return found


_OTHERS: Final = _others()


def kanji_writings(word: str) -> tuple[str, ...]:
    """The word itself and what else it may be written as: 高橋 and 髙橋, 佐々木 and 佐佐木."""
    if len(word) > _LONGEST:
        return (word,)
    forms = product(*(_OTHERS.get(each, each) for each in word))
    some = (each for written in islice(forms, _MOST) for each in _repeated("".join(written)))
    return tuple(dict.fromkeys((word, *some)))[:_MOST]


def _repeated(word: str) -> Iterator[str]:
    """With 々 for the second of two that are the same, and without it."""
    yield word
    plain = kanji_key(word) if "々" in word else word
    if plain != word:
        yield plain
    marked = "".join(
        "々" if at and word[at - 1] == each and each not in "々ー" else each
        for at, each in enumerate(word)
    )
    if marked != word:
        yield marked
