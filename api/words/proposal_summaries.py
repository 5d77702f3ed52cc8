"""What is proposed, as who approves reads it: kept as marked texts with values, told when shown.

Pure. Knows nothing of what is proposed.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from api.words.texts import Words, said
from api.words.time_words import size_told

# A value of this name is a count of bytes.
SIZE: Final = "size"
_AS_IT_IS: Final = "{text}"
# Behind the first of many lines.
MORE_LINES: Final = said("… {count} more lines")


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A marked text, and what its placeholders are filled with: counts as numbers."""

    source: str
    values: Mapping[str, int | str] = field(default_factory=dict)

    def told(self, words: Words, language: str) -> str:
        """It in a language."""
        values = {name: _told(name, value) for name, value in self.values.items()}
        return words(language, self.source).format(**values)


def plain(text: str) -> SummaryLine:
    """What is in no language: a line of a policy, a name."""
    return SummaryLine(_AS_IT_IS, {"text": text})


def kept(*lines: SummaryLine) -> str:
    """Lines as the register keeps them."""
    return json.dumps([[each.source, dict(each.values)] for each in lines], ensure_ascii=False)


def told(summary: str, words: Words, language: str) -> str:
    """What was kept, in a language, line by line; proposals of before have English sentences."""
    return "\n".join(each.told(words, language) for each in _lines(summary))


def _lines(summary: str) -> Iterator[SummaryLine]:
    try:
        found = json.loads(summary)
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, list):
        yield from map(plain, summary.splitlines())
        return
    for source, values in found:
        yield SummaryLine(source, values)


def _told(name: str, value: int | str) -> str:
    if isinstance(value, str):
        return value
    return size_told(value) if name == SIZE else f"{value:,}"
