"""The number of ours that was called: "0120-123-456 にかけた", "rang your freephone number".

Pure. Knows nothing of which numbers are ours, but which nobody calls from.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from archive.locate.clues import DialledClue
from archive.locate.numbers import Form, FoundNumber, RememberedNumber, beginning
from archive.locate.request.found import Found
from archive.locate.traced_text import Span

# First digits of numbers that are called and never call, as they are dialled, by country.
_AMERICAN: Final = ("1800", "1888", "1877", "1866", "1855", "1844", "1833")
_FREE: Final = {
    "JP": ("0120", "0800"),
    "US": _AMERICAN,
    "CA": _AMERICAN,
    "GB": ("0800", "0808"),
    "DE": ("0800",),
    "FR": ("0800", "0805"),
}
_SHARED: Final = {"JP": ("0570",)}
_NEVER_CALL: Final = {
    "JP": ("81120", "81800", "81570", "81990"),
    "US": _AMERICAN,
    "GB": ("44800", "44808", "44845", "44870"),
}
_FREE_WORDS: Final = re.compile(
    r"フリー(?:ダイヤル|コール|アクセス)|トールフリー|\b(?:your |our |the )?(?:toll[- ]?free"
    r"|freephone|free[- ]?call|free)"
    r" (?:number|line)\b|\bfreephone\b|\btoll[- ]?free\b|\b(?:your |our |the )?1?-?800 (?:number"
    r"|line)\b",
    re.IGNORECASE,
)
_SHARED_WORDS: Final = re.compile(r"ナビダイヤル")
_AFTER: Final = re.compile(
    r"\s*[)）」』]?\s*(?:番号)?\s*(?:に|へ|宛て?に|あてに|の(?:方|番号)に|を)\s*"
    r"(?:お?電話|かけ|掛け|ダイヤル|架電|発信|コール|回し)(?:し?た|まし\w)?"
)
_BEFORE: Final = re.compile(
    r"(?:(?:かけた|掛けた|発信した|ダイヤルした)(?:番号|先|の)?(?:が|は|:)?|(?:着信|発信)(?:先"
    r"|番号)(?:が|は|:)?"
    r"|代表(?:番号|電話)?(?:が|は|:)?|\b(?:call(?:ed|ing)|rang|ring(?:ing)?|dial(?:l?ed|l?ing)?"
    r"|phon(?:ed|ing))\s+"
    r"(?:(?:your|our|the|a|up|in|us|you|on)\s+)*(?:(?!(?:to|code)\b)[\w-]+\s+){0,2}?(?:number"
    r"|line|no\.?"
    r"|hotline)?\s*:?"
    r"|\b(?:dialled|dialed|called)\s+number(?:\s+(?:is|was|begins|starts))?\s*:?)\s*[「『(（]?\s*$",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"\b(?:from|back|by)\b", re.IGNORECASE)
# Said of the other party's number, whatever it begins with.
_SAID: Final = r"\s*(?:is|was|は|が|[:;])?\s*[「『(（]?\s*$"
_OWN: Final = re.compile(
    r"(?:連絡先|(?:お?客(?:様|さん)|顧客|先方|相手|ご?本人|契約者|私|自分|自宅|勤務先)"
    r"の?(?:お?電話|携帯)?(?:番号)?|発信(?:者|元)(?:番号)?"
    r"|\b(?:my|his|her|their|customer(?:'s)?|caller(?:'s)?|client(?:'s)?|cust\.?|contact|home|work)"
    rf"\s*(?:(?:tele)?phone|mobile|cell)?\s*(?:numbers?|no\.?|id)?){_SAID}",
    re.IGNORECASE,
)
# Of digits that may be those of a mobile as well: 0800 and 080-0.
_TELEPHONE: Final = re.compile(
    r"(?:(?<![A-Za-z])(?:tel|ph|mob)\b\.?|(?:電話|携帯)(?:番号)?|\b(?:(?:tele)?phone|mobile|cell)"
    rf"\s*(?:number|no\.?)?){_SAID}",
    re.IGNORECASE,
)
_AMBIGUOUS: Final = "81800"
# Written so it is one of a mobile: 0800 has four digits before the first hyphen.
_MOBILE: Final = re.compile(r"0[789]0[-‐-―−ー.\s(]\d{4}[-‐-―−ー.\s)]\d{4}(?!\d)")
# Of a sentence only so much before a number says what it is.
_NEAR: Final = 40
_MAX_FIRST: Final = 4
_MIN_DIGITS: Final = 3


_MAIN_LINE: Final = re.compile(
    r"代表(?:番号|電話)(?:に|へ)?|\b(?:your |our |the )?(?:main|general|head office) (?:number"
    r"|line|switchboard)\b",
    re.IGNORECASE,
)


def find_main_lines(text: str) -> Iterator[Span]:
    """A line of ours by a name that no number is known for."""
    yield from (each.span() for each in _MAIN_LINE.finditer(text))


def find_lines(
    text: str, numbers: Sequence[FoundNumber], country: str, *, outbound: bool = False
) -> Iterator[Found]:
    """The numbers that were called, among those of a text, and by what kind they are of.

    Of an outbound call only those that never call: any other one is the other party's.
    """
    called: RememberedNumber | None = None
    for each in numbers:
        span = None if outbound else _said_dialled(text, each)
        span = span or _never_calls(text, each, country)
        if span is not None:
            called = first_digits(each.number, country)
            yield Found(value=DialledClue(called), spans=(span, *each.spans[1:]))
    for pattern, prefixes in ((_FREE_WORDS, _FREE), (_SHARED_WORDS, _SHARED)):
        for match in pattern.finditer(text):
            if country in prefixes:
                number = called or beginning(prefixes[country], country)
                yield Found(value=DialledClue(number), spans=(match.span(),))


def _said_dialled(text: str, found: FoundNumber) -> Span | None:
    """The words of a number that was called, None where it is the other party's."""
    begin, end = found.spans[0]
    if found.number.form in {Form.EXTENSION, Form.WITHHELD, Form.NONE}:
        return None
    if not found.told and len(found.number.digits) < _MIN_DIGITS:  # of a day: called on 14 October
        return None
    after = _AFTER.match(text, end)
    if after is not None and found.number.form is not Form.WITHIN:
        return begin, after.end()
    before = _BEFORE.search(text[max(begin - _NEAR, 0) : begin])
    if before is not None and not _FROM.search(before[0]):
        return max(begin - _NEAR, 0) + before.start(), end
    return None


def _never_calls(text: str, found: FoundNumber, country: str) -> Span | None:
    if found.number.form not in {Form.WHOLE, Form.FIRST}:
        return None
    begin, end = found.spans[0]
    before, digits = text[max(begin - _NEAR, 0) : begin], found.number.digits
    if _OWN.search(before):
        return None
    if digits.startswith(_AMBIGUOUS) and (
        _TELEPHONE.search(before) or _MOBILE.search(text[begin:end])
    ):
        return None
    called = digits.startswith(_NEVER_CALL.get(country, ("?",)))
    return found.spans[0] if called else None


def first_digits(number: RememberedNumber, country: str) -> RememberedNumber:
    """Of "called the 0800 number" the digits are the first ones."""
    short = number.form is Form.LAST and len(number.digits) <= _MAX_FIRST
    if short and number.digits.startswith(("0", "1")):
        return beginning((number.digits,), country)
    return number
