"""Ids and numbers of orders, cases and the like by which a call or its matter is known.

Pure. Knows nothing of which there are.
"""

import re
from collections.abc import Iterator
from typing import Final

from archive.locate.clues import GistClue, IdClue
from archive.locate.request.found import Found, found_at
from archive.locate.request.known_names import KnownNames

# Letters and digits of ASCII alone: what stands beside them in Japanese is no part of an id.
_IDS: Final = (
    re.compile(
        r"(?:\b(?:call|sip|recording|session|conversation)[ -]?id|(?:録音|通話|コール|会話"
        r"|セッション)(?:の)?(?:ID|番号))"
        r"\s*(?:is|was|は|が|[:#=])?\s*(?P<id>[\w.@+%-]{4,128})",
        re.IGNORECASE | re.ASCII,
    ),
    re.compile(
        r"(?<![\w-])(?P<id>[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})(?![\w-])",
        re.IGNORECASE | re.ASCII,
    ),
    re.compile(r"(?<![\w.+-])(?P<id>[\w.+%-]{4,64}@[A-Za-z0-9][\w.-]*\w)", re.ASCII),
    re.compile(
        r"(?<![\w-])(?P<id>(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{12,64})(?![\w-])",
        re.IGNORECASE | re.ASCII,
    ),
)
_CODE: Final = r"(?:[A-Za-z]{1,5}[-/]?\d[\w/-]{2,}|\d{3}[\dA-Za-z]*(?:-[\dA-Za-z]+)*)"
_NOT_A_DATE: Final = r"(?!\d{4}[-/]\d{1,2}[-/])(?!0\d{1,3}-?\d{2,4}-\d{4}\b)(?!0[789]0\d{8}\b)"
# Before what it is of: no year, and not what a number ends with.
_LONG: Final = r"(?=[A-Za-z-]{0,5}\d{5})"
_ENDS: Final = r"(?![\w-]|\s?(?:桁|けた|[年月日時分円件個]))"
# Of a card or an account, not of a telephone.
_CARDS: Final = (
    re.compile(
        r"(?:(?:クレジット|キャッシュ|会員)?カード|口座|証券|免許証)(?:番号)?の?\s*(?:下\s?\d?\s?桁"
        r"|末尾|最後|終わり)(?:の?\d桁)?(?:が|は|の|:)?\s*(?P<id>\d{3,})(?!\d)"
    ),
    re.compile(
        r"\b(?:card|account|acct|iban)(?:\s+(?:number|no\.?))?\s+(?:that\s+)?(?:ending|ends"
        r"|last (?:four|4|three|3)(?: digits)?)(?:\s+(?:in|with|is|are))?\s+(?P<id>\d{3,})(?!\d)",
        re.IGNORECASE,
    ),
)
_MATTERS: Final = (
    r"order|purchase|ticket|case|complaint|file|acct|a/c|serial|ref(?:erence)?|invoice|booking"
    r"|reservation|account|policy|contract|customer|claim|quote|quotation|confirmation|tracking"
    r"|parcel"
)
_ORDERS: Final = (
    re.compile(
        r"(?:内容|ご?注文|受注|オーダー|伝票|受付|お?問い?合わ?せ|契約|会員|申し?込み?|予約|案件"
        r"|チケット|管理|整理|お客様|顧客|請求書?|追跡|シリアル|製造|証券)"
        r"(?:の)?\s*(?P<word>番号|No\.?|ID|コード|ナンバー)?\s*(?:は|が|の|[:#])?\s*"
        rf"{_NOT_A_DATE}(?P<id>{_CODE}){_ENDS}",
        re.IGNORECASE | re.ASCII,
    ),
    re.compile(
        rf"\b(?:about|{_MATTERS})\s*(?:,\s*{_LONG})?(?:(?:with|of|under|having)\s+)?(?:the\s+)?"
        r"(?P<word>(?:ref(?:erence)?\b\.?\s*)?(?:no\b\.?|numbers?|num\b\.?|nr\b\.?|#|id|code)"
        r"|ref(?:erence)?\b\.?)?\s*(?:is|was|[:#=])?\s*"
        rf"{_NOT_A_DATE}(?P<id>{_CODE}){_ENDS}",
        re.IGNORECASE | re.ASCII,
    ),
    re.compile(
        rf"(?<![\w-]){_NOT_A_DATE}{_LONG}(?P<id>{_CODE})\s*番?\s*の?\s*[(（]?"
        r"(?:ご?注文|受注|オーダー|伝票|ご?予約|ご?契約(?!者)|案件|受付(?!の)|申し?込み?)(?!\s*(?:番号|は|が|[:\d]))",
        re.ASCII,
    ),
    re.compile(
        rf"(?<![\w-]){_NOT_A_DATE}{_LONG}(?P<id>{_CODE})\s*"
        r"(?:\(|(?:(?:is|was)\s+)?(?:the|my|his|her|their)\s)?"
        r"\s*(?:order|purchase|ticket|invoice|booking|reservation)\b(?!\s*(?:no\b|number|ref|id\b|code|[:#=\d]))",
        re.IGNORECASE | re.ASCII,
    ),
    re.compile(rf"(?<!内線)(?<!ext)(?<!ext[ .])#\s?(?P<id>{_CODE}){_ENDS}", re.ASCII),
    re.compile(
        r"(?<![\w-])(?!ext|内線|x{2,})(?P<id>[A-Za-z]{1,5}-?\d{4,}[\w-]*)(?![\w-])", re.ASCII
    ),
)
_TAGS: Final = (
    re.compile(
        r"(?:タグ|ラベル|マーク|フラグ|\b(?:with the )?(?:tag(?:ged)?|label(?:l?ed)?"
        r"|flag(?:ged)?|marked|marker)\b)\s*(?:は|が|as|is|[:])?\s*[「『\"“](?P<id>[^」』\"”\n]{1,60})[」』\"”]",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:タグ|\b(?:with the )?tag(?:ged)?\b)\s*(?:は|が|as\b|is\b"
        r"|[:])?\s*(?P<id>[^\s、。,.;:/「」\"“”]{1,30})",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<id>[^\s、。,.;:/「」のがをにはで\0]{1,30})の?タグ(?:付き)?"),
)
# An order's number has some digits; "order 12" is of a list.
_MIN_DIGITS: Final = 4
# With letters in it, behind "number" or "ref": QX7Y22.
_MIN_NAMED: Final = 3
_EXTENSION: Final = re.compile(
    r"^(?:x(?=\d{1,6}$)|ext|tel|fy|q|no)-?\d+$", re.IGNORECASE | re.ASCII
)


def find_references(text: str) -> Iterator[Found]:
    """The ids of calls and the numbers of orders in a text."""
    for pattern in _IDS:
        yield from (found_at(each, IdClue(each["id"])) for each in pattern.finditer(text))
    for pattern in _CARDS:
        yield from (found_at(each, GistClue(each["id"])) for each in pattern.finditer(text))
    for pattern in _ORDERS:
        for match in pattern.finditer(text):
            digits = sum(each.isdigit() for each in match["id"])
            least = _MIN_NAMED if match.groupdict().get("word") else _MIN_DIGITS
            if (
                digits >= least
                and len(match["id"]) >= _MIN_DIGITS
                and not _EXTENSION.match(match["id"])
            ):
                yield found_at(match, GistClue(match["id"]))


def find_tags(text: str, known: KnownNames) -> Iterator[Found]:
    """Find tags of a call: one of the site, else what stands in quotes, or one word."""
    for tag in sorted(known.tags, key=len, reverse=True):
        name = re.escape(tag)
        before = rf"(?:タグ|\btag(?:ged)?\b)\s*(?:は|が|as|is|:)?\s*[「\"“]?{name}[」\"”]?"
        pattern = rf"{before}|{name}の?タグ(?:付き)?"
        for match in re.finditer(pattern, text, re.IGNORECASE):
            yield found_at(match, GistClue(tag))
    for each in _TAGS:
        yield from (found_at(match, GistClue(match["id"])) for match in each.finditer(text))
