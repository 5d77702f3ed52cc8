"""Full names that are written as one word: 田中太郎, ヤマダハナコ.

Pure. By frequent surnames alone; that it is so parted is a guess.
"""

from functools import cache
from typing import Final, NamedTuple

from archive.folded_names import fold
from archive.locate.who.kanji import has_kanji, kanji_key
from archive.locate.who.morae import is_kana
from archive.locate.who.surnames import READINGS

_MIN: Final = 2
_MOST_GIVEN_KANJI: Final = 3
_MIN_KANA: Final = 3
_MOST_GIVEN_KANA: Final = 5
# One character behind a surname makes another one as often: 小野寺, 高橋川.
_OF_SURNAMES: Final = frozenset("寺川田島野沢村山原崎口木本井谷屋内倉橋浦瀬")
# What is no given name: of firms and places.
_OF_OTHERS: Final = frozenset("町市区県村郡駅店社会院所局課部室様館園校寮")


class FullName(NamedTuple):
    surname: str
    given: str


def part_full_name(word: str) -> FullName | None:
    """The parts of a folded word that begins with a frequent surname; None of any other."""
    heads = (at for at in range(len(word) - 1, _MIN - 1, -1) if is_head(word[:at]))
    at = next(heads, 0)
    if not at or is_head(word):
        return None
    found = FullName(word[:at], word[at:])
    return found if _may_be_given(found.given, kanji=has_kanji(found.surname)) else None


def is_head(word: str) -> bool:
    """It is a frequent surname of two characters and more, in kanji or kana."""
    if has_kanji(word):
        return len(word) >= _MIN and kanji_key(word) in READINGS
    return len(word) >= _MIN_KANA and word in _in_kana()


def _may_be_given(word: str, *, kanji: bool) -> bool:
    if kanji and has_kanji(word):
        if word[-1] in _OF_OTHERS or len(word) > _MOST_GIVEN_KANJI:
            return False
        return len(word) >= _MIN or word not in _OF_SURNAMES
    return is_kana(word) and _MIN <= len(word) <= _MOST_GIVEN_KANA


@cache
def _in_kana() -> frozenset[str]:
    return frozenset(fold(each) for readings in READINGS.values() for each in readings)
