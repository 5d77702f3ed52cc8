"""A clue found in a text, and the text of which others are found.

Pure. Knows no kind of clue.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from archive.locate.clues import Value
from archive.locate.traced_text import Span

# Stands for what has been read: no character of a text that is taken.
TAKEN: Final = "\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A clue, and every stretch of the text that was read for it; `guessed` where none said so."""

    value: Value
    spans: tuple[Span, ...]
    guessed: bool = False
    denied: bool = False  # said not to be


def found_at(match: re.Match[str], value: Value) -> Found:
    """A clue for which all that matched was read."""
    return Found(value=value, spans=(match.span(),))


def without(text: str, spans: tuple[Span, ...]) -> str:
    """A text of which these stretches have been read."""
    for begin, end in spans:
        text = text[:begin] + TAKEN * (end - begin) + text[end:]
    return text


def matches(text: str, *patterns: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Matches of the patterns, each beside what those before it have found."""
    for pattern in patterns:
        for each in pattern.finditer(text):
            yield each
            text = without(text, (each.span(),))
