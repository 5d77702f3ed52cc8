"""Numbers as people remember them: whole, first or last digits, an extension, or withheld.

Pure. Knows nothing of calls; the country is an argument.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Final

from archive.call.numbers import MAX_CLUE_DIGITS, begins_in_e164, read_number
from archive.locate.number_words import (
    BOTH_ENDS,
    DIGITS,
    DIGITS_WITHIN,
    EXTENSIONS,
    FIRST_DIGITS,
    LAST_DIGITS,
    MASKED,
    OR,
)
from archive.locate.spelt_digits import MIN_DIGITS, in_digits
from archive.locate.traced_text import Span, TracedText
from archive.locate.withheld_numbers import Withheld
from archive.locate.withheld_words import WITHHELD

MAX_TEXT: Final = 500
MAX_NUMBERS: Final = 8
# A shorter run beside a mask or alone is an end, a longer one may be the whole number.
_WHOLE_FROM: Final = 9


class Form(StrEnum):
    """The part of a number that is remembered."""

    WHOLE = "whole"
    LAST = "last"
    FIRST = "first"
    WITHIN = "within"
    EXTENSION = "extension"
    WITHHELD = "withheld"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedNumber:
    """A number as far as it is remembered.

    `digits` are as they are stored: of a whole number and of first digits those of E.164 where
    that can be said, without `+`. `ending` are last digits told beside first ones, `others` are
    digits as likely: 7788 or 7789.
    """

    form: Form
    digits: str = ""
    others: tuple[str, ...] = ()
    ending: str = ""
    reason: Withheld | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    """A number in a text, and where it is said; `told` where words say what its digits are."""

    number: RememberedNumber
    spans: tuple[Span, ...]
    told: bool


_WITHHELD: Final = tuple((re.compile(words), reason) for words, reason in WITHHELD)
_WORD: Final = re.compile(r"\S+")
# Of more no number is written.
_MAX_PARTS: Final = 12
_ELLIPSIS: Final = re.compile(r"\.{3,}")
# Between first and last digits it says that those are of another number.
_OTHER_NUMBER: Final = re.compile(r"[;。/|\0]|number|番号|called|かけ")
_CUE_BEHIND: Final = re.compile(
    r"\s*(?:(?:で|に|から|って)\s*(?:始|はじ|終|おわ)|の\s?番号|something|number)"
)
_ALONE: Final = re.compile(DIGITS)
_BEGUN: Final = re.compile(r"(?:0\d{1,2}|0120|0800|0570)[-‐−ー(]\d{1,4}")
# Digits behind it are some of an order's number: BX-77120.
_CODE: Final = re.compile(r"[a-z]-?$")
_TRUNK_ZERO: Final = re.compile(r"\(0\)")
# Stands for what has been read: no character of a text that is taken.
_TAKEN: Final = "\0"
_NOTHING: Final = RememberedNumber(form=Form.NONE)


def read_remembered(text: str, country: str) -> RememberedNumber:
    """Read a number from a text, `Form.NONE` where it says nothing of one."""
    mention = _mention(_plain(text).text, country)
    return _NOTHING if mention is None else mention.number


def find_numbers(text: str, country: str) -> tuple[FoundNumber, ...]:
    """The numbers of a text, and where they stand in it; at most `MAX_NUMBERS`."""
    return tuple(sorted(_found(_plain(text), country), key=lambda each: each.spans))


def _plain(text: str) -> TracedText:
    plain = TracedText.of(text[:MAX_TEXT]).casefolded()
    if "+" in plain.text:
        plain = plain.replaced(_TRUNK_ZERO, lambda _: "")
    return in_digits(plain)


def _found(plain: TracedText, country: str) -> Iterator[FoundNumber]:
    rest = plain.text
    for _ in range(MAX_NUMBERS):
        mention = _mention(rest, country)
        if mention is None:
            return
        for begin, end in mention.spans:
            rest = rest[:begin] + _TAKEN * (end - begin) + rest[end:]
        origins = tuple(sorted(plain.origin(*each) for each in mention.spans))
        yield FoundNumber(number=mention.number, spans=origins, told=mention.told)


def _mention(plain: str, country: str) -> FoundNumber | None:
    """The first number that a text is read for; its spans are those of the plain text."""
    told = next(_told_numbers(plain, country), None)
    return told or next(_other_numbers(plain, country), None)


def _told_numbers(plain: str, country: str) -> Iterator[FoundNumber]:
    masked = _masked(plain, country)
    if masked is not None and masked.number.ending:
        yield masked
    both = _first_match(BOTH_ENDS, plain)
    if both is not None:
        number = beginning(OR.split(both["d"]), country, both["last"])
        yield FoundNumber(number=number, spans=(both.span(),), told=True)
    extension = _first_match(EXTENSIONS, plain)
    if extension is not None:
        yield _told(Form.EXTENSION, extension, plain, country)
    if masked is not None:
        yield masked
    for form, patterns in (
        (Form.WITHIN, DIGITS_WITHIN),
        (Form.LAST, LAST_DIGITS),
        (Form.FIRST, FIRST_DIGITS),
    ):
        match = _first_match(patterns, plain)
        if match is not None:
            yield _told(form, match, plain, country)


def _other_numbers(plain: str, country: str) -> Iterator[FoundNumber]:
    runs = [each for run in _ALONE.finditer(plain) if (each := _bare(run, country))]
    bare = _either(runs, plain)
    yield from (each for each in bare if each.number.form is Form.WHOLE)
    for cue, reason in _WITHHELD:
        for match in cue.finditer(plain):
            number = RememberedNumber(form=Form.WITHHELD, reason=reason)
            yield FoundNumber(number=number, spans=(match.span(),), told=True)
    yield from bare


_EITHER: Final = frozenset({Form.WHOLE, Form.LAST, Form.FIRST})
# Of another ending no more digits are told.
_MAX_ENDING: Final = 8


def _either(found: Sequence[FoundNumber], plain: str) -> list[FoundNumber]:
    """7788か7789, 03-1234-5678か5687: with "or" between them one number that is told as either."""
    kept: list[FoundNumber] = []
    for each in found:
        other = _other_digits(kept[-1].number, each.number) if kept else ""
        if other:
            begin, end = kept[-1].spans[0][0], kept[-1].spans[-1][1]
            if OR.fullmatch(plain, end, each.spans[0][0]):
                before = kept.pop().number
                both = replace(before, others=(*before.others, other))
                each = FoundNumber(number=both, spans=((begin, each.spans[0][1]),), told=False)
        kept.append(each)
    return kept


def _other_digits(one: RememberedNumber, other: RememberedNumber) -> str:
    """What the first may be as well, told by all of it or by another ending; "" of none."""
    if one.form is other.form and one.form in _EITHER:
        return other.digits
    is_ending = one.form is Form.WHOLE and other.form is Form.LAST
    if not is_ending or not 1 < len(other.digits) <= _MAX_ENDING:
        return ""
    return one.digits[: -len(other.digits)] + other.digits


def _only_digits(text: str) -> str:
    plus = "+" if text.startswith("+") else ""
    return plus + "".join(each for each in text if "0" <= each <= "9")[:MAX_CLUE_DIGITS]


def _first_match(patterns: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((each for pattern in patterns if (each := pattern.search(text))), None)


def _told(form: Form, match: re.Match[str], text: str, country: str) -> FoundNumber:
    first = match if form is Form.FIRST else None
    if form is Form.LAST:
        first = _first_match(FIRST_DIGITS, text)
        first = None if first is None or _are_two(first, match) else first
    if first is None:
        digits, *others = [_only_digits(each).lstrip("+") for each in OR.split(match["d"])]
        number = RememberedNumber(form=form, digits=digits, others=tuple(others))
        return FoundNumber(number=number, spans=(match.span(),), told=True)
    ending = _only_digits(OR.split(match["d"])[0]) if form is Form.LAST else ""
    number = beginning(OR.split(first["d"]), country, ending)
    spans = dict.fromkeys((first.span(), match.span()))
    return FoundNumber(number=number, spans=tuple(spans), told=True)


def _are_two(first: re.Match[str], last: re.Match[str]) -> bool:
    """Both say something of two numbers, or are one match."""
    (begin, end), (again, again_end) = first.span("d"), last.span("d")
    between = first.string[min(end, again_end) : max(begin, again)]
    return begin == again or _OTHER_NUMBER.search(between) is not None


def beginning(firsts: Sequence[str], country: str, ending: str = "") -> RememberedNumber:
    """A number that begins with one of these digits, as they are dialled in a country."""
    told = map(_only_digits, firsts)
    digits, *others = [(begins_in_e164(each, country) or each).lstrip("+") for each in told]
    return RememberedNumber(form=Form.FIRST, digits=digits, others=tuple(others), ending=ending)


def _masked(text: str, country: str) -> FoundNumber | None:
    for match in MASKED.finditer(text):
        first, last = _only_digits(match["first"]), _only_digits(match["last"])
        if _ELLIPSIS.search(match[0]) and _is_between(first, last, text[match.end() :], country):
            continue
        if first or last:
            number = RememberedNumber(form=Form.LAST, digits=last)
            if first:
                number = beginning((first,), country, last)
            return FoundNumber(number=number, spans=(match.span(),), told=True)
    return None


def _is_between(first: str, last: str, after: str, country: str) -> bool:
    """The dots stand between two things that are told, not for digits."""
    if first and not last:
        return not first.startswith(("0", "+"))
    whole = any(each and read_number(each, country).e164 for each in (first, last))
    return whole or _CUE_BEHIND.match(after) is not None


def _bare(run: re.Match[str], country: str) -> FoundNumber | None:
    """Digits with no word about them: a whole number, the first ones of one, or the last."""
    begin, end = _valid(run, country) or run.span()
    written = run.string[begin:end]
    number = _begun(written, country) or _alone(_only_digits(written), country)
    in_a_code = _CODE.search(run.string, 0, begin) is not None
    if number is None or (in_a_code and number.form is not Form.WHOLE):
        return None
    return FoundNumber(number=number, spans=((begin, end),), told=False)


def _begun(written: str, country: str) -> RememberedNumber | None:
    """090-1234: a number that is written from its beginning, and not to its end."""
    return beginning((written,), country) if _BEGUN.fullmatch(written) else None


def _valid(run: re.Match[str], country: str) -> Span | None:
    """Of digits with spaces between them those that are a whole number: 10-21 090-1234-7788."""
    parts = _WORD.finditer(run.string, run.start(), run.end())
    words = [each.span() for each in islice(parts, _MAX_PARTS)]
    some = [(begin, end) for at, (begin, _) in enumerate(words) for _, end in words[at:]]
    for begin, end in sorted(some, key=lambda each: each[0] - each[1]):
        if read_number(_only_digits(run.string[begin:end]), country).e164:
            return begin, end
    return None


def _alone(digits: str, country: str) -> RememberedNumber | None:
    number = read_number(digits, country)
    if number.e164 or len(digits) >= _WHOLE_FROM:
        return RememberedNumber(form=Form.WHOLE, digits=number.reversed_digits[::-1])
    if len(digits) < MIN_DIGITS:
        return None
    if digits.startswith("0") and len(digits) in (len("03"), len("090")):
        return beginning((digits,), country)
    return RememberedNumber(form=Form.LAST, digits=digits.lstrip("+"))
