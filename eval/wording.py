"""Requests as sentences: templates in TOML, filled with the values of clues.

The form is that of `eval/phrases/`. Of a packed file (zlib, base64) nobody sees the words by
accident; it has the same form. Knows nothing of what was meant.
"""

import base64
import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from eval.memory.clue import Clue
from eval.requests.drawn import Request

PACKED: Final = ".bin"
# Between phrases that no frame puts together.
_BETWEEN: Final = {"ja": "、", "en": ", "}
# A clue's slots, and its kind without what comes behind the dot: what a frame calls its places.
_PLACE: Final = "."


class NoTemplate(Exception):
    """A kind of clue has no template with these slots in that language."""


@dataclass(frozen=True, slots=True)
class Template:
    """A phrase of one kind of clue, with the slots that it names."""

    kind: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Templates, frames by language, and the words of values by language and slot."""

    templates: Sequence[Template]
    frames: Mapping[str, Sequence[str]]
    words: Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]

    def sentence(self, request: Request, dice: np.random.Generator) -> str:
        """Raises `NoTemplate`."""
        phrases = {
            told.kind.partition(_PLACE)[0]: self._phrase(told, request.language, dice)
            for _, told in request.clues
        }
        fitting = [
            frame
            for frame in self.frames.get(request.language, ())
            if places_of(frame) == phrases.keys()
        ]
        if fitting:
            return str(dice.choice(fitting)).format(**phrases)
        return _BETWEEN[request.language].join(phrases.values())

    def _phrase(self, told: Clue, language: str, dice: np.random.Generator) -> str:
        slots = dict(told.slots)
        fitting = [
            each.text
            for each in self.templates
            if each.kind == told.kind
            and each.language == language
            and places_of(each.text) == slots.keys()
        ]
        if not fitting:
            raise NoTemplate(f"{language}: {told.kind} with {', '.join(slots)}")
        filled = {
            name: self._word(language, name, str(value), dice) for name, value in slots.items()
        }
        return str(dice.choice(fitting)).format(**filled)

    def _word(self, language: str, slot: str, value: str, dice: np.random.Generator) -> str:
        """One of the words of a value; a value without words stands as it is."""
        words = self.words.get(language, {}).get(slot, {}).get(value, (value,))
        return str(dice.choice(list(words)))


def places_of(text: str) -> set[str]:
    """The names in braces."""
    return {part.partition("}")[0] for part in text.split("{")[1:]}


def read_wording(path: Path) -> Wording:
    """Of a TOML file, plain or packed."""
    raw = path.read_bytes()
    text = zlib.decompress(base64.b64decode(raw)) if path.suffix == PACKED else raw
    told = tomllib.loads(text.decode())
    frames: dict[str, list[str]] = {}
    for each in told.get("frame", ()):
        frames.setdefault(each["language"], []).append(each["text"])
    templates = [
        Template(each["kind"], each["language"], each["text"]) for each in told["template"]
    ]
    return Wording(templates, frames, told.get("words", {}))


def pack(text: str) -> bytes:
    """What `read_wording` takes for a packed file."""
    return base64.b64encode(zlib.compress(text.encode()))
