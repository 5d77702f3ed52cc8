"""The gist of a call in pieces by which texts are looked up and compared: our own bigrams.

Pure. Knows nothing of indexes, nor of what is a note and what a tag.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

# Of a longer text only this much is compared.
MAX_TEXT: Final = 2_000
MAX_BIGRAMS: Final = 256
FLOOR: Final = -9.0
# Taken away for a remembered text of which nearly nothing stands there; between them in proportion.
_HARDLY: Final = -6.0
_PAIR: Final = 2
_DIGITS: Final = 3
_MIN_STEM: Final = 3
_PLURAL: Final = re.compile(r"(?<=ss|sh|ch|.x)es$|(?<=[^\W\d_]{2}[^s])s$")
_TENSE: Final = re.compile(r"(?<=[^\W\d_]{3})(?:ing|ed)$")
_DOUBLED: Final = re.compile(r"(.)\1$")
_MAX_WORD: Final = 24
_KATAKANA: Final = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_ACCENTS: Final = dict.fromkeys(range(0x0300, 0x0370))
_KANJI: Final = r"㐀-䶿一-鿿豈-﫿々〆〻\U00020000-\U0003ffff"
_KANA: Final = r"ぁ-ゖァ-ヺー"
# A code may have hyphens and the like in it: BX-77120, 2026/114.
_RUN: Final = re.compile(
    rf"[{_KANJI}{_KANA}]+|[^\W_{_KANJI}{_KANA}]+(?:['’/-][^\W_{_KANJI}{_KANA}]+)*"
)
_SCRIPT: Final = re.compile(rf"[{_KANJI}]+|[ァ-ヺー]+|[ぁ-ゖ]+")
# Between two kanji hiragana end a word, unless they are of its writing: 引き落とし is 引落.
_PARTICLE: Final = re.compile(r"(?:[のをにはがでともへや]|から|まで|より)$")
_REFERENCE: Final = re.compile(r"\d{4,}")
_EMPTY_WORDS: Final = """
a an the of on in at to for from by with and or is was be been it its this that about re my your our
his her their
"""
_EMPTY: Final = frozenset(_EMPTY_WORDS.split())


def bigrams(text: str) -> tuple[str, ...]:
    """The pieces of a text, each once, in their order; at most `MAX_BIGRAMS`.

    Of Japanese two neighbouring characters of one script, of digits and codes three, of Latin
    letters a whole word without its ending.
    """
    found: dict[str, None] = {}
    for run in _RUN.finditer(_folded(text)):
        for each in _pieces(run[0]):
            found[each] = None
            if len(found) == MAX_BIGRAMS:
                return tuple(found)
    return tuple(found)


def is_reference(text: str) -> bool:
    """It has the number of an order, a case, a contract."""
    return _REFERENCE.search(text) is not None


def gist_similarity(remembered: Sequence[str], stored: Sequence[str]) -> float:
    """The natural log rate of a remembered text's bigrams for those of a stored text; 0 is all."""
    return gist_rate(len(set(remembered) & set(stored)), len(set(remembered)))


def gist_rate(shared: int, remembered: int) -> float:
    """The same where it is known how many are shared."""
    if not shared:
        return FLOOR
    return _HARDLY * (1 - shared / remembered)


def share_of(log_rate: float) -> float:
    """How much of a remembered text stands in one with this log rate."""
    return max(1 - log_rate / _HARDLY, 0.0)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text[:MAX_TEXT])[:MAX_TEXT].casefold()
    bare = unicodedata.normalize("NFD", plain).translate(_ACCENTS)
    return unicodedata.normalize("NFC", bare)


def _pieces(run: str) -> Iterator[str]:
    if _SCRIPT.match(run):
        yield from _japanese(run)
    elif any(each.isdigit() for each in run):
        code = "".join(each for each in run if each.isalnum())
        yield from _neighbours(code, _DIGITS)
    else:
        words = re.split(r"[/’'-]", run)
        yield from (
            _stem(each)[:_MAX_WORD] for each in words if len(each) > 1 and each not in _EMPTY
        )


def _japanese(run: str) -> Iterator[str]:
    parts = _SCRIPT.findall(run)
    if all("ぁ" <= part[0] <= "ゖ" for part in parts):
        yield from _neighbours(run, _PAIR)
        return
    word = ""
    for part in (*parts, "の"):
        hiragana = "ぁ" <= part[0] <= "ゖ"
        if hiragana and not _PARTICLE.search(part):
            continue
        if word and (hiragana or _is_katakana(part) != _is_katakana(word)):
            yield from _neighbours(word.translate(_KATAKANA), _PAIR)
            word = ""
        word += "" if hiragana else part


def _is_katakana(part: str) -> bool:
    return "ァ" <= part[0] <= "ヺ" or part[0] == "ー"


def _neighbours(text: str, count: int) -> Iterator[str]:
    yield from (text[at : at + count] for at in range(max(len(text) - count, 0) + 1))


def _stem(word: str) -> str:
    """A word without the endings of number and time: refunds, refunded, refunding are refund."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    stem = _TENSE.sub("", _PLURAL.sub("", word))
    bare = stem[:-1] if stem.endswith("e") and len(stem) > _MIN_STEM else stem
    return _DOUBLED.sub(r"\1", bare)
