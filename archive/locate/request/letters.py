"""Phrases of letters and forms that say nothing of a call: greetings, the law, what is asked for.

Pure. Tables of what people write around what they remember; each stretch is shown as not used.
"""

import re
from collections.abc import Iterator
from typing import Final

from archive.locate.request.found import matches
from archive.locate.traced_text import Span

_LAW_JA: Final = (
    r"(?:個人情報(?:の)?保護(?:に関する法律|法|方針)?|(?:保有)?個人データ|法令|民法|消費者契約法)"
)
_ASKED_JA: Final = (
    r"(?:通話|会話|電話|お?話)?(?:の)?(?:録音|音声|記録|内容|データ|個人情報|個人データ)"
)
_JA: Final = (
    # 個人情報保護法第33条に基づき
    rf"{_LAW_JA}(?:[のノ]?規定)?(?:第?\d+条(?:の\d+)?(?:第?\d+項)?)?(?:の規定)?"
    r"(?:に(?:基づ|もとづ|基|則|のっと|よ|従)[ぁ-ゖ]{0,3}|上の?|による)",
    rf"(?:{_LAW_JA}(?:第?\d+条)?の?|{_ASKED_JA}の?)(?:開示|提供|閲覧|聴取)(?:等)?(?:の|を)?"
    r"(?:請求|求め|ご?依頼|ご?希望|お願い|申請)?",
    r"開示(?:等)?(?:の|を)?(?:請求|求め|ご?依頼|ご?希望|申請)(?:書)?",
    r"(?:下記|以下|次|上記|当該|該当)の?(?:通話|電話|録音|内容|件|とおり|通り)",
    rf"{_ASKED_JA}(?:の)?(?:写し|コピー|複製)|録音(?:の)?(?:確認|有無)",
    # Who asks for a recording now has not called then.
    r"お?客(?:様|さま|さん)(?:より|から)の?"
    r"(?=[^。、\n]{0,12}(?:依頼|請求|求め|希望|申し?出|問い?合わ?せ|申告))",
    r"(?:いつも)?(?:大変)?お世話(?:に|様)(?:なっ|なり)?[ぁ-ゖ]{0,6}",
    r"(?:誠に)?恐れ入りますが|恐縮ですが|お手数(?:を|です)[ぁ-ゖ]{0,12}|お忙しいところ|突然のご?連絡",
    r"(?:以上、?)?(?:何卒|どうぞ|どうか)?(?:宜しく|よろしく)(?:お願い|御願い)?(?:いた|致)?[ぁ-ゖ]{0,6}"
    r"(?:申し上げ[ぁ-ゖ]{2})?",
    r"(?:取り|とり)急ぎ|拝啓|敬具|前略|草々|(?:ご)?査収(?:ください)?|ありがとうございま(?:す|した)",
    r"すみません(?:が)?|申し訳(?:ございません|ありません|ない)(?:が|です(?:が)?)?"
    r"|はじめまして|初めてご連絡[ぁ-ゖ]{0,6}",
)
_LAW_EN: Final = (
    r"(?:data protection|privacy|gdpr|appi|ccpa|act on the protection|personal information"
    r"|freedom of information|article|section|subject access|consumer)"
)
_BY_EN: Final = (
    r"(?:under|in (?:accordance|line) with|pursuant to|by virtue of|as per|in terms of|citing"
    r"|based on|on the basis of|further to|exercising)"
)
_WHOM_EN: Final = r"(?:sir or madam|sirs?|madam|team|all|colleagues?|customer services?)"
_EN: Final = (
    rf"\b{_BY_EN}\s+(?:(?:my|the|our|his|her)\s+)?(?:[a-z]+\s+){{0,3}}?{_LAW_EN}\b"
    r"(?:\s*\d{1,3}(?:\(\d\))?)?(?:[^.,;:!?\n]{0,24}?\b(?:laws?|acts?|regulations?|rules|rights?|legislation|gdpr"
    r"|\d{1,3})\b)?(?:\s+(?:of\s+)?(?:19|20)\d\d\b)?"
    r"(?:\s+of the \w+(?: (?:protection )?(?:act|law|regulation))?)?",
    r"\b(?:data )?subject access requests?\b|\bd?sar\b|\bright of access\b"
    r"|\bdisclosure (?:requests?|req)\b|\b(?:request|application) for (?:disclosure|access)\b"
    r"|\bfreedom of information\b",
    rf"\b(?:dear {_WHOM_EN}|to whom it may concern|many thanks"
    r"|as soon as (?:possible|you can)|asap"
    r"|at your earliest convenience)\b",
    # With a name behind it a signature.
    r"\b(?:(?:kind|best|warm) regards|yours (?:faithfully|sincerely|truly))\b"
    r"(?!\s*[,.]?\s+(?-i:[A-Z])[a-z])",
    r"\bi(?:'m| am) (?:writing|contacting you|getting in touch)(?: to (?:you to )?(?:request"
    r"|ask(?: for)?|enquire|inquire|find out))?(?: (?:for )?access to)?\b",
    r"\brequest(?:ing)? (?:for )?access to\b",
    r"\b(?:i )?look(?:ing)? forward to (?:hearing|your)[^.;\n]{0,24}",
    r"\bthank(?:s| you) (?:very|so) much(?: in advance)?\b",
    r"\bthank you(?: in advance| for your (?:help|time|assistance|attention))?\b",
    r"\b(?:fao|attn)\b[^:,.;\n]{0,30}",
    r"\bgood (?:day|morning|afternoon|evening)(?=,? (?:i|we|could|can|please)\b)",
    r"\b(?:the )?following (?:calls?|recordings?|one|details?|conversation)\b|\bas follows\b",
    r"\b(?:i|we) (?:would|'d) be (?:grateful|glad|obliged|happy)(?: if| for)?\b",
    r"\b(?:a )?(?:copy|transcript) of (?:the |that |this |my |our |a |one )?"
    r"(?:call|recording|conversation)s?\b",
)
_LETTERS: Final = tuple(re.compile(each, re.IGNORECASE) for each in (*_JA, *_EN))


def find_letters(text: str) -> Iterator[Span]:
    """The stretches of a text that are of the letter, not of the call."""
    for match in matches(text, *_LETTERS):
        yield match.span()
