"""A text made plain to be read, in which every character knows where it stood.

Pure. Knows nothing of what is read.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

# What is written behind the character that it belongs to: accents, dakuten of half-width kana.
_JOINED: Final = frozenset("ﾞﾟ")
# Twice what may be typed; one character may stand for eighteen.
MAX_PLAIN: Final = 1_000
_BLANKS: Final = re.compile(r"\s{2,}")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TracedText:
    """A text, and of each of its characters the begin and end in the text as it was written."""

    text: str
    begins: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, written: str) -> Self:
        """A text in NFKC: one width, composed; in its own case, blanks one by one; its begin."""
        parts: list[tuple[str, int, int]] = []
        at = length = 0
        while at < len(written) and length < MAX_PLAIN:
            end = at + 1
            while end < len(written) and _is_joined(written[end]):
                end += 1
            parts.append((unicodedata.normalize("NFKC", written[at:end]), at, end))
            length += len(parts[-1][0])
            at = end
        # Of many in a row every pattern with several optional parts tries each share.
        return cls._joined(parts).replaced(_BLANKS, lambda run: "\n" if "\n" in run[0] else " ")

    @classmethod
    def _joined(cls, parts: list[tuple[str, int, int]]) -> Self:
        return cls(
            "".join(text for text, _, _ in parts),
            tuple(begin for text, begin, _ in parts for _ in text),
            tuple(end for text, _, end in parts for _ in text),
        )

    def casefolded(self) -> Self:
        """The same without differences of case."""
        each = zip(self.text, self.begins, self.ends, strict=True)
        return self._joined([(one.casefold(), begin, end) for one, begin, end in each])

    def replaced(self, pattern: re.Pattern[str], said: Callable[[re.Match[str]], str]) -> Self:
        """The same with other words for what a pattern finds; they stand where that stood."""
        return self.replaced_at([(each.span(), said(each)) for each in pattern.finditer(self.text)])

    def replaced_at(self, pieces: list[tuple[Span, str]]) -> Self:
        """The same with other words for stretches of it, which are in their order."""
        parts: list[tuple[str, int, int]] = []
        at = 0
        for (begin, end), text in pieces:
            parts += self._as_it_is(at, begin)
            if len(text) == end - begin:
                own = zip(text, self._as_it_is(begin, end), strict=True)
                parts += [(each, first, last) for each, (_, first, last) in own]
            else:
                parts.append((text, *self.origin(begin, end)))
            at = end
        return self._joined([*parts, *self._as_it_is(at, len(self.text))])

    def _as_it_is(self, begin: int, end: int) -> list[tuple[str, int, int]]:
        return [(self.text[at], self.begins[at], self.ends[at]) for at in range(begin, end)]

    def origin(self, begin: int, end: int) -> Span:
        """The place of a stretch, which is not empty, in the text as it was written."""
        return self.begins[begin], self.ends[end - 1]

    def stretch(self, origin: Span) -> Span:
        """The place here of a stretch of the text as it was written."""
        begin, end = origin
        return bisect_right(self.ends, begin), bisect_left(self.begins, end)


def _is_joined(character: str) -> bool:
    return character in _JOINED or unicodedata.combining(character) > 0
