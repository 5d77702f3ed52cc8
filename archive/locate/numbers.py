"""Numbers as people remember them: whole, first or last digits, an extension, or withheld.

Pure. Knows nothing of calls; the country is an argument.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from archive.call.numbers import MAX_CLUE_DIGITS, e164_prefix, read_number
from archive.locate.spelt_digits import MIN_DIGITS, in_digits

MAX_TEXT: Final = 500
# A shorter run beside a mask or alone is an end, a longer one may be the whole number.
_WHOLE_FROM: Final = 9


class Form(StrEnum):
    """How much of a number is remembered."""

    WHOLE = "whole"
    LAST = "last"
    FIRST = "first"
    WITHIN = "within"
    EXTENSION = "extension"
    WITHHELD = "withheld"
    NONE = "none"


class Withheld(StrEnum):
    """Why a number was not shown."""

    CALLER = "caller"
    PAY_PHONE = "pay_phone"
    OUT_OF_AREA = "out_of_area"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedNumber:
    """A number as far as it is remembered.

    `digits` are as they are stored: of a whole number and of first digits those of E.164 where
    that can be said, without `+`. `ending` are last digits told beside first ones.
    """

    form: Form
    digits: str = ""
    ending: str = ""
    reason: Withheld | None = None


_WITHHELD: Final = (
    (re.compile(r"公衆|pay\s?phone|call box|coin phone"), Withheld.PAY_PHONE),
    (re.compile(r"表示圏外|圏外|out of area|overseas without"), Withheld.OUT_OF_AREA),
    (
        re.compile(
            r"非通知|番号(?:を|は)?(?:出|だ|隠|通知し)(?:さ|して|な)|184(?:を|で|付|つ)"
            r"|private|withheld|anonymous|no caller id|hid(?:den)? (?:my |the )?number|blocked"
        ),
        Withheld.CALLER,
    ),
    (re.compile(r"番号不明|unknown(?: number)?|unavailable"), Withheld.UNKNOWN),
)
_MASK: Final = r"[*x•・●○?＊…_]"
_GAP: Final = r"[\s().\-‐-―−ーの]"
_DIGITS: Final = rf"\+?\d(?:{_GAP}{{0,2}}\d)*"
_MASKED: Final = re.compile(
    rf"(?P<first>(?:{_DIGITS})?){_GAP}*"
    rf"(?:{_MASK}{{2,}}(?:{_GAP}*{_MASK}+)*|\.{{3,}})"
    rf"{_GAP}*(?P<last>(?:{_DIGITS})?)"
)
_EXTENSION: Final = re.compile(
    rf"(?:内線(?:番号)?(?:は|が|の)?|\bext(?:ension)?\b\.?(?: number)?(?: is)?|\bx(?=\d))"
    rf"\s*[:#]?\s*(?P<d>{_DIGITS})"
)
_LAST: Final = (
    re.compile(
        rf"(?:下|末尾|最後の?|終わり(?:の|が)?|おしり|後ろ)\s*(?:の?\s*\d"
        rf"\s*(?:桁|けた|つ))?\s*(?:が|は|の|だけ|:)?\s*(?P<d>{_DIGITS})"
    ),
    re.compile(rf"(?P<d>{_DIGITS})\s*(?:で|に|って)\s*(?:終わ|おわ)"),
    re.compile(
        rf"(?:end(?:s|ed|ing)?\s+(?:in|with)|last\s+(?:(?:two|three|four|five|\d)"
        rf"\s+)?(?:digits?|numbers?)?\s*(?:is|are|were|of|:)?)\s*(?P<d>{_DIGITS})"
    ),
)
_FIRST: Final = (
    re.compile(rf"(?P<d>{_DIGITS})\s*(?:で|から)\s*(?:始|はじ)"),
    re.compile(r"(?P<d>0\d{1,4})\s*の?\s*(?:番号|電話|市外局番)"),
    re.compile(
        rf"(?:上|頭|最初の?|始まり|市外局番)\s*(?:の?\s*\d"
        rf"\s*(?:桁|けた|つ))?\s*(?:が|は|の|:)?\s*(?P<d>{_DIGITS})"
    ),
    re.compile(rf"(?:start(?:s|ed|ing)?|beg(?:ins?|an|inning))\s+(?:in|with)\s*(?P<d>{_DIGITS})"),
    re.compile(
        rf"first\s+(?:(?:two|three|four|five|\d)\s+)?(?:digits?|numbers?)?"
        rf"\s*(?:is|are|were|:)?\s*(?P<d>{_DIGITS})"
    ),
    re.compile(rf"area code\s*(?:is|was|:)?\s*(?P<d>{_DIGITS})"),
)
_WITHIN: Final = (
    re.compile(rf"(?:途中|真ん中|中)\s*(?:に|が|は)?\s*(?P<d>{_DIGITS})"),
    re.compile(rf"(?P<d>{_DIGITS})\s*(?:が|を)\s*(?:入|含)"),
    re.compile(
        rf"(?:contain(?:s|ing)?|has|with|somewhere)"
        rf"\s*(?P<d>{_DIGITS})(?:\s*(?:in it|somewhere|in the middle))"
    ),
    re.compile(rf"(?:contain(?:s|ing)?|middle (?:is|was|digits))\s*(?P<d>{_DIGITS})"),
)
_ALONE: Final = re.compile(_DIGITS)
_NOTHING: Final = RememberedNumber(form=Form.NONE)


def read_remembered(text: str, country: str) -> RememberedNumber:
    """What a text says of a number, `Form.NONE` where it says nothing."""
    plain = unicodedata.normalize("NFKC", text[:MAX_TEXT])[:MAX_TEXT].casefold()
    plain = plain.replace("(0)", "") if "+" in plain else plain
    plain = in_digits(plain)
    found = _masked(plain, country)
    if found.form is not Form.NONE:
        return found
    for form, patterns in (
        (Form.EXTENSION, (_EXTENSION,)),
        (Form.WITHIN, _WITHIN),
        (Form.LAST, _LAST),
        (Form.FIRST, _FIRST),
    ):
        digits = _first_match(patterns, plain)
        if digits:
            return _told(form, digits, plain, country)
    bare = _ALONE.search(plain)
    alone = _NOTHING if bare is None else _bare(_only_digits(bare[0]), country)
    reason = next((reason for cue, reason in _WITHHELD if cue.search(plain)), None)
    if reason is None or alone.form is Form.WHOLE:
        return alone
    return RememberedNumber(form=Form.WITHHELD, reason=reason)


def _only_digits(text: str) -> str:
    plus = "+" if text.startswith("+") else ""
    return plus + "".join(each for each in text if "0" <= each <= "9")[:MAX_CLUE_DIGITS]


def _first_match(patterns: Sequence[re.Pattern[str]], text: str) -> str:
    found = (pattern.search(text) for pattern in patterns)
    return next((_only_digits(each["d"]) for each in found if each is not None), "")


def _told(form: Form, digits: str, text: str, country: str) -> RememberedNumber:
    first = _first_match(_FIRST, text)
    if form is Form.FIRST or (form is Form.LAST and first not in ("", digits)):
        ending = digits if form is Form.LAST else ""
        return _beginning(first, ending, country)
    return RememberedNumber(form=form, digits=digits.lstrip("+"))


def _beginning(digits: str, ending: str, country: str) -> RememberedNumber:
    prefix = e164_prefix(digits, country) or digits
    return RememberedNumber(form=Form.FIRST, digits=prefix.lstrip("+"), ending=ending)


def _masked(text: str, country: str) -> RememberedNumber:
    found = _MASKED.search(text)
    if found is None:
        return _NOTHING
    first, last = _only_digits(found["first"]), _only_digits(found["last"])
    if first:
        return _beginning(first, last, country)
    return RememberedNumber(form=Form.LAST, digits=last) if last else _NOTHING


def _bare(digits: str, country: str) -> RememberedNumber:
    """Digits with no word about them: a whole number, the first ones of one, or the last."""
    number = read_number(digits, country)
    if number.e164 or len(digits) >= _WHOLE_FROM:
        return RememberedNumber(form=Form.WHOLE, digits=number.reversed_digits[::-1])
    if len(digits) < MIN_DIGITS:
        return _NOTHING
    if digits.startswith("0") and len(digits) in (len("03"), len("090")):
        return _beginning(digits, "", country)
    return RememberedNumber(form=Form.LAST, digits=digits.lstrip("+"))
