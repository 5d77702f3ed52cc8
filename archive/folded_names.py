"""Names folded so that writing does not hide them: of people, and of what people name (tags).

Pure. Knows nothing of who bears the names. How is in `docs/retention.md`, How names are compared.
"""

import re
import unicodedata
from typing import Final

_KATAKANA: Final = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_ACCENTS: Final = dict.fromkeys(range(0x0300, 0x0370))
_BRACKETS: Final = frozenset({"Ps", "Pe", "Pi", "Pf"})
# Not the apostrophe: O'Brien is one word.
_SIGNS: Final = frozenset('<>"|/\\')
_BETWEEN_NAMES: Final = re.compile(r"[\s・,、.]+")


def fold_name(text: str) -> str:
    """A tag, queue, controller or key as it is compared: width, case and composition are folded.

    Compatibility caseless matching (Unicode 3.13, D146), without blanks around it. Folded once more
    it is the same.
    """
    bare = unicodedata.normalize("NFD", text).casefold()
    caseless = unicodedata.normalize("NFKD", bare).casefold()
    return unicodedata.normalize("NFKC", caseless).strip()


def writing(text: str) -> str:
    """What is left of a name without its writing: kana, accents, signs and blanks say nothing.

    Two names of which this is the same are perhaps one; nothing is decided by it.
    """
    return "".join(each for each in fold(text) if each.isalnum())


def fold(text: str) -> str:
    """NFKC, no accents on letters, lower case, hiragana for katakana; dakuten stay."""
    compatible = unicodedata.normalize("NFKC", text)
    bare = unicodedata.normalize("NFD", compatible).translate(_ACCENTS)
    return unicodedata.normalize("NFC", bare).casefold().translate(_KATAKANA).strip()


def tokens(text: str) -> tuple[str, ...]:
    """The words of a name, folded, in their order ("田中 真由" has two)."""
    return tuple(word for word in _BETWEEN_NAMES.split(_unenclosed(fold(text))) if word)


def _unenclosed(text: str) -> str:
    """With blanks for brackets, quotes and strokes: who is ‹花子> is found as 花子."""
    return "".join(" " if encloses(each) else each for each in text)


def encloses(character: str) -> bool:
    """Whether a character only stands around what is said: a bracket, a quote, a stroke."""
    return character in _SIGNS or unicodedata.category(character) in _BRACKETS


def findable(text: str) -> frozenset[str]:
    """All that a name is found by: each of its words, and the words run together."""
    words = tokens(text)
    return frozenset((*words, "".join(words))) if words else frozenset()
