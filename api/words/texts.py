"""Texts that people read: English sources, which are marked here and translated by who hands words.

Knows no language but English, and nothing of catalogues.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

# A language (en, ja) and an English text to that text in that language.
Words = Callable[[str, str], str]


def said(text: str) -> str:
    """Mark a text that people read; `make messages` collects it."""
    return text


def in_english(_language: str, text: str) -> str:
    """Words where nothing is translated."""
    return text


@dataclass(frozen=True, slots=True)
class Text:
    """A marked text, and what its placeholders are filled with."""

    source: str
    values: Mapping[str, str] = field(default_factory=dict)

    def told(self, words: Words, language: str) -> str:
        """It in a language."""
        return words(language, self.source).format(**self.values)


def as_it_is(text: str) -> Text:
    """A text that nobody has marked: it stays in English."""
    return Text("{text}", {"text": text})
