"""Which recordings a rule is about: of every kind one value, and of what is excluded none.

Pure. The answer is yes, no or unknown; what a definite no decides is not unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from archive.access.reach import NumberRange
from retention.rules.conditions import AttributeKind, Facts

Values = Mapping[AttributeKind, frozenset[str]]
_NOTHING: Final[Values] = {}
# Of so many rules about numbers the ranges are read once.
_RULES_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Match:
    """Kinds that must fit, and kinds of which no value may; the values are folded."""

    fits: Values = field(default_factory=lambda: _NOTHING)
    excludes: Values = field(default_factory=lambda: _NOTHING)

    @property
    def specificity(self) -> int:
        """So many kinds are named."""
        return len({*self.fits, *self.excludes})

    def of(self, facts: Facts) -> frozenset[AttributeKind] | bool:
        """Whether a recording is meant; where that is not known, the kinds that would say so."""
        answers = {kind: _has(facts, kind, values) for kind, values in self.fits.items()}
        excluded = {kind: _has(facts, kind, values) for kind, values in self.excludes.items()}
        if False in answers.values() or True in excluded.values():
            return False
        unknown = _unknown((*answers.items(), *excluded.items()))
        return unknown or True


EVERY_RECORDING: Final = Match()


def _unknown(answers: Iterable[tuple[AttributeKind, bool | None]]) -> frozenset[AttributeKind]:
    return frozenset(kind for kind, answer in answers if answer is None)


def _has(facts: Facts, kind: AttributeKind, values: frozenset[str]) -> bool | None:
    """Whether the recording has one of the values; None where that is not known."""
    own = facts.values.get(kind)
    if own is None:
        return None
    if kind is not AttributeKind.NUMBER:
        return not own.isdisjoint(values)
    return any(each.holds(number) for each in _ranges(values) for number in own)


# A rule is asked of every recording of an archive.
@lru_cache(maxsize=_RULES_KEPT)
def _ranges(values: frozenset[str]) -> tuple[NumberRange, ...]:
    return tuple(NumberRange.parse(each) for each in values)
