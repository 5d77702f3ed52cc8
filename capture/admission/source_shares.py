"""What each source has of the INVITEs that are let in: what it asks for, or as much as others.

Pure. Knows nothing of lateness: the rate is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Final, Self

# What a source asks for is seen over half a second.
_NEW_WEIGHT: Final = 0.2
_FORGOTTEN_PER_S: Final = 0.01
# Of its share a source may have so much at once.
_BURST_S: Final = 0.02


def fair_level(asked_per_s: Mapping[str, float], per_s: float) -> float:
    """Return what a source has at the most where all have `per_s` together (max-min fairness)."""
    left, level = per_s, inf
    for at, asked in enumerate(ordered := sorted(asked_per_s.values())):
        level = left / (len(ordered) - at)
        if asked > level:
            return level
        left -= asked
    return inf


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShares:
    """What sources ask for, a second and since the last look, and what each had left when."""

    asked_per_s: Mapping[str, float] = field(default_factory=dict)
    fresh: Mapping[str, int] = field(default_factory=dict)
    credit: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    level: float = inf

    def asked(self, source: str) -> Self:
        """Return it after one more INVITE of a source."""
        return replace(self, fresh={**self.fresh, source: self.fresh.get(source, 0) + 1})

    def is_small(self, source: str) -> bool:
        """Does a source ask for less than its share, where there are shares?"""
        return self.level < inf and self.asked_per_s.get(source, 0.0) <= self.level

    def taken(self, source: str, now_s: float) -> tuple[Self, bool]:
        """Return it after an INVITE was let in, where there is room for it, and whether it was."""
        if self.is_small(source) or self.level == inf:
            return self, True
        left, at_s = self.credit.get(source, (1.0, now_s))
        left = min(1 + self.level * _BURST_S, left + self.level * (now_s - at_s))
        is_taken = left >= 1
        credit = {**self.credit, source: (left - is_taken, now_s)}
        return replace(self, credit=credit), is_taken

    def renewed(self, per_s: float, elapsed_s: float) -> Self:
        """Return the shares of the next interval, of which `per_s` are let in a second."""
        asked = {
            source: before + _NEW_WEIGHT * (self.fresh.get(source, 0) / elapsed_s - before)
            for source, before in {**dict.fromkeys(self.fresh, 0.0), **self.asked_per_s}.items()
        }
        asked = {source: each for source, each in asked.items() if each > _FORGOTTEN_PER_S}
        credit = {source: left for source, left in self.credit.items() if source in asked}
        level = fair_level(asked, per_s)
        return type(self)(asked_per_s=asked, credit=credit, level=level)
