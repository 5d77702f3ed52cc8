"""Characters of names that are written in several ways, made one.

Pure. By the tables of `jntajis-python` and a small one of our own; what is shown stays as written.
"""

import unicodedata
from functools import lru_cache
from typing import Final

# Kept apart by the tables and not by people; of kana only within a word in kanji (関ヶ原).
_OWN: Final = {
    "斉": "斎",
    "靍": "鶴",
    "靏": "鶴",
    "檜": "桧",
    "篭": "籠",
    "藪": "薮",
    "凛": "凜",
    "遙": "遥",
    "諫": "諌",
    "鯵": "鰺",
    "祗": "祇",
    "籐": "藤",
    "濵": "浜",
    "澁": "渋",
    "躰": "体",
    "厩": "廐",
    "碕": "崎",
    "ゖ": "け",
    "が": "け",
}
_REPEATED: Final = "々〻"
# Variants that are told apart by a mark behind the character, or by none at all (IVS, FVS).
_SELECTORS: Final = dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
_FIRST_KANJI: Final = 0x2E80
# Names of one table have some thousands of different characters.
_REMEMBERED: Final = 16_384
# What one character may be written for; the tables have fewer.
_MAX_VARIANTS: Final = 64


def without_selectors(text: str) -> str:
    """A text without the marks that choose a form of the character before them."""
    return text.translate(_SELECTORS)


def has_kanji(word: str) -> bool:
    """The reading of the word cannot be told from its writing."""
    return any(is_kanji(each) for each in word)


def is_kanji(character: str) -> bool:
    """An ideograph, or the mark that repeats one."""
    if character in _REPEATED:
        return True
    return ord(character) >= _FIRST_KANJI and unicodedata.name(character, "").startswith("CJK ")


def kanji_key(word: str) -> str:
    """A folded word with one character for each that is a variant of it; 佐佐木 for 佐々木.

    The key of a key is itself.
    """
    kanji = has_kanji(word)
    key: list[str] = []
    for each in without_selectors(word):
        if each in _REPEATED and key:
            key.append(key[-1])
        else:
            key.append(_one_of(each) if kanji else each)
    return "".join(key)


@lru_cache(_REMEMBERED)
def _one_of(character: str) -> str:
    if ord(character) < _FIRST_KANJI:
        return character
    variants = _reached(character)
    least = min((_reached(each) for each in variants), key=lambda each: (len(each), min(each)))
    chosen = min(least)
    return _OWN.get(chosen, chosen)


@lru_cache(_REMEMBERED)
def _reached(character: str) -> frozenset[str]:
    """A character and all that the tables let stand for it, step by step."""
    reached = {character}
    waiting = [character]
    while waiting and len(reached) < _MAX_VARIANTS:
        new = _candidates(waiting.pop()) - reached
        reached |= new
        waiting += new
    return frozenset(reached)


def _candidates(character: str) -> set[str]:
    # The tables (70 MB, of which little is read) are mapped where the first name is compared.
    from jntajis import MJShrinkSchemeCombo, mj_shrink_candidates

    every = (
        MJShrinkSchemeCombo.JIS_INCORPORATION_UCS_UNIFICATION_RULE
        | MJShrinkSchemeCombo.INFERENCE_BY_READING_AND_GLYPH
        | MJShrinkSchemeCombo.MOJ_NOTICE_582
        | MJShrinkSchemeCombo.MOJ_FAMILY_REGISTER_ACT_RELATED_NOTICE
    )
    texts = (unicodedata.normalize("NFKC", each) for each in mj_shrink_candidates(character, every))
    return {each for each in texts if len(each) == 1}
