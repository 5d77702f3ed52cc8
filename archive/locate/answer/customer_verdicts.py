"""Verdicts of customers' names that are told: what the call is said by, is mentioned, is written.

Pure. Whose name it is that only stands somewhere, nobody says: that is near, and so is a guess how
a name in kanji is read.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from archive.folded_names import fold, tokens
from archive.locate.answer.facts import CallFacts
from archive.locate.answer.verdict import (
    Because,
    Outcome,
    Verdict,
    best_of,
    conflicts,
    is_near,
    not_known,
)
from archive.locate.answer.who_verdicts import CompareNames, name_verdict
from archive.locate.clues import CustomerClue
from archive.locate.who.full_names import part_full_name
from archive.locate.who.kanji import has_kanji
from archive.locate.who.titles import untitled
from archive.locate.who.writings import LEAST, ToldWord, told_words

# Of a name in kanji how it is read is a guess.
_READ_SO: Final = -0.1
_MENTIONED: Final = -0.7
_WRITTEN: Final = -1.2
# Less sure writings are words of other things as often.
_LEAST_WRITTEN: Final = -1.0
_MIN_WRITTEN: Final = 2
_FITS: Final = (Outcome.MATCH, Outcome.NEAR)
# Before a name in one run of kanji with it.
_BEFORE_NAME: Final = "客様者人義"
_KANJI: Final = "一-鿿々"


def customer_verdict(clue: CustomerClue, call: CallFacts, compare: CompareNames) -> Verdict:
    """Of the outside party's names; what is mentioned or written says nothing against it."""
    # Each is a name of its own: who calls for another is told beside him.
    found = [_named(told, name, compare) for told in clue.names for name in call.outside.names]
    for told in clue.names:
        found += _beside(told, call, compare)
    if not found:
        return not_known(Because.NO_CUSTOMER)
    return best_of(found)


def _named(told: str, name: str, compare: CompareNames) -> Verdict:
    """How near it is, and what was told: of several names one fits."""
    found = _compared(told, name, compare)
    values = dict(found.values) | {"name": name}
    if found.outcome is Outcome.NEAR:
        values["told"] = told
    return replace(found, values=values)


def _compared(told: str, name: str, compare: CompareNames) -> Verdict:
    stored = untitled(name)
    whole = name_verdict(told, (stored,), compare)
    if whole.outcome is Outcome.MATCH:
        return _read_so(told, stored, whole)
    apart = (
        _read_so(one, other, name_verdict(one, (other,), compare))
        for one, other in (
            (_parted(told), stored),
            (told, _parted(stored)),
            (told, _turned(stored)),
        )
        if (one, other) != (told, stored)
    )
    # That it is parted so is a guess, too.
    guessed = (
        is_near(Because.NAME_IN_PART, _READ_SO) if each.outcome is Outcome.MATCH else each
        for each in apart
    )
    found = best_of((whole, *guessed))
    if found.outcome is Outcome.NEAR and found.log_rate < LEAST:
        return conflicts(Because.OTHER_NAME)
    return found


def _parted(name: str) -> str:
    """A full name that is written as one word, in two."""
    words = tokens(untitled(name))
    parts = part_full_name(words[0]) if len(words) == 1 else None
    return name if parts is None else " ".join(parts)


def _turned(name: str) -> str:
    """In Latin letters the surname may be the first of two words or the last."""
    words = tokens(name)
    is_turned = len(words) > 1 and all(each.isascii() for each in words)
    return " ".join(reversed(words)) if is_turned else name


def _read_so(told: str, stored: str, found: Verdict) -> Verdict:
    """Kana or Latin letters for kanji: so it is read by most, and nothing says by whom."""
    is_same = found.outcome is Outcome.MATCH and found.because is Because.SAME_NAME
    if not is_same or has_kanji(told) or not has_kanji(stored):
        return found
    if set(tokens(untitled(told))) & set(tokens(stored)):
        return found
    return is_near(Because.READ_SO, _READ_SO)


def _beside(told: str, call: CallFacts, compare: CompareNames) -> Iterator[Verdict]:
    """A name that the source mentions, and one that stands in a note or a tag."""
    agents = {fold(name) for each in call.agents for name in each.names}
    for name in call.outside.mentioned:
        if fold(name) in agents:
            continue
        found = _named(told, name, compare)
        if found.outcome in _FITS:
            yield is_near(Because.MENTIONED, found.log_rate + _MENTIONED, name=name, told=told)
    words = told_words(told)
    for text in call.known.texts:
        written = next(_written(words, text), "")
        if written:
            yield is_near(Because.WRITTEN, _WRITTEN, name=written, told=told)


def _written(words: tuple[ToldWord, ...], text: str) -> Iterator[str]:
    plain = fold(text)
    if len(words) > 1:
        whole = [r"[\s　・]*".join(re.escape(each.text) for each in words)]
    else:
        whole = [
            re.escape(each.text)
            for word in words
            for each in word.writings
            if each.log_rate >= _LEAST_WRITTEN and len(each.text) >= _MIN_WRITTEN
        ]
    for each in whole:
        if (match := re.search(_as_word(each), plain)) is not None:
            yield match[0]


def _as_word(name: str) -> str:
    if has_kanji(name):
        return rf"(?:(?<![{_KANJI}])|(?<=[{_BEFORE_NAME}])){name}"
    if name.isascii():
        return rf"(?<![a-z]){name}(?![a-z])"
    return rf"(?<![ぁ-ゖー]){name}"
