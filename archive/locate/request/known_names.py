"""Names of a site's own: agents, teams, queues, extensions; beside them frequent surnames.

Pure. A value that is handed in; knows nothing of when somebody bore a name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from archive.folded_names import fold, tokens
from archive.locate.who.kanji import has_kanji, kanji_key
from archive.locate.who.morae import is_kana, kana_reading, romaji_reading, without_long_vowels
from archive.locate.who.surnames import READINGS

# Surnames that are said of places or of other things as often; those of the site are taken.
_PLACES: Final = """
千葉 福島 宮崎 川崎 山口 石川 神田 町田 成田 大島 小松 松本 高松 岡山 長崎 広島 東 南 西 北 関 菅 原
林 森 上野 中野 角田 長田 横田 吉川 平野 市川 川口 富田 白石 今井
"""
_OTHERS: Final = frozenset(_PLACES.split())
# Of more tags a site has no list: they are free text.
MAX_TAGS: Final = 200
_MIN_KANA: Final = 3
_MIN_ROMAJI: Final = 4
# Of a queue in two languages: what is said of one may be the other's name.
_SAME: Final = tuple(
    frozenset(each.split())
    for each in (
        "解約 退会 cancellation cancellations cancel",
        "請求 料金 支払 支払い billing bills payments",
        "配送 配達 宅配 発送 delivery deliveries shipping dispatch",
        "受付 総合受付 総合案内 代表 reception frontdesk switchboard general",
        "営業 販売 セールス sales",
        "サポート 技術 テクニカルサポート support techsupport technicalsupport helpdesk help",
        "契約 新規契約 contracts contract",
        "注文 受注 購入 orders order ordering",
        "夜間 夜間窓口 overnight night nights",
        "苦情 クレーム complaints complaint",
        "修理 故障 repairs repair",
        "返品 返金 returns refunds",
        "予約 reservations booking bookings",
        "会員 口座 accounts account",
    )
)


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Names by which a site's agents, teams and queues may be told from other words."""

    people: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    extensions: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def is_person(self, word: str) -> bool:
        """Somebody of the site has the name, or many people have."""
        return self.is_agent(word) or is_surname(word)

    def is_agent(self, word: str) -> bool:
        """Somebody of the site has the name, in any writing of it."""
        return bool(_keys(word) & self.people)

    def team(self, said: str) -> tuple[str, ...]:
        """The teams that are meant, as they are called here."""
        return _meant(said, self.teams)

    def queue(self, said: str) -> tuple[str, ...]:
        """The queues that are meant, as they are called here."""
        return _meant(said, self.queues)


NOBODY: Final = KnownNames()


def known_names(
    *,
    people: Iterable[str],
    ids: Iterable[str] = (),
    extensions: Iterable[str] = (),
    teams: Iterable[str] = (),
    queues: Iterable[str] = (),
    tags: Iterable[str] = (),
) -> KnownNames:
    """A site's names; of people all that an agent is called, in any writing."""
    words = {word for name in people for word in (*tokens(name), "".join(tokens(name)))}
    return KnownNames(
        people=frozenset(key for word in words for key in _keys(word)),
        ids=frozenset(map(fold, ids)),
        extensions=frozenset(extensions),
        teams=frozenset(each for each in teams if each),
        queues=frozenset(each for each in queues if each),
        tags=frozenset(sorted(each for each in tags if each)[:MAX_TAGS]),
    )


def is_surname(word: str) -> bool:
    """It is a frequent surname and hardly anything else."""
    folded = fold(word)
    if has_kanji(folded):
        key = kanji_key(folded)
        return key in READINGS and key not in _OTHERS
    least = _MIN_KANA if is_kana(folded) else _MIN_ROMAJI
    return len(folded) >= least and _sounds(folded) in _frequent_sounds()


@cache
def _frequent_sounds() -> frozenset[bytes]:
    usual = (each for key, names in READINGS.items() if key not in _OTHERS for each in names)
    return frozenset(_sounds(each) for each in usual)


def _keys(word: str) -> frozenset[str]:
    """By which a word of a name is known: its characters and its sounds."""
    folded = fold(word)
    keys = {kanji_key(folded)} if folded else set[str]()
    if folded and not has_kanji(folded) and (sounds := _sounds(folded)):
        keys.add(sounds.hex())
    return frozenset(keys)


def _sounds(folded: str) -> bytes:
    """Without long vowels, which romaji leaves out."""
    reading = kana_reading(folded) if is_kana(folded) else romaji_reading(folded)
    return without_long_vowels(reading)


def _meant(said: str, names: frozenset[str]) -> tuple[str, ...]:
    plain = _bare(said)
    same = {plain}.union(*(group for group in _SAME if plain in group))
    return tuple(sorted(each for each in names if _bare(each) in same))


def _bare(name: str) -> str:
    return "".join(each for each in fold(name) if each.isalnum())
