"""Requests as sentences: templates in TOML, filled with the values of clues.

Of a packed file (zlib, base64) nobody sees the words by accident; it has the same form. Knows
nothing of what was meant.
"""

import base64
import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Any, Final

import numpy as np

from eval.memory.clue import Clue, Value
from eval.phrases.frames import Frame, places_of
from eval.phrases.writings import HANDS, WRITINGS

HERE: Final = Path(__file__).parent
OPEN: Final = HERE / "open.toml"
# Held back until one run had asked in it.
OPENED: Final = HERE / "opened.toml"
# Read by the last run alone.
HELD_BACK: Final = HERE / "unseen.bin"
# Where a language has no frame.
_BETWEEN: Final = {"ja": "、", "en": ", "}
_ALONE: Final = {"ja": "の", "en": " "}
_DIALLED: Final = "number.dialled"


class NoTemplate(Exception):
    """A kind of clue has no template with these slots in that language."""


@dataclass(frozen=True, slots=True)
class Template:
    """A phrase of one kind of clue, with the slots that it names.

    `when` has the values of slots with which it can be said: some, or those of another slot.
    """

    kind: str
    language: str
    text: str
    voice: str = ""
    when: Mapping[str, Sequence[Value] | str] = field(default_factory=dict)

    def says(self, told: Clue) -> bool:
        """It fits with nothing lost."""
        slots = dict(told.slots)
        if places_of(self.text) | self.when.keys() != slots.keys():
            return False
        return all(
            slots[name] == slots[ought] if isinstance(ought, str) else slots[name] in ought
            for name, ought in self.when.items()
        )


@dataclass(frozen=True, slots=True)
class Wording:
    """By language: templates of each kind, frames, words of values by table, hands' shares."""

    templates: Mapping[tuple[str, str], Sequence[Template]]
    frames: Mapping[str, Sequence[Frame]]
    words: Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]
    hands: Mapping[str, Mapping[str, float]]

    def saying(self, told: Clue, language: str, voice: str = "") -> list[Template]:
        """The templates that can say it; those of no voice are of any."""
        return [
            each
            for each in self.templates.get((language, told.kind), ())
            if each.says(told) and (not voice or each.voice in {"", voice})
        ]


def phrase(clues: Sequence[Clue], language: str, *, seed: int, templates: Wording) -> str:
    """One sentence with all of them. Raises `NoTemplate`."""
    dice = np.random.default_rng(seed)
    frames = templates.frames.get(language) or [Frame("", (), _BETWEEN[language])]
    frame = frames[int(dice.integers(len(frames)))]
    phrases = {
        place_of(told): _phrase(told, language, frame.voice, templates, dice) for told in clues
    }
    hands = templates.hands.get(language, {"plain": 1.0})
    shares = np.array(list(hands.values()))
    hand = list(hands)[int(dice.choice(len(hands), p=shares / shares.sum()))]
    return HANDS[hand](frame.filled(phrases))


def phrase_alone(clues: Sequence[Clue], language: str, *, templates: Wording) -> str:
    """What is typed into a field: nothing stands around it. Raises `NoTemplate`."""
    dice = np.random.default_rng(0)
    said = (_phrase(told, language, "", templates, dice) for told in clues)
    return _ALONE[language].join(said)


def place_of(told: Clue) -> str:
    """The name of a clue's place in a frame: its kind without what comes behind the dot."""
    if told.kind == _DIALLED:
        return "dialled"
    return told.kind.partition(".")[0]


def _phrase(
    told: Clue, language: str, voice: str, templates: Wording, dice: np.random.Generator
) -> str:
    fitting = templates.saying(told, language, voice)
    if not fitting:
        values = ", ".join(f"{name} {value}" for name, value in told.slots)
        raise NoTemplate(f"{language}: {told.kind} with {values}")
    text = fitting[int(dice.integers(len(fitting)))].text
    slots, words = dict(told.slots), templates.words.get(language, {})
    filled = ""
    for literal, name, table, _ in Formatter().parse(text):
        filled += literal
        if name is not None:
            able = written(str(slots[name]), table or name, words)
            filled += able[int(dice.integers(len(able)))]
    return filled


def written(
    value: str, table: str, words: Mapping[str, Mapping[str, Sequence[str]]]
) -> Sequence[str]:
    """The words of a value in a table, or the way to write it of that name, or as it stands."""
    if table in words and value in words[table]:
        return words[table][value]
    return (WRITINGS.get(table, str)(value),)


def read_wording(path: Path = OPEN) -> Wording:
    """Of a TOML file, plain or packed."""
    raw = path.read_bytes()
    return _wording(tomllib.loads(raw.decode() if path.suffix == ".toml" else unpack(raw)))


def _wording(told: Mapping[str, Any]) -> Wording:
    frames: dict[str, list[Frame]] = {}
    for each in told.get("frame", ()):
        language = each.pop("language")
        frames.setdefault(language, []).append(Frame(**each))
    templates: dict[tuple[str, str], list[Template]] = {}
    for each in told["template"]:
        kind, language = each["kind"], each["language"]
        templates.setdefault((language, kind), []).extend(
            Template(kind, language, text, each.get("voice", ""), each.get("when", {}))
            for text in each["texts"]
        )
    return Wording(templates, frames, told.get("words", {}), told.get("hands", {}))


def pack(text: str) -> bytes:
    """Pack texts as `read_wording` takes them."""
    return base64.encodebytes(zlib.compress(text.encode(), 9))


def unpack(raw: bytes) -> str:
    """Unpack what `pack` made."""
    return zlib.decompress(base64.decodebytes(raw)).decode()
