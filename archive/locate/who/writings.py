"""The likely writings of a word of a name, by which an index is asked for it.

Pure. What was typed, other characters of it, kana and romaji of its sounds and of sounds that are
taken for them, frequent surnames that are said so; each with the rate of its likeness. Knows no
stored name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Final

from archive.locate.who.english_names import in_kana, latin, other_forms
from archive.locate.who.forms import Extent, WordForm, remembered_forms
from archive.locate.who.graphemes import spelt_alike
from archive.locate.who.kanji import has_kanji
from archive.locate.who.kanji_writings import kanji_writings
from archive.locate.who.morae import LONG_CODE, MORAE, SOKUON_CODE, kana_reading
from archive.locate.who.name_table import NameTable
from archive.locate.who.romaji import kana_spellings, romaji_spellings
from archive.locate.who.similarity import similarities
from archive.locate.who.sound_costs import mora_costs
from archive.locate.who.surnames import READINGS

MAX_WRITINGS: Final = 64
MAX_PREFIXES: Final = 8
MAX_WORDS: Final = 3
# What is less alike is not looked up.
LEAST: Final = -5.0
# A mora is taken for one that is so near.
_NEAR: Final = 3.0
# Vowels that are long in names.
_LONG: Final = ("o", "u", "e")
_MOST_MORAE: Final = 10
_CUT_SHORT: Final = -1.8
_SURE: Final = -1.0
_MIN_KANJI: Final = 2
# Names that are told now: the index asks by their writings, then each call that is shown.
_REMEMBERED: Final = 64
_MIN_OTHERS: Final = 3
_TITLES: Final = ("様", "さま", "さん", "氏", "殿")


@dataclass(frozen=True, slots=True)
class Writing:
    """A folded word, and the log rate of its likeness to the one that is told."""

    text: str
    log_rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldWord:
    """A word that is told: its writings, the likeliest first, and what longer ones begin with."""

    text: str
    writings: tuple[Writing, ...] = ()
    prefixes: tuple[Writing, ...] = ()


@lru_cache(_REMEMBERED)
def told_words(name: str) -> tuple[ToldWord, ...]:
    """The words of a name that is told, at most `MAX_WORDS`; of one that only ends so none."""
    forms = remembered_forms(name)
    if forms.extent is Extent.END:
        return ()
    return tuple(told_word(each, forms.extent) for each in forms.words[:MAX_WORDS])


def told_word(word: WordForm, extent: Extent = Extent.WHOLE) -> ToldWord:
    """A word with its writings; of a beginning that is told alone what it may begin with."""
    if extent is Extent.BEGINNING:
        begins = dict.fromkeys((*_in_kanji(word.text), *_spelt(_readings(word))))
        some = [Writing(each, 0.0) for each in begins]
        return ToldWord(text=word.text, prefixes=tuple(some[:MAX_PREFIXES]))
    writings = tuple(_rated(word.text, _candidates(word)))
    return ToldWord(text=word.text, writings=writings, prefixes=tuple(_prefixes(word, writings)))


def _prefixes(word: WordForm, writings: Iterable[Writing]) -> Iterator[Writing]:
    """What was typed, and surnames that it is in kanji: 田中太郎 stands there as one word."""
    titled = {word.text + each for each in _TITLES}
    sure = (
        each
        for each in writings
        if each.log_rate >= _SURE and has_kanji(each.text) and each.text not in titled
    )
    own = (Writing(word.text, 0.0),)
    long = {
        each.text: Writing(each.text, each.log_rate + _CUT_SHORT)
        for each in chain(own, sure)
        if len(each.text) >= (_MIN_KANJI if has_kanji(each.text) else _MIN_OTHERS)
    }
    yield from list(long.values())[:MAX_PREFIXES]


def _rated(told: str, candidates: Iterable[str]) -> list[Writing]:
    """The likeliest of them first; a title behind the word changes nothing."""
    distinct = tuple(dict.fromkeys(candidates))
    rates = similarities(told, NameTable([(each,) for each in distinct])).log_rates.tolist()
    alike = [Writing(each, rate) for each, rate in zip(distinct, rates, strict=True)]
    some = sorted((e for e in alike if e.log_rate >= LEAST), key=_likeliest)
    titled = [Writing(told + each, 0.0) for each in _TITLES]
    return [*(e for e in some if e.text == told), *titled, *(e for e in some if e.text != told)][
        :MAX_WRITINGS
    ]


def _likeliest(each: Writing) -> tuple[float, bool, str]:
    return -each.log_rate, not has_kanji(each.text), each.text


def _candidates(word: WordForm) -> Iterator[str]:
    yield word.text
    yield from _in_kanji(word.text)
    surnames = [each for each, rate in _like_surnames(word.text) if rate >= LEAST]
    yield from chain.from_iterable(map(kanji_writings, surnames))
    own = _readings(word)
    said = (kana_reading(kana) for each in surnames for kana in READINGS[each])
    readings = dict.fromkeys((*own, *said, *chain.from_iterable(map(_near, own))))
    yield from _spelt(readings)
    if word.signs and not word.spelt:
        yield from spelt_alike(latin(word.text))
    if word.signs:
        yield latin(word.text)
        yield from in_kana(word.text)
        yield from other_forms(word.text)
        yield from (kana for each in other_forms(word.text) for kana in in_kana(each))


def _in_kanji(word: str) -> tuple[str, ...]:
    return kanji_writings(word) if has_kanji(word) else (word,)


def _readings(word: WordForm) -> tuple[bytes, ...]:
    if word.reading:
        return (word.reading[:_MOST_MORAE],)
    return tuple(map(kana_reading, READINGS.get(word.key, ())))


def _spelt(readings: Iterable[bytes]) -> Iterator[str]:
    for each in readings:
        yield from kana_spellings(each)
        yield from romaji_spellings(each)


@cache
def _surnames() -> NameTable:
    return NameTable([(each,) for each in READINGS])


def _like_surnames(word: str) -> Iterator[tuple[str, float]]:
    return zip(READINGS, similarities(word, _surnames()).log_rates.tolist(), strict=True)


def _near(reading: bytes) -> Iterator[bytes]:
    """Readings from which it differs in one thing, the likeliest kinds first."""
    for at in range(1, len(reading) + 1):
        head, tail = reading[:at], reading[at:]
        if MORAE[head[-1]][1] in _LONG and tail[:1] != bytes([LONG_CODE]):
            yield head + bytes([LONG_CODE]) + tail
        if tail and tail[0] not in (LONG_CODE, SOKUON_CODE) and MORAE[tail[0]][0]:
            yield head + bytes([SOKUON_CODE]) + tail
    for at, code in enumerate(reading):
        if code in (LONG_CODE, SOKUON_CODE):
            yield reading[:at] + reading[at + 1 :]
        for other in _taken_for(code):
            yield reading[:at] + bytes([other]) + reading[at + 1 :]
    turned = [reading[at:] + reading[:at] for at in range(1, len(reading))]
    yield from (each for each in turned if each[0] not in (LONG_CODE, SOKUON_CODE))


@cache
def _taken_for(code: int) -> tuple[int, ...]:
    """Morae that are taken for one, those that differ by a dakuten first."""
    costs = mora_costs().taken_for[code][: len(MORAE)]
    near = [each for each in range(len(MORAE)) if each != code and costs[each] <= _NEAR]
    return tuple(sorted(near, key=lambda each: (float(costs[each]), each)))
