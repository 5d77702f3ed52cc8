"""Names folded so that spelling does not hide them: width, kana, case, accents.

Pure. Knows nothing of who bears the names.
"""

import re
import unicodedata
from typing import Final

_KATAKANA: Final = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_ACCENTS: Final = dict.fromkeys(range(0x0300, 0x0370))
_BETWEEN_NAMES: Final = re.compile(r"[\s・,、.]+")


def fold(text: str) -> str:
    """NFKC, no accents on letters, lower case, hiragana for katakana; dakuten stay."""
    compatible = unicodedata.normalize("NFKC", text)
    bare = unicodedata.normalize("NFD", compatible).translate(_ACCENTS)
    return unicodedata.normalize("NFC", bare).casefold().translate(_KATAKANA).strip()


def tokens(text: str) -> tuple[str, ...]:
    """The words of a name, folded, in their order ("田中 真由" has two)."""
    return tuple(word for word in _BETWEEN_NAMES.split(fold(text)) if word)


def findable(text: str) -> frozenset[str]:
    """All that a name is found by: each of its words, and the words run together."""
    words = tokens(text)
    return frozenset((*words, "".join(words))) if words else frozenset()
