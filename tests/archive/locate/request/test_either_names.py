"""Who is told with "or", as people say it: both names are meant."""

import pytest

from archive.locate.clues import AgentClue, CustomerClue
from archive.locate.request.either_names import both_names
from archive.locate.request.known_names import NOBODY, known_names
from archive.locate.request.people import find_people

KNOWN = known_names(
    people=[
        "田中 真由",
        "たなか まゆ",
        "Tanaka Mayu",
        "Nakata Megumi",
        "山崎 歩",
        "やまざき あゆむ",
        "Kondo Ken",
    ]
)
TOLD: list[tuple[str, tuple[str, ...]]] = [
    ("担当は田中さんか中田さん", ("田中", "中田")),
    ("田中さんか中田さんでした", ("田中", "中田")),
    ("田中/中田", ("田中", "中田")),
    ("田中さんないし中田さん", ("田中", "中田")),
    ("田中さん、もしかすると中田さん", ("田中", "中田")),
    ("鈴木(または鱸)さん", ("鈴木", "鱸")),
    ("田中ないし中田", ("田中", "中田")),
    ("たなかないしなかた", ("たなか", "なかた")),
    ("たなかまたはなかた", ("たなか", "なかた")),
    ("担当はたなかかなかた", ("たなか", "なかた")),
    ("きむらもしくはぎむら", ("きむら", "ぎむら")),
    ("きむらもしくはぎむらという名前の担当", ("きむら", "ぎむら")),
    ("まざきやもしくはやまざきという名前の担当", ("まざきや", "やまざき")),
    ("担当はまざきやかやまざき", ("まざきや", "やまざき")),
    ("担当はかとうかかどう", ("かとう", "かどう")),
    ("きむらさん、もしかしたらむらきさん", ("きむら", "むらき")),
    ("おおいしさんかおおおいしさん", ("おおいし", "おおおいし")),
    ("こじまさんまたはとじまさん", ("こじま", "とじま")),
    ("うこんどさん、もしかするとこんどうさん", ("うこんど", "こんどう")),
    ("末尾の番号 大石さん", ("大石",)),
    ("がわたさんと話しました", ("がわた",)),
    ("たなかかもしれない", ("たなか",)),
    ("担当はたなかかどうか", ("たなか",)),
    ("the agent was either Mimami or Minami", ("Mimami", "Minami")),
    ("either Tanaka or Nakata", ("Tanaka", "Nakata")),
    ("with a Ms Tanaka / Nakata", ("Tanaka", "Nakata")),
    ("Tanaka / Nakata", ("Tanaka", "Nakata")),
    ("Tanaka, maybe Nakata", ("Tanaka", "Nakata")),
    ("spoke to Tanaka (or Nakata)", ("Tanaka", "Nakata")),
    ("it was Tanaka or else Nakata", ("Tanaka", "Nakata")),
    ("with someone called Yamazaki, or was it Zakiyama", ("Yamazaki", "Zakiyama")),
    ("someone called Tanaka - could have been Nakata", ("Tanaka", "Nakata")),
    ("not sure whether Tanaka or Nakata", ("Tanaka", "Nakata")),
    ("the lady was a Smith or a Smythe", ("Smith", "Smythe")),
    ("in October, with Muraki, 3 min", ("Muraki",)),
    ("STOP agent Kondo STOP", ("Kondo",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), TOLD)
def test_every_name_of_an_agent_that_is_told_is_kept(text: str, names: tuple[str, ...]) -> None:
    (found,) = find_people(text, KNOWN)

    assert found.value == AgentClue(names)


def test_so_it_is_of_customers() -> None:
    (found,) = find_people("お客様はきむらかぎむら", KNOWN)

    assert found.value == CustomerClue(("きむら", "ぎむら"))


@pytest.mark.parametrize(
    "name", ["たかはし", "なかしまかな", "しかかい", "かかかかか", "たなかかも"]
)
def test_a_kana_that_is_also_a_word_stays_in_a_name(name: str) -> None:
    assert both_names(name, NOBODY) == (name,)
