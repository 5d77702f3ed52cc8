"""Frames that make a sentence of several phrases. Knows nothing of what is in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Final

# The part of a frame where all stands that has no part of its own.
REST: Final = "*"


@dataclass(frozen=True, slots=True)
class Frame:
    """Parts in order; one stands if all its places are told and none was said before."""

    voice: str
    parts: Sequence[str]
    between: str
    opens: str = ""
    ends: str = ""

    def filled(self, phrases: Mapping[str, str]) -> str:
        """With the phrase of each place; none is left out, none said twice."""
        said = list(self._parts(phrases))
        return f"{self.opens}{self.between.join(said)}{self.ends}"

    def _parts(self, phrases: Mapping[str, str]) -> Iterator[str]:
        left = dict(phrases)
        parts = self.parts if REST in self.parts else (*self.parts, REST)
        own = {name for part in parts for name in places_of(part)}
        for part in parts:
            names = places_of(part)
            if part == REST:
                yield from (left.pop(name) for name in list(left) if name not in own)
            elif names <= left.keys():
                yield part.format(**{name: left.pop(name) for name in names})
        yield from left.values()


def places_of(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
