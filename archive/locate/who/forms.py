"""One name in all the forms by which it is compared: words, kanji, readings, Latin letters.

Pure. Knows nothing of other names, nor how alike two are.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from archive.folded_names import tokens
from archive.locate.who.english_names import latin
from archive.locate.who.graphemes import graphemes
from archive.locate.who.kanji import has_kanji, kanji_key, without_selectors
from archive.locate.who.morae import is_kana, kana_reading, romaji_reading
from archive.locate.who.titles import untitled

# Of a longer name only this much is compared: nobody remembers more.
MAX_NAME: Final = 100
MAX_WORDS: Final = 6
# "田なんとかさん", "Tana-something", "なんとか田": what stands for the rest of a name.
_REST: Final = (
    r"(?:なんとか|なんちゃら|何とか|何某|なにがし|ナントカ|ナンチャラ|[○〇◯●＊*…]+|\.{2,}|〜+|～+"
    r"|[\s-]?(?:something|whatever|so[\s-]?and[\s-]?so))"
)
_BEGINS: Final = re.compile(rf"^(.+?){_REST}\s*(?:さん|さま|様)?$", re.IGNORECASE)
_ENDS: Final = re.compile(rf"^{_REST}[\s-]?(.+)$", re.IGNORECASE)
_MARKS_FOLDED_AWAY: Final = re.compile("[\u0302\u0304]")


class Extent(StrEnum):
    """The part of a name that is remembered."""

    WHOLE = "whole"
    BEGINNING = "beginning"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordForm:
    """A word of a name: folded, with one character for variants, as sounds, as Latin signs.

    `reading` and `signs` are b"" where the writing does not tell them; kana of an English name have
    both. `spelt` says that vowels
    that are short in it may be long ones: romaji often leaves that out.
    """

    text: str
    key: str
    reading: bytes
    signs: bytes
    spelt: bool

    @property
    def is_kanji(self) -> bool:
        """Somebody chose characters for it."""
        return has_kanji(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameForms:
    """A name as words in their order, at most `MAX_WORDS`."""

    words: tuple[WordForm, ...]
    extent: Extent = Extent.WHOLE


def remembered_forms(text: str) -> NameForms:
    """A name as somebody tells it: with titles, or "something" for what is not known any more."""
    plain = unicodedata.normalize("NFKC", text[:MAX_NAME]).strip()
    begins, ends = _BEGINS.match(plain), _ENDS.match(plain)
    if ends is not None and begins is None:
        return NameForms(words=_words(untitled(ends[1])), extent=Extent.END)
    if begins is not None:
        return NameForms(words=_words(untitled(begins[1])), extent=Extent.BEGINNING)
    return NameForms(words=_words(untitled(plain)))


def name_forms(text: str) -> NameForms:
    """A name as a table has it, in whatever writing."""
    return NameForms(words=_words(text[:MAX_NAME]))


def _words(text: str) -> tuple[WordForm, ...]:
    bare = without_selectors(text)
    folded = tokens(bare)
    marked = _marked(bare)
    # The same words with the long vowels that folding takes away, where they are as many.
    originals = marked if len(marked) == len(folded) else folded
    pairs = list(zip(folded, originals, strict=True))
    return tuple(word_form(word, original) for word, original in pairs[:MAX_WORDS])


def _marked(text: str) -> tuple[str, ...]:
    """The words of a text in which a macron is written as ー."""
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
    return tokens(_MARKS_FOLDED_AWAY.sub("ー", decomposed))


def word_form(word: str, original: str) -> WordForm:
    """A folded word; `original` has its long vowels marked, where anybody marked them."""
    reading = kana_reading(word) if is_kana(word) else romaji_reading(original)
    return WordForm(
        text=word,
        key=kanji_key(word),
        reading=reading,
        signs=graphemes(latin(word)),
        spelt=bool(reading) and not is_kana(word),
    )
