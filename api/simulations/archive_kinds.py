"""Kinds of recordings: classes of which some policies make the same, whatever ended when.

Pure. Knows nothing of how many recordings are in a class, nor of what stands above rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from api.simulations.simulation import Supposition
from archive.ids import ID_BYTES, ConversationId, RecordingId
from archive.lifecycle.recording_values import ALL_UNKNOWN, NOTHING_TOLD, RetainedRecording, Values
from archive.lifecycle.retention_events import EventKey
from retention.decisions.recording_attributes import facts_of
from retention.policies.number_sets import NumberSet, number_sets, stand_in, with_stand_ins
from retention.policies.policy import RetentionPolicy
from retention.rules.conditions import AttributeKind, Facts
from retention.rules.match import EVERY_RECORDING, Match
from retention.rules.rule import RetentionRule

_NOBODY: Final = RecordingId(bytes(ID_BYTES))
_ALONE: Final = ConversationId(bytes(ID_BYTES))
_NUMBER: Final = "number"
# What an event is to who asks: it has a moment, has not happened (None), or is not known.
_UNTOLD: Final = "untold"


def of_values(values: Values, told: Mapping[EventKey, date] = NOTHING_TOLD) -> RetainedRecording:
    """A recording that has these, and stands for all that have; when it ended is not said."""
    found = RetainedRecording(
        recording=_NOBODY,
        call=_ALONE,
        started_us=0,
        ended_us=None,
        size_bytes=0,
        values=values,
        told=NOTHING_TOLD,
    )
    return replace(found, told={key: told[key] for key in found.event_keys if key in told})


def keys_in(values: Iterable[Values]) -> frozenset[EventKey]:
    """What can be told of recordings that have these."""
    return frozenset(key for each in values for key in of_values(each).event_keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveKinds:
    """Of each class its kind, of each kind what stands for it; the first is of what is unknown.

    `what` is supposed with its rules' numbers replaced by stand-ins for `sets`.
    """

    what: Supposition
    sets: tuple[NumberSet, ...]
    by_class: Mapping[int, int]
    found: tuple[RetainedRecording, ...]

    @classmethod
    def of(
        cls,
        what: Supposition,
        classes: Mapping[int, Values],
        told: Mapping[EventKey, date] = NOTHING_TOLD,
    ) -> "ArchiveKinds":
        """Sort classes by what the policies ask of them; `told` are the days of their events."""
        sets = number_sets(what.policies)
        supposed, unknown = with_sets(what, sets), of_values(ALL_UNKNOWN)
        known: dict[object, int] = {_told(supposed.policies, unknown): 0}
        found, by_class = [unknown], {}
        for row, values in classes.items():
            own = of_values(values, told)
            number = known.setdefault(_told(supposed.policies, own), len(found))
            if number == len(found):
                found.append(own)
            by_class[row] = number
        return cls(what=supposed, sets=sets, by_class=by_class, found=tuple(found))

    def case(self, kind: int, has: int) -> tuple[Supposition, RetainedRecording]:
        """What stands for recordings of a kind with numbers of sets (bits), and who judges it.

        Rules that are never about them are left out: they would say nothing.
        """
        own = self.found[kind]
        if own.values[_NUMBER] is not None:
            numbers = (stand_in(at) for at in range(len(self.sets)) if has >> at & 1)
            own = replace(own, values={**own.values, _NUMBER: frozenset(numbers)})
        facts = facts_of(own)
        return self.what.changed(lambda policy: _about(policy, facts)), own


def with_sets(what: Supposition, sets: Sequence[NumberSet]) -> Supposition:
    """The same with stand-ins for numbers."""
    return what.changed(lambda policy: with_stand_ins(policy, sets))


def _about(policy: RetentionPolicy, facts: Facts) -> RetentionPolicy:
    rules = (rule for rule in policy.rules if rule.match.of(facts) is not False)
    return replace(policy, rules=tuple(rules))


def _told(policies: Sequence[RetentionPolicy], own: RetainedRecording) -> object:
    """All that the policies hear of a class; two that tell the same are of one kind."""
    facts = facts_of(own)
    supposed = [_without_numbers(rule).of(facts) for rule in policies[-1].rules]
    rules = [rule for policy in policies for rule in policy.rules]
    begins = sorted({rule.counting.begins for rule in rules})
    is_counted_apart = any(policy.calendars.is_of_controllers for policy in policies)
    return (
        tuple(_without_numbers(rule).of(facts) for rule in rules),
        facts.values[AttributeKind.NUMBER] is None,
        tuple(facts.happened.get(each, _UNTOLD) for each in begins),
        facts.values[AttributeKind.CONTROLLER] if is_counted_apart else None,
        facts.values[AttributeKind.QUEUE] if _is_uncovered(policies[-1].rules, supposed) else None,
    )


def _without_numbers(rule: RetentionRule) -> Match:
    return Match(_others(rule.match.fits), _others(rule.match.excludes))


def _others(
    values: Mapping[AttributeKind, frozenset[str]],
) -> Mapping[AttributeKind, frozenset[str]]:
    return {kind: own for kind, own in values.items() if kind != AttributeKind.NUMBER}


def _is_uncovered(rules: Sequence[RetentionRule], answers: Sequence[object]) -> bool:
    """Whether perhaps no rule is about it but those that are about all."""
    return not any(
        answer is not False
        for rule, answer in zip(rules, answers, strict=True)
        if rule.match != EVERY_RECORDING
        and AttributeKind.NUMBER not in {*rule.match.fits, *rule.match.excludes}
    )
