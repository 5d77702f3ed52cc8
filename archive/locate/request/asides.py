"""Asides of a text about other calls than the one that is sought.

Pure. Knows nothing of clues.
"""

import re
from collections.abc import Iterator
from typing import Final

from archive.locate.request.found import without
from archive.locate.traced_text import Span

_END_JA: Final = r"[^。.!?！？\n]*"
_END_EN: Final = r"[^.;!?\n]*"
_ASIDES: Final = (
    # Who answers now is not who answered then.
    re.compile(
        rf"(?:今日|本日|きょう|先ほど|さきほど|さっき|今|現在)[^。、\n]{{0,24}}?(?:かけ|掛け"
        rf"|電話し)"
        rf"(?:直し|なおし|てみ)?(?:たら|ると){_END_JA}"
    ),
    # Of whoever spoke: no column has it.
    re.compile(r"\bwith an? [a-z]+ accent\b|[一-鿿]{1,3}(?:弁|訛り?)", re.IGNORECASE),
    re.compile(r"別の(?:方|人|者|担当)\s*[(（][^)）\n]*[)）]"),
    re.compile(
        rf"(?:\b(?:they|she|he|i'm|i was)\s+(?:says?|said|tells?|told|am told)\b[^.;!?\n]*?)?"
        rf"[\w']*\s*\b(?:is|are|'s)\s+now\b{_END_EN}",
        re.IGNORECASE,
    ),
    # Who did not call: that somebody else did is not said.
    re.compile(
        r"\b(?:we|they|i|you|she|he)\s+(?:did\s+not|didn['’]t|never)\s+"
        r"(?:call|called|ring|rang|phone|phoned)\b(?!\s+(?:\w+\s+)?back\b)"
        r"(?:\s+(?:us|them|you|me|her|him))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:she|he|they)(?:'s|\s+is|\s+has|\s+was)?\s+(?:got\s+"
        rf"|since\s+)?(?:re)?married\b{_END_EN}",
        re.IGNORECASE,
    ),
)
# Of a number's area: what digits it has is told beside it, or not known.
_AREAS_JA: Final = """
北海道 青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 東京 神奈川 新潟
富山 石川 福井 山梨 長野 岐阜 静岡 愛知 三重 滋賀 京都 大阪 兵庫 奈良 和歌山
鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本 大分 宮崎
鹿児島 沖縄 札幌 仙台 さいたま 横浜 川崎 名古屋 神戸 堺 北九州 県外 市外 都内
地元 海外 国際
"""
_AREAS_EN: Final = """
Hokkaido Sapporo Sendai Saitama Chiba Tokyo Yokohama Kanagawa Nagoya Aichi Kyoto Osaka Kobe Hyogo
Hiroshima Fukuoka Okinawa London Manchester Birmingham Glasgow Edinburgh Dublin foreign overseas
local landline
"""
_AREA: Final = re.compile(
    rf"(?:{'|'.join(_AREAS_JA.split())})[都道府県市]?(?:内)?の?"
    r"(?=\s*(?:固定|市外局番|局番|番号|電話番号))"
    rf"|\b(?:a|an|the|from)\s+(?:{'|'.join(_AREAS_EN.split())})"
    r"(?=\s+(?:numbers?|landline|line|area code|phone)\b)",
    re.IGNORECASE,
)
_BEFORE_IT: Final = re.compile(
    r"(?:その|それの)?(?:一本|1本|ひとつ|一つ|直)前(?:の(?:電話|通話|方|もの|コール|分))?"
    r"|その前の(?:電話|通話|方|もの|コール)"
    r"|\bthe\s+(?:call|one)\s+(?:right\s+|just\s+)?before\s+(?:it|that|this)(?:\s+(?:one"
    r"|call))?\b|\bthe previous call\b",
    re.IGNORECASE,
)


def find_asides(text: str) -> Iterator[Span]:
    """Find what is said of another call, of who answers now, of a name of today, of an area."""
    for pattern in (*_ASIDES, _AREA):
        for match in pattern.finditer(text):
            yield match.span()
            text = without(text, (match.span(),))


def find_call_before(text: str) -> Span | None:
    """Find the words that ask for the call before the one told of."""
    match = _BEFORE_IT.search(text)
    return None if match is None else match.span()
