"""A policy whose names are folded, so that a rule is about what it names in whichever writing.

Pure. Knows nothing of texts or of recordings.
"""

from dataclasses import replace
from typing import Final

from archive.folded_names import fold_name
from retention.policies.policy import RetentionPolicy
from retention.rules.attributes import CALL_END, EVENT, Kind
from retention.rules.match import Match, Values
from retention.rules.rule import RetentionRule

# Whose values are numbers, or words of our own.
_WITHOUT_NAMES: Final = frozenset({Kind.NUMBER, Kind.DIRECTION, Kind.NOTICE, Kind.REFUSAL})


def folded_policy(written: RetentionPolicy) -> RetentionPolicy:
    """The same policy; of two zones that are then of one controller the last counts."""
    own = written.calendars
    calendars = replace(
        own,
        of_controllers={fold_name(name): zone for name, zone in own.of_controllers.items()},
        reckonings={fold_name(name): each for name, each in own.reckonings.items()},
    )
    return replace(written, rules=tuple(map(folded_rule, written.rules)), calendars=calendars)


def folded_rule(written: RetentionRule) -> RetentionRule:
    """One rule of it."""
    begins = written.counting.begins
    name = begins.removeprefix(EVENT)
    if name != begins:
        begins = EVENT + fold_name(name)
    return replace(
        written,
        match=Match(_folded(written.match.fits), _folded(written.match.excludes)),
        counting=replace(written.counting, begins=begins),
    )


def _folded(values: Values) -> Values:
    """Numbers have no writing of their own."""
    return {
        kind: own if kind is Kind.NUMBER else frozenset(map(fold_name, own))
        for kind, own in values.items()
    }


def is_about_names(policy: RetentionPolicy) -> bool:
    """Whether it makes a difference to it how names are compared."""
    own = policy.as_written or policy
    kinds = {kind for rule in own.rules for kind in (*rule.match.fits, *rule.match.excludes)}
    begins = {rule.counting.begins for rule in own.rules}
    return bool(own.calendars.is_of_controllers or kinds - _WITHOUT_NAMES or begins - {CALL_END})
