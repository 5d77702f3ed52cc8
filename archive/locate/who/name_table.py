"""The names of many, made ready to be compared with a remembered one again and again.

Pure. Knows whose names they are by their place alone; nothing of when somebody bore one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from archive.folded_names import fold
from archive.locate.who.alignment import Rows, side_by_side
from archive.locate.who.forms import NameForms, WordForm, name_forms, word_form
from archive.locate.who.graphemes import grapheme_costs
from archive.locate.who.morae import is_kana, without_long_vowels
from archive.locate.who.sound_costs import mora_costs
from archive.locate.who.surnames import READINGS

# Those of one agent: name, kana, romaji and aliases. More are a mistake, and not compared.
MAX_NAMES_EACH: Final = 32
MAX_READINGS: Final = 8
_TWO: Final = 2


class Part(IntEnum):
    """The part of a name that a word is."""

    WHOLE = 0
    SURNAME = 1
    GIVEN = 2


@dataclass(frozen=True, slots=True)
class Bearings:
    """Bearers with their words and parts: sorted by bearer, none of them twice."""

    bearers: npt.NDArray[np.intp]
    words: npt.NDArray[np.intp]
    parts: npt.NDArray[np.int8]


class NameTable:
    """The names of each of many, by place; built once, asked often."""

    def __init__(self, names: Sequence[Sequence[str]]) -> None:
        self.size = len(names)
        found: dict[WordForm, int] = {}
        rows: set[tuple[int, int, int]] = set()
        self._readings: dict[str, dict[bytes, None]] = {}
        for bearer, own in enumerate(names):
            forms = [name_forms(each) for each in own[:MAX_NAMES_EACH]]
            self._learn(forms)
            for word, part in _parts(forms):
                rows.add((bearer, found.setdefault(word, len(found)), part))
        self.words = tuple(found)
        ordered = np.asarray(sorted(rows), dtype=np.intp).reshape(-1, 3)
        self.bearings = Bearings(ordered[:, 0], ordered[:, 1], ordered[:, 2].astype(np.int8))

    @cached_property
    def readings(self) -> Rows:
        """The sounds of every word, no sounds where its writing does not tell them."""
        return side_by_side([word.reading for word in self.words], mora_costs().filling)

    @cached_property
    def signs(self) -> Rows:
        """The Latin signs of every word."""
        return side_by_side([word.signs for word in self.words], grapheme_costs().filling)

    def readings_of(self, word: WordForm) -> tuple[bytes, ...]:
        """Readings of a word: as it is written, as those say who bear it, as most say it."""
        if word.reading:
            return (word.reading,)
        usual = (word_form(each, each).reading for each in READINGS.get(word.key, ()))
        return (*dict.fromkeys((*self._readings.get(word.key, {}), *usual)),)[:MAX_READINGS]

    def _learn(self, forms: Sequence[NameForms]) -> None:
        """Learn readings of names in kanji by the kana that stand beside them."""
        kana = [each.words for each in forms if all(is_kana(word.text) for word in each.words)]
        for own in forms:
            for other in kana:
                if len(own.words) == len(other):
                    for word, reading in zip(own.words, other, strict=True):
                        self._readings.setdefault(word.key, {})[reading.reading] = None


def _parts(forms: Sequence[NameForms]) -> Iterator[tuple[WordForm, Part]]:
    kana = [word.reading for name in forms for word in name.words if is_kana(word.text)]
    japanese = {name.words[0].reading for name in forms if _is_japanese(name)}
    for name in (_lengthened(each, kana) for each in forms):
        if name.words and _is_japanese(name):
            yield from ((word, Part.SURNAME) for word in _usual(name.words[0], kana))
        if len(name.words) < _TWO:
            yield from ((word, Part.SURNAME) for word in name.words)
            continue
        surname = _surname(name, japanese)
        for at, word in enumerate(name.words):
            yield word, Part.SURNAME if at == surname else Part.GIVEN
        yield _run_together(name), Part.WHOLE


def _lengthened(name: NameForms, kana: Sequence[bytes]) -> NameForms:
    """A name in romaji with the long vowels that the bearer's kana have."""
    lengths = {without_long_vowels(each): each for each in kana}
    words = (
        replace(word, reading=lengths.get(without_long_vowels(word.reading), word.reading))
        if word.spelt
        else word
        for word in name.words
    )
    return replace(name, words=tuple(words))


def _usual(word: WordForm, kana: Sequence[bytes]) -> tuple[WordForm, ...]:
    """The usual readings of a surname in kanji, where no kana of the bearer are one."""
    usual = tuple(word_form(each, each) for each in READINGS.get(word.key, ()))
    return () if any(each.reading in kana for each in usual) else usual


def _surname(name: NameForms, japanese: set[bytes]) -> int:
    """The place of the surname: the first, but of Latin names the last, unless kana say so."""
    if _is_japanese(name):
        return 0
    same = (at for at, word in enumerate(name.words) if word.reading and word.reading in japanese)
    return next(same, len(name.words) - 1)


def _is_japanese(name: NameForms) -> bool:
    return bool(name.words) and not name.words[0].signs


def _run_together(name: NameForms) -> WordForm:
    text = fold("".join(word.text for word in name.words))
    joined = word_form(text, text)
    if not all(word.reading for word in name.words):
        return joined
    return WordForm(
        text=joined.text,
        key=joined.key,
        reading=b"".join(word.reading for word in name.words),
        signs=joined.signs,
        spelt=any(word.spelt for word in name.words),
    )
