"""What is worth a look of a recording under a policy: what protects it, and where rules conflict.

Pure. Knows nothing of other recordings, nor of the policy of today.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from retention.decisions.decision import Frozen, Hold, Outcome
from retention.decisions.recording_attributes import facts_of
from retention.decisions.recording_judgement import Judgement
from retention.rules.conditions import AttributeKind
from retention.rules.deadline import FOREVER
from retention.rules.match import EVERY_RECORDING

What = Literal[
    "held",  # a legal hold protects it: `what` is its number
    "frozen",  # an open case protects it: `what` is the case
    "protected",  # past its maximum, kept by the minimum of `rules`
    "kept_past_its_end",  # the minimum of `rules` is later than the maximum of `against`
    "no_end",  # by `rules`, or by none
    "uncovered",  # of the queue `what`; no rule is about it but those that are about all
    "unknown",  # `rules` ask `what`, which is not known
]


@dataclass(frozen=True, slots=True, order=True)
class Circumstance:
    """One thing that is so of recordings, and the rules that make it."""

    kind: What
    rules: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    what: str = ""

    def content(self) -> dict[str, object]:
        """As JSON."""
        return {
            "kind": self.kind,
            "rules": list(self.rules),
            "against": list(self.against),
            "what": self.what,
        }


def circumstances(judgement: Judgement) -> Iterator[Circumstance]:
    """Everything that is so of the audio of one recording."""
    yield from _above(judgement)
    yield from _of_bounds(judgement)
    yield from _uncovered(judgement)


def _above(judgement: Judgement) -> Iterator[Circumstance]:
    for each in judgement.audio.decision.because:
        match each:
            case Hold(id=own):
                yield Circumstance("held", what=own)
            case Frozen(case=own):
                yield Circumstance("frozen", what=own)
            case _:
                pass


def _of_bounds(judgement: Judgement) -> Iterator[Circumstance]:
    own = judgement.audio.bounds
    for each in own.unknown:
        yield Circumstance("unknown", (each.rule,), what=each.what)
    if own.unknown:
        return
    if own.due_at == FOREVER:
        yield Circumstance("no_end", own.ceiling.rules if own.ceiling else ())
    if own.floor and own.ceiling and own.floor.at > own.ceiling.at:
        yield Circumstance("kept_past_its_end", own.floor.rules, own.ceiling.rules)
        if judgement.audio.decision.outcome is Outcome.RESTRICT:
            yield Circumstance("protected", own.floor.rules)


def _uncovered(judgement: Judgement) -> Iterator[Circumstance]:
    facts = facts_of(judgement.found)
    own = (rule.match for rule in judgement.revision.policy.rules if rule.match != EVERY_RECORDING)
    if all(match.of(facts) is False for match in own):
        for queue in sorted(facts.values[AttributeKind.QUEUE] or ()):
            yield Circumstance("uncovered", what=queue)
