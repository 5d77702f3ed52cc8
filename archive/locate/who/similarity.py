"""Similarity of remembered names to those of a table: the kind of likeness and its log rate.

Pure. The rates are guesses (`docs/locate.md`, Who), relative to a name that is the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from archive.locate.who.alignment import Floats, distances
from archive.locate.who.english_names import latin, other_forms
from archive.locate.who.forms import Extent, NameForms, WordForm, remembered_forms
from archive.locate.who.graphemes import grapheme_costs
from archive.locate.who.morae import kana_of, without_dakuten, without_long_vowels, without_sokuon
from archive.locate.who.name_table import NameTable, Part
from archive.locate.who.sound_costs import DAKUTEN, LONG_VOWEL, NO_SOKUON, mora_costs

Kinds = npt.NDArray[np.int8]


class Kind(IntEnum):
    """In what a remembered name is like one of the table, the surest first."""

    SAME = 0
    VARIANT = 1
    SAME_READING = 2
    LONG_VOWEL = 3
    SOKUON = 4
    DAKUTEN = 5
    SPELLING = 6
    SHORT_FORM = 7
    PREFIX = 8
    SWAPPED = 9
    CONFUSED = 10
    NONE = 11


# What is not alike at all; a false memory must not exclude anybody.
FLOOR: Final = -9.0
# A second word that fits nothing takes no more than this: surnames are what is remembered.
_SECOND_FLOOR: Final = -4.0
_VARIANT: Final = -0.05
_SHORT_FORM: Final = -1.0
_SAME_READING: Final = -0.7
_SHORT_IN_ROMAJI: Final = -0.3
_CUT_SHORT: Final = -1.8
_SWAPPED: Final = -3.0
# Only a given name is told of who went by the surname.
_GIVEN_ALONE: Final = -2.6
_SAID_ALIKE: Final = -1.7
_MIN_CUT: Final = 2
# Of words that fit alike: surname, given name, both run together.
_PREFERENCE: Final = np.asarray([0, 2, 1], dtype=np.int8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """The kind of likeness, its natural log rate (0 is the same), and which part fits."""

    kind: Kind
    log_rate: float
    part: Part


@dataclass(frozen=True, slots=True)
class Similarities:
    """An answer for each of a table, in its order."""

    kinds: Kinds
    log_rates: Floats
    parts: Kinds

    def of(self, at: int) -> Similarity:
        return Similarity(
            kind=Kind(self.kinds[at]),
            log_rate=float(self.log_rates[at]),
            part=Part(self.parts[at]),
        )


@dataclass(frozen=True, slots=True)
class _Fit:
    """The fit of each word of a table to one that is remembered."""

    kinds: Kinds
    log_rates: Floats

    def better(self, at: npt.NDArray[np.intp] | int, kind: Kind, log_rate: float | Floats) -> None:
        """Take another reason for likeness where it is the stronger one."""
        wins = log_rate > self.log_rates[at]
        self.log_rates[at] = np.where(wins, log_rate, self.log_rates[at])
        self.kinds[at] = np.where(wins, kind, self.kinds[at])


def name_similarity(remembered: str, stored: Sequence[str]) -> Similarity:
    """Compare a remembered name with one person's names."""
    return similarities(remembered, NameTable([stored])).of(0)


def similarities(remembered: str, table: NameTable) -> Similarities:
    """Compare a remembered name with each of a table's; a table of nobody is answered too."""
    forms = remembered_forms(remembered)
    answers = [_of_bearers(_fit(word, forms.extent, table), table) for word in forms.words]
    if not answers or not table.words:
        return _nothing(table.size)
    alone = len(answers) == 1
    for each in answers:
        each.log_rates[(each.parts == Part.GIVEN) & alone] += np.float32(_GIVEN_ALONE)
    together = _together(answers)
    joined = _joined(forms)
    if joined is not None:
        _take_better(together, _of_bearers(_fit(joined, forms.extent, table), table))
    together.log_rates[:] = np.maximum(together.log_rates, np.float32(FLOOR))
    together.kinds[together.log_rates <= FLOOR] = Kind.NONE
    return together


def _nothing(size: int) -> Similarities:
    return Similarities(
        np.full(size, Kind.NONE, dtype=np.int8),
        np.full(size, FLOOR, dtype=np.float32),
        np.zeros(size, dtype=np.int8),
    )


def _together(answers: Sequence[Similarities]) -> Similarities:
    """Of several words the best one, and of each other what it takes away."""
    if len(answers) == 1:
        return answers[0]
    rates = np.stack([each.log_rates for each in answers])
    best = rates.argmax(axis=0)
    every = np.arange(rates.shape[1])
    second = np.maximum(rates, np.float32(_SECOND_FLOOR)).sum(axis=0)
    top = rates[best, every]
    total = top + second - np.maximum(top, np.float32(_SECOND_FLOOR))
    worst = rates.argmin(axis=0)
    kinds = np.stack([each.kinds for each in answers])
    parts = np.stack([each.parts for each in answers])
    all_fit = rates[worst, every] > FLOOR
    return Similarities(
        np.where(all_fit, kinds[worst, every], kinds[best, every]).astype(np.int8),
        total,
        np.where(all_fit, np.int8(Part.WHOLE), parts[best, every]).astype(np.int8),
    )


def _joined(forms: NameForms) -> WordForm | None:
    """Words that were written apart by chance ("た なか"), as one."""
    if len(forms.words) == 1:
        return None
    return remembered_forms("".join(word.text for word in forms.words)).words[0]


def _take_better(one: Similarities, other: Similarities) -> None:
    wins = other.log_rates > one.log_rates
    for own, new in (
        (one.kinds, other.kinds),
        (one.log_rates, other.log_rates),
        (one.parts, other.parts),
    ):
        own[wins] = new[wins]


def _of_bearers(fit: _Fit, table: NameTable) -> Similarities:
    """Of every bearer the word that fits best; of words that fit alike a surname first."""
    answer = _nothing(table.size)
    bearings = table.bearings
    rates = fit.log_rates[bearings.words]
    # The last one written stays: order from worst to best.
    order = np.lexsort((_PREFERENCE[bearings.parts], rates))
    to = bearings.bearers[order]
    answer.log_rates[to] = rates[order]
    answer.kinds[to] = fit.kinds[bearings.words][order]
    answer.parts[to] = bearings.parts[order]
    return answer


def _fit(word: WordForm, extent: Extent, table: NameTable) -> _Fit:
    count = len(table.words)
    fit = _Fit(np.full(count, Kind.NONE, dtype=np.int8), np.full(count, FLOOR, dtype=np.float32))
    readings = table.readings_of(word)
    if extent is Extent.WHOLE:
        _written(fit, word, table)
        for reading in readings:
            _sounds(fit, word, reading, table)
        _spelling(fit, word, table)
    _cut(fit, (word, readings), extent, table)
    return fit


def _written(fit: _Fit, word: WordForm, table: NameTable) -> None:
    """The same word, in other characters, its halves changed places; short for it, or in full."""
    turned = word.key[1:] + word.key[:1] if word.is_kanji and len(word.key) == len("田中") else ""
    forms = other_forms(word.text)
    for at, other in enumerate(table.words):
        if other.key == word.key:
            same = other.text == word.text
            fit.better(at, Kind.SAME if same else Kind.VARIANT, 0.0 if same else _VARIANT)
        elif other.key == turned:
            fit.better(at, Kind.SWAPPED, _SWAPPED)
        elif forms and latin(other.text) in forms:
            fit.better(at, Kind.SHORT_FORM, _SHORT_FORM)


def _sounds(fit: _Fit, word: WordForm, reading: bytes, table: NameTable) -> None:
    costs = mora_costs()
    far = -distances(reading, table.readings, costs)
    far[table.readings.lengths == 0] = FLOOR
    chosen = _SAME_READING if word.is_kanji else 0.0
    fit.better(np.arange(len(far)), Kind.CONFUSED, far + np.float32(chosen))
    turned = {reading[at:] + reading[:at] for at in range(1, len(reading))} - {reading}
    turned_voiceless = {without_dakuten(each) for each in turned}
    for at, other in enumerate(table.words):
        if not other.reading:
            continue
        found = _told_apart_by(reading, other.reading)
        if found is not None:
            kind, log_rate = found
            if kind is Kind.LONG_VOWEL and _may_be_long(word, reading, other):
                log_rate = _SHORT_IN_ROMAJI
            if kind is Kind.SAME and word.is_kanji:
                kind = Kind.SAME_READING
            _settle(fit, at, kind, max(log_rate, float(far[at])) + chosen)
        elif other.reading in turned:
            fit.better(at, Kind.SWAPPED, _SWAPPED + chosen)
        elif without_dakuten(other.reading) in turned_voiceless:
            fit.better(at, Kind.SWAPPED, _SWAPPED - DAKUTEN + chosen)


def _settle(fit: _Fit, at: int, kind: Kind, log_rate: float) -> None:
    """Name by its kind what was only confused until now, at the rate of either."""
    if fit.kinds[at] in (Kind.CONFUSED, Kind.NONE) or log_rate > fit.log_rates[at]:
        fit.kinds[at] = kind
        fit.log_rates[at] = max(float(fit.log_rates[at]), log_rate)


def _told_apart_by(one: bytes, other: bytes) -> tuple[Kind, float] | None:
    """The one thing in which two readings differ, None where there are more."""
    if one == other:
        return Kind.SAME, 0.0
    if without_long_vowels(one) == without_long_vowels(other):
        return Kind.LONG_VOWEL, -LONG_VOWEL
    if without_sokuon(one) == without_sokuon(other):
        return Kind.SOKUON, -NO_SOKUON
    if without_dakuten(one) == without_dakuten(other):
        return Kind.DAKUTEN, -DAKUTEN
    return None


def _may_be_long(word: WordForm, reading: bytes, other: WordForm) -> bool:
    """It is the one in romaji that lacks a long vowel of the other."""
    shorter = len(reading) < len(other.reading)
    return word.spelt if shorter else other.spelt


def _spelling(fit: _Fit, word: WordForm, table: NameTable) -> None:
    """Take words that are spelt otherwise, and said alike or nearly so."""
    if not word.signs:
        return
    far = -distances(word.signs, table.signs, grapheme_costs())
    far[table.signs.lengths == 0] = FLOOR
    if word.spelt:  # two words in romaji are compared by their sounds
        far[[other.spelt for other in table.words]] = FLOOR
    every = np.arange(len(far))
    alike = far >= _SAID_ALIKE
    fit.better(every[alike], Kind.SPELLING, far[alike])
    fit.better(every[~alike], Kind.CONFUSED, far[~alike])


def _cut(
    fit: _Fit, wanted: tuple[WordForm, Sequence[bytes]], extent: Extent, table: NameTable
) -> None:
    """Take words longer than what is remembered of them: sure where somebody says so."""
    word, readings = wanted
    told = extent is not Extent.WHOLE
    if not told and len(word.text) < _MIN_CUT:
        return
    for at in _longer(word.key, readings, extent, table):
        fit.better(at, Kind.PREFIX, 0.0 if told else _CUT_SHORT)


def _longer(key: str, readings: Sequence[bytes], extent: Extent, table: NameTable) -> Iterator[int]:
    """The words that begin (or end) with what is remembered and are longer."""
    sounds = tuple(each for each in readings if len(each) >= _MIN_CUT or extent is not Extent.WHOLE)
    for at, other in enumerate(table.words):
        if extent is Extent.END:
            fits = other.key.endswith(key) or (bool(sounds) and other.reading.endswith(sounds))
        else:
            fits = other.key.startswith(key) or (bool(sounds) and other.reading.startswith(sounds))
        if fits:
            yield at


def said(remembered: str, table: NameTable) -> tuple[str, ...]:
    """Readings in kana of what is remembered: what the comparison went by."""
    words = remembered_forms(remembered).words
    return tuple(kana_of(each) for word in words for each in table.readings_of(word))
