"""Spellings of a reading in kana and in Latin letters, as people write names.

Pure. Knows no names, nor which spelling is likelier.
"""

from collections.abc import Iterator
from itertools import product
from typing import Final

from archive.locate.who.morae import LONG, MORAE, NASAL, SOKUON, kana_of

# Kunrei, where it differs from Hepburn.
_KUNREI: Final = {"sh": "sy", "ch": "ty", "j": "zy", "ts": "t", "f": "h"}
_OF_I: Final = {"sh": "s", "ch": "t", "j": "z"}
# A long o and u as they are written; the other long vowels are written twice, or えい.
_LONG: Final = ({"o": "", "u": ""}, {"o": "u", "u": "u"}, {"o": "o", "u": "u"}, {"o": "h", "u": ""})
_OTHERS: Final = {"a": "a", "i": "i", "e": "i"}
_LABIAL: Final = "bmp"
_KANA_LONG: Final = ({"o": "う", "e": "い"}, {"o": "お", "e": "え"})
_PLAIN: Final = {"a": "あ", "i": "い", "u": "う", "e": "え", "o": "お"}
_SAID_ALIKE: Final = (("じ", "ぢ"), ("ず", "づ"))


def kana_spellings(reading: bytes) -> tuple[str, ...]:
    """In folded kana: with おう, おお and ー, with ず and づ."""
    long = (_with_long_vowels(reading, each) for each in _KANA_LONG)
    found = [*long, kana_of(reading)]
    for one, other in _SAID_ALIKE:
        found += [each.replace(one, other) for each in found if one in each]
    return tuple(dict.fromkeys(found))


def _with_long_vowels(reading: bytes, vowels: dict[str, str]) -> str:
    before, written = "", ""
    for code in reading:
        mora = MORAE[code]
        if mora == LONG:
            written += vowels.get(before, _PLAIN.get(before, "ー"))
        else:
            before = mora[1]
            written += kana_of(bytes([code]))
    return written


def romaji_spellings(reading: bytes) -> tuple[str, ...]:
    """In small letters by Hepburn and Kunrei; long vowels left out, or written in any way."""
    ways = product(_LONG, ("n", "m"), (False, True))
    spelt = (_spelt(reading, long, labial, kunrei=kunrei) for long, labial, kunrei in ways)
    return tuple(dict.fromkeys(spelt))


def _spelt(reading: bytes, long: dict[str, str], labial: str, *, kunrei: bool) -> str:
    written: list[str] = []
    for mora, following in _with_following(reading):
        if mora == LONG:
            vowel = "".join(written)[-1:]
            written.append(long.get(vowel, _OTHERS.get(vowel, "")))
        elif mora == NASAL:
            written.append(labial if following[:1] in tuple(_LABIAL) else "n")
        elif mora == SOKUON:
            written.append("t" if following == "ch" and not kunrei else following[:1])
        else:
            written.append(_syllable(mora, kunrei=kunrei))
    return "".join(written)


def _with_following(reading: bytes) -> Iterator[tuple[tuple[str, str], str]]:
    """Each mora with the consonant of the one behind it."""
    morae = [MORAE[code] for code in reading]
    for at, mora in enumerate(morae):
        behind = morae[at + 1] if at + 1 < len(morae) else ("", "")
        yield mora, "" if behind in (LONG, NASAL, SOKUON) else behind[0]


def _syllable(mora: tuple[str, str], *, kunrei: bool) -> str:
    consonant, vowel = mora
    if kunrei:
        of_i = _OF_I if vowel == "i" else {}
        consonant = of_i.get(consonant, _KUNREI.get(consonant, consonant))
    return consonant + vowel
