"""Words that deny what stands beside them: 田中ではない, 10月以外, "not Tanaka".

Pure. A hedge (月曜じゃないかな, "wasn't it Tanaka?") denies nothing. Knows not what is denied.
"""

import re
from typing import Final

_HEDGE: Final = r"(?:の|ん)?(?:です|でしょう|だろう|だった)?(?:か(?!ら|も|っ)|っけ|\?|？)"
_NONE: Final = (
    rf"(?:で|じゃ)(?:は|も)?\s?(?:な(?:い|く|かった|し|さそう)|(?:あり|ござい)ません)(?!{_HEDGE})"
)
_NOUN: Final = r"(?:中|頃|ごろ|る?もの|の|わけ|の?(?:こと|話|件|電話|通話|方|人|担当|チーム|窓口))"
_BEHIND: Final = re.compile(
    rf"\s?{_NOUN}?(?:{_NONE}|では?無[いくか]|以外|を?除[いくき]|とは?(?:別|違う|異なる)"
    rf"|は(?:違う|違い|ちがう|ちがい)(?!{_HEDGE})|でも、?(?=[^、。]{{1,16}}?でもな(?:い|く|かった)))"
    # 7788で終わらない, こちらからはかけていない
    r"|(?:では?)?(?:始ま|はじま|終わ|おわ)?(?:らな(?:い|かった|く)|りません)"
    r"|は?(?:お?電話)?(?:は|を)?(?:かけ|掛け|し|架電し|かかってき|掛かってき)て(?:い)?"
    r"(?:ない|なかった|ません)"
    r"|\s+(?:was|is)(?:\s+not|n['’]t)\s+(?:the one|who|involved|it)\b",
    re.IGNORECASE,
)
_LINK: Final = r"(?:been|be|it|was|call(?:ed)?|the|a|an|that|this|in|on|at|of|during|from)"
_NOT: Final = (
    r"(?:(?<!\bif )(?<!whether or )(?<!was it )(?<!is it )\bnot"
    r"|(?:\b\w{1,6})?n['’]t(?!\s+(?:it|he|she)\b)|\bnever|\bneither|\bnor|\bexcept(?:ing)?(?: for)?"
    r"|\bexcluding|\bother than|\bapart from"
    r"|\bany(?:one|body|thing| (?:day|time|month|week|agent|queue|team|number)) but"
    r"|\bevery(?:one|body| (?:day|time|month|week)) but|\brather than|\binstead of)"
)
_BEFORE: Final = re.compile(rf"{_NOT}(?:\s+{_LINK})*\s*$", re.IGNORECASE)
# Whom somebody did not speak to, where nobody got through: of a time that denies nothing.
_UNMET_BEHIND: Final = re.compile(
    r"(?:の?(?:窓口|チーム|キュー|人|方))?(?:とは?|には?|は|が)"
    r"(?:お?話し|話せ|つなが[っら]|繋が[っら]|対応し|出)(?:てい?)?"
    rf"(?:な(?:い|かった|く)|ませ?ん)(?!{_HEDGE})"
)
_MEET: Final = (
    r"(?:any|to|with|by|for|via|through|get|got|getting|put|spoke|speak(?:ing)?|spoken"
    r"|talk(?:ed|ing)?|dealt|deal|named?|is|me|us|him|her|them)"
)
_UNMET_BEFORE: Final = re.compile(rf"{_NOT}(?:\s+(?:{_LINK}|{_MEET}))*\s*$", re.IGNORECASE)
# Far more than any of the words has.
_NEAR: Final = 40


def denied_until(text: str, end: int) -> int | None:
    """The end of the words behind a stretch that deny it; None where none does."""
    return _until(_BEHIND, text, end)


def denied_from(text: str, begin: int) -> int | None:
    """The beginning of the words before a stretch that deny it; None where none does."""
    return _from(_BEFORE, text, begin)


def unmet_until(text: str, end: int) -> int | None:
    """The same of whom, and where, nobody spoke: 田中とは話していない."""
    denied = denied_until(text, end)
    return denied if denied is not None else _until(_UNMET_BEHIND, text, end)


def unmet_from(text: str, begin: int) -> int | None:
    """The same of whom, and where, nobody spoke: "did not get through to billing"."""
    return _from(_UNMET_BEFORE, text, begin)


def _until(words: re.Pattern[str], text: str, end: int) -> int | None:
    behind = words.match(text, end)
    return None if behind is None else behind.end()


def _from(words: re.Pattern[str], text: str, begin: int) -> int | None:
    start = max(begin - _NEAR, 0)
    before = words.search(text[start:begin])
    return None if before is None else start + before.start()
