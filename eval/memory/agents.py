"""Clues of the agent of a call: a name as heard, one of two, the team, the extension."""

from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np

from eval.memory.clue import Clue, Said, Spoken, clue
from eval.memory.model import Model, Table
from eval.world.agents import QUEUES, Agents
from eval.world.surnames import misheard, spellings, surnames

# Of Japanese requests, so many have the surname in kanji as the writer thinks that it is written.
_KANJI: Final = 0.6
# Kunrei would be regular; people write as in a passport.
_CONSONANTS: Final = {
    "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ",
    "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど",
    "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ", "": "あいうえお",
}  # fmt: skip
_ROMAJI: Final = {
    **{
        sound: consonant + vowel
        for consonant, row in _CONSONANTS.items()
        for sound, vowel in zip(row, "aiueo", strict=True)
    },
    "し": "shi", "ち": "chi", "つ": "tsu", "ふ": "fu", "じ": "ji", "ぢ": "ji", "づ": "zu",
    "や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "を": "o", "ん": "n",
    "ゃ": "ya", "ゅ": "yu", "ょ": "yo",
}  # fmt: skip


def romaji_of(reading: str) -> str:
    """As in a passport: long vowels are not told."""
    letters = ""
    for before, sound in pairwise(" " + reading):
        put = _ROMAJI.get(sound, "")
        if before == "っ":
            put = put[:1] + put
        if sound in "ゃゅょ" and letters.endswith("i"):
            letters = letters[:-1]
            put = put[1:] if letters.endswith(("sh", "ch", "j")) else put
        letters += put
    for long, short in (("oo", "o"), ("ou", "o"), ("uu", "u")):
        letters = letters.replace(long, short)
    return letters.capitalize()


@lru_cache(maxsize=20_000)
def heard_from(reading: str, rate: float) -> dict[str, float]:
    """Readings that are heard where this one is said."""
    heard = {reading: 1 - rate}
    for other, share in misheard(reading).items():
        heard[other] = heard.get(other, 0.0) + rate * share
    return heard


def _written(heard: str, language: str) -> dict[str, float]:
    """Writings by who heard a reading."""
    if language == "en":
        return {romaji_of(heard): 1.0}
    kanji = spellings(heard)
    if not kanji:
        return {heard: 1.0}
    return {heard: 1 - _KANJI, **{name: _KANJI * share for name, share in kanji.items()}}


def spoken_names(model: Model, agents: Agents, language: str) -> Spoken:
    """Of each persona: heard, or one of two."""
    kinds, rate = model.kinds["agent"], model.errors["agent"]["misheard"]
    names = surnames()
    made: dict[int, Said] = {}
    for surname in sorted(set(agents.surname_of.tolist())):
        reading = names.readings[names.reading_of[surname]]
        made[surname] = _said_of(reading, kinds, rate, language)
    told = [made[surname] for surname in agents.surname_of.tolist()]
    return Spoken(np.eye(len(told)), told)


def _said_of(reading: str, kinds: Table, rate: float, language: str) -> Said:
    said: Said = {}
    both = kinds["heard"] + kinds["either"]
    for heard, share in heard_from(reading, rate).items():
        for written, part in _written(heard, language).items():
            one = clue("agent.heard", name=written)
            said[one] = said.get(one, 0.0) + share * part * kinds["heard"] / both
        for other, beside in misheard(heard).items():
            pair = _pair(heard, other, language)
            said[pair] = said.get(pair, 0.0) + share * beside * kinds["either"] / both
    return said


def _pair(one: str, other: str, language: str) -> Clue:
    """Two that sound alike, in no order that tells anything."""
    shown = (romaji_of(each) if language == "en" else each for each in (one, other))
    first, second = sorted(shown)
    if first == second:
        return clue("agent.heard", name=first)
    return clue("agent.either", name=first, or_name=second)


def team_name(team: int) -> str:
    """A team is of a queue."""
    return f"{QUEUES[team % len(QUEUES)]} {team // len(QUEUES) + 1}"


def spoken_teams(model: Model, agents: Agents) -> Spoken:
    """Of each team: it, or another."""
    wrong, count = model.errors["agent"]["team"], agents.teams
    kernel = np.full((count, count), wrong / (count - 1))
    np.fill_diagonal(kernel, 1 - wrong)
    told = [{clue("agent.team", team=team_name(each)): 1.0} for each in range(count)]
    return Spoken(kernel, told)


def spoken_extensions(model: Model, extensions: int, first: int) -> Spoken:
    """Of each of so many: it, or with another last digit."""
    wrong = model.errors["agent"]["digit"]
    kernel = np.zeros((extensions, extensions + 10))
    for each in range(extensions):
        kernel[each, each] = 1 - wrong
        tens = (first + each) // 10 * 10 - first
        others = [tens + digit for digit in range(10) if 0 <= tens + digit != each]
        for other in others:
            kernel[each, other] += wrong / len(others)
    told = [
        {clue("agent.extension", extension=str(first + n)): 1.0} for n in range(extensions + 10)
    ]
    return Spoken(kernel, told)
