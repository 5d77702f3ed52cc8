"""The sets of numbers that rules name, each put in the place of one stand-in number.

Whether a recording has a number of a set can then be asked where all numbers are, and its answer
given to the rules as the stand-in. Pure. Knows nothing of where numbers are kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from retention.policies.policy import RetentionPolicy
from retention.rules.conditions import AttributeKind
from retention.rules.match import Match, Values

NumberSet = frozenset[str]


def number_sets(policies: Iterable[RetentionPolicy]) -> tuple[NumberSet, ...]:
    """Every set of ranges that a rule names, once, in one order."""
    found = {
        values[AttributeKind.NUMBER]
        for policy in policies
        for rule in policy.rules
        for values in (rule.match.fits, rule.match.excludes)
        if AttributeKind.NUMBER in values
    }
    return tuple(sorted(found, key=sorted))


def stand_in(place: int) -> str:
    """The number that stands for the set at a place: a range of its own, longer than any number."""
    return f"{place:032d}"


def with_stand_ins(policy: RetentionPolicy, sets: Sequence[NumberSet]) -> RetentionPolicy:
    """The policy whose rules name stand-ins; all else stays."""
    rules = (
        replace(
            rule,
            match=Match(_renamed(rule.match.fits, sets), _renamed(rule.match.excludes, sets)),
        )
        for rule in policy.rules
    )
    return replace(policy, rules=tuple(rules))


def _renamed(values: Values, sets: Sequence[NumberSet]) -> Values:
    if AttributeKind.NUMBER not in values:
        return values
    place = sets.index(values[AttributeKind.NUMBER])
    return {**values, AttributeKind.NUMBER: frozenset({stand_in(place)})}
