"""Readings of names as sounds: kana and romaji as morae, a byte each.

Pure. Knows no names, nor how alike two sounds are.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from archive.folded_names import fold

# Longer than any name that is said; what stands behind is not compared.
MAX_MORAE: Final = 24
LONG: Final = ("", "-")
SOKUON: Final = ("Q", "")
NASAL: Final = ("N", "")
VOWELS: Final = "aiueo"
# Consonant: the kana of its row by vowel, "" where there is none.
_ROWS: Final = {
    "": "あ い う え お",
    "k": "か き く け こ",
    "g": "が ぎ ぐ げ ご",
    "s": "さ すぃ す せ そ",
    "z": "ざ ずぃ ず ぜ ぞ",
    "t": "た てぃ とぅ て と",
    "d": "だ でぃ どぅ で ど",
    "n": "な に ぬ ね の",
    "h": "は ひ  へ ほ",
    "b": "ば び ぶ べ ぼ",
    "p": "ぱ ぴ ぷ ぺ ぽ",
    "m": "ま み む め も",
    "y": "や  ゆ いぇ よ",
    "r": "ら り る れ ろ",
    "w": "わ うぃ  うぇ うぉ",
    "ky": "きゃ  きゅ きぇ きょ",
    "gy": "ぎゃ  ぎゅ ぎぇ ぎょ",
    "sh": "しゃ し しゅ しぇ しょ",
    "j": "じゃ じ じゅ じぇ じょ",
    "ch": "ちゃ ち ちゅ ちぇ ちょ",
    "ts": "つぁ つぃ つ つぇ つぉ",
    "ny": "にゃ  にゅ にぇ にょ",
    "hy": "ひゃ  ひゅ ひぇ ひょ",
    "by": "びゃ  びゅ びぇ びょ",
    "py": "ぴゃ  ぴゅ ぴぇ ぴょ",
    "my": "みゃ  みゅ みぇ みょ",
    "ry": "りゃ  りゅ りぇ りょ",
    "f": "ふぁ ふぃ ふ ふぇ ふぉ",
}
# Written apart, said alike.
_SAID_AS: Final = {
    "ぢゃ": "じゃ",
    "ぢゅ": "じゅ",
    "ぢょ": "じょ",
    "ぢ": "じ",
    "づ": "ず",
    "を": "お",
    "ゐ": "い",
    "ゑ": "え",
    "ゔぁ": "ば",
    "ゔぃ": "び",
    "ゔぇ": "べ",
    "ゔぉ": "ぼ",
    "ゔ": "ぶ",
    "ゎ": "わ",
    "ゕ": "か",
    "ゖ": "け",
    "くゎ": "か",
    "ぐゎ": "が",
}
# Beside consonant and vowel as the rows have them: Kunrei, Nihon, what people write.
_SPELT: Final = {
    "si": "し",
    "sya": "しゃ",
    "syu": "しゅ",
    "syo": "しょ",
    "ti": "ち",
    "tya": "ちゃ",
    "tyu": "ちゅ",
    "tyo": "ちょ",
    "tu": "つ",
    "hu": "ふ",
    "zi": "じ",
    "zya": "じゃ",
    "zyu": "じゅ",
    "zyo": "じょ",
    "jya": "じゃ",
    "jyu": "じゅ",
    "jyo": "じょ",
    "di": "じ",
    "dya": "じゃ",
    "dyu": "じゅ",
    "dyo": "じょ",
    "du": "ず",
    "dzu": "ず",
    "wo": "お",
    "wi": "い",
    "we": "え",
    "cya": "ちゃ",
    "cyu": "ちゅ",
    "cyo": "ちょ",
    "kwa": "か",
    "gwa": "が",
    "va": "ば",
    "vi": "び",
    "vu": "ぶ",
    "ve": "べ",
    "vo": "ぼ",
}
_SOUNDS: Final = {
    kana: (consonant, vowel)
    for consonant, row in _ROWS.items()
    for vowel, kana in zip(VOWELS, row.split(" "), strict=True)
    if kana
}
_KANA: Final = {
    **_SOUNDS,
    **{kana: _SOUNDS[said] for kana, said in _SAID_AS.items()},
    "ん": NASAL,
    "っ": SOKUON,
    "ー": LONG,
}
_LONGEST_SYLLABLE: Final = 3
_ROMAJI: Final = {
    **{consonant + vowel: (consonant, vowel) for consonant, vowel in _SOUNDS.values()},
    **{spelt: _SOUNDS[kana] for spelt, kana in _SPELT.items()},
}
MORAE: Final = tuple(dict.fromkeys(_KANA.values()))
_CODES: Final = {mora: code for code, mora in enumerate(MORAE)}
LONG_CODE: Final = _CODES[LONG]
SOKUON_CODE: Final = _CODES[SOKUON]
# Vowels that lengthen the one before them: おう, おお, えい, ええ, ああ, いい, うう.
_LENGTHENS: Final = {
    ("o", "u"),
    ("o", "o"),
    ("e", "i"),
    ("e", "e"),
    ("a", "a"),
    ("i", "i"),
    ("u", "u"),
}
_MACRONS: Final = str.maketrans({"\u0304": "ー", "\u0302": "ー"})
_OTHER_MARKS: Final = re.compile("[\u0300-\u036f]")
_DOUBLED: Final = re.compile(r"(?:([kstpgdbzcfhjr])(?=\1)|t(?=ch))")
_NASALS: Final = re.compile(r"(?:n'|n(?=ichi)|n(?![aiueoy])|m(?=[bpm]))")
_H_BEHIND_O: Final = re.compile(r"(?<=o)h(?![aiueoy])")
_ROMAN: Final = re.compile(r"[a-z'ー]+")


def kana_reading(word: str) -> bytes:
    """The morae of a folded word in kana, b"" of any other."""
    return _coded(_spoken(_kana_morae(word)))


def romaji_reading(word: str) -> bytes:
    """The morae of a word in romaji of any system, b"" of what is none ("Smith")."""
    marked = unicodedata.normalize("NFD", word).translate(_MACRONS)
    text = _OTHER_MARKS.sub("", marked).casefold().replace("’", "'")
    return _coded(_spoken(_romaji_morae(text))) if _ROMAN.fullmatch(text) else b""


def is_kana(word: str) -> bool:
    """The folded word can be read from its kana alone."""
    return bool(word) and all("ぁ" <= each <= "ゖ" or each == "ー" for each in word)


def kana_of(reading: bytes) -> str:
    """A reading in hiragana, its long vowels as ー."""
    return "".join(_WRITTEN[code] for code in reading if code < len(MORAE))


def _kana_morae(word: str) -> list[tuple[str, str]]:
    morae = []
    at = 0
    while at < len(word):
        pair = word[at : at + 2]
        kana = pair if pair in _KANA else word[at]
        if kana not in _KANA:
            return []
        morae.append(_KANA[kana])
        at += len(kana)
    return morae


def _romaji_morae(text: str) -> list[tuple[str, str]]:
    text = _H_BEHIND_O.sub("ー", text)
    text = _NASALS.sub("ん", _DOUBLED.sub("っ", text))
    morae = []
    at = 0
    while at < len(text):
        syllable = next(_syllables(text, at), "")
        if not syllable:
            return []
        morae.append(_KANA[syllable] if syllable in _KANA else _ROMAJI[syllable])
        at += len(syllable)
    return morae


def _syllables(text: str, at: int) -> Iterator[str]:
    """Readings from here on, the longest first."""
    for length in range(_LONGEST_SYLLABLE, 0, -1):
        syllable = text[at : at + length]
        if syllable in _ROMAJI or syllable in ("ん", "っ", "ー"):
            yield syllable


def _spoken(morae: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """With a vowel that only lengthens the one before it as ー."""
    spoken: list[tuple[str, str]] = []
    for mora in morae:
        consonant, vowel = mora
        before = spoken[-1] if spoken else NASAL
        if consonant == "" and before != LONG and (before[1], vowel) in _LENGTHENS:
            spoken.append(LONG)
        elif mora != LONG or (before[1] in VOWELS and before[1]):
            spoken.append(mora)
    return spoken


def _coded(morae: list[tuple[str, str]]) -> bytes:
    return bytes(_CODES[mora] for mora in morae[:MAX_MORAE])


def read_word(word: str) -> bytes:
    """The morae of a word in kana or romaji, b"" where its writing does not tell them."""
    return kana_reading(fold(word)) or romaji_reading(word)


_WRITTEN: Final = tuple(
    next(kana for kana, mora in _KANA.items() if mora == wanted) for wanted in MORAE
)
_VOICELESS: Final = {
    "g": "k",
    "z": "s",
    "d": "t",
    "b": "h",
    "p": "h",
    "gy": "ky",
    "j": "sh",
    "by": "hy",
    "py": "hy",
}
# The voiceless ぶ is ふ; ち and つ are left apart from し and す, though voiced they are one.
_ROUND: Final = {("h", "u"): ("f", "u")}


def _voiceless(mora: tuple[str, str]) -> tuple[str, str]:
    unvoiced = (_VOICELESS.get(mora[0], mora[0]), mora[1])
    return _ROUND.get(unvoiced, unvoiced)


_UNVOICED: Final = bytes(
    _CODES.get(_voiceless(mora), code) for code, mora in enumerate(MORAE)
) + bytes(range(len(MORAE), 256))


def without_long_vowels(reading: bytes) -> bytes:
    """A reading in which おの and おおの are one."""
    return reading.replace(bytes([LONG_CODE]), b"")


def without_sokuon(reading: bytes) -> bytes:
    """A reading in which はとり and はっとり are one."""
    return reading.replace(bytes([SOKUON_CODE]), b"")


def without_dakuten(reading: bytes) -> bytes:
    """A reading in which なかた and なかだ are one."""
    return reading.translate(_UNVOICED)
