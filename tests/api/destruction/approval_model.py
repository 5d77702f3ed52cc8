"""Whose word there was for what, and until when: what may be destroyed, by `docs/destruction.md`.

Knows nothing of Rokuon: it is told who did what, and asked whether a recording may be gone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

HOUR_US = 3_600_000_000
# How many recordings a plan without a word of its own may have.
BULK = 3
# Who proposes and applies, and who gives a word, stops and takes words back.
OWNERS = frozenset({"owner", "other"})
APPROVERS = frozenset({"owner", "other", "legal", "approver"})


@dataclass
class ModelPlan:
    """What somebody planned: recordings, each by its rule, in the revision of that moment."""

    rules: dict[int, str]
    revision: int
    cooling_us: int
    made_us: int
    proposers: set[str] = field(default_factory=set)
    approvers: set[str] = field(default_factory=set)
    # When it was applied on the word of those who count, and behind how many steps.
    applied_us: int | None = None
    applied_step: int = 0
    # It is said to go by an approval that stood when it was made: it ends with that one.
    is_standing: bool = False
    is_stopped: bool = False

    def has_cooled(self, now_us: int) -> bool:
        """Whether a full cooling off has passed since the last of two persons said so."""
        return self.applied_us is not None and now_us >= self.applied_us + self.cooling_us


@dataclass
class ApprovalModel:
    """All plans by number, and what was ended of what stands: the step, the revision, the rule."""

    is_one_persons: bool
    revision: int
    cooling_h: int
    plans: dict[int, ModelPlan] = field(default_factory=dict)
    ends: list[tuple[int, int, str]] = field(default_factory=list)
    step: int = 0

    def make(
        self, number: int, rules: dict[int, str], who: str, now_us: int, *, is_standing: bool
    ) -> None:
        """A plan, proposed by a person, "": by nobody; `is_standing` where it waits for no word."""
        self.plans[number] = ModelPlan(
            rules=rules,
            revision=self.revision,
            cooling_us=self.cooling_h * HOUR_US,
            made_us=now_us,
            proposers={who} - {""},
            is_standing=is_standing,
        )

    def apply(self, number: int, who: str, now_us: int) -> None:
        """It is a word where two persons are behind it, or one where that is enough.

        None where the plan goes already by an approval that stands: nothing is added to that.
        """
        plan = self.plans[number]
        assert who in OWNERS, f"{who} applied plan {number}"
        assert not plan.is_stopped, f"plan {number} was applied after it was stopped"
        are_two = plan.approvers and len(plan.approvers | plan.proposers) >= 2
        is_new = plan.applied_us is None and not plan.is_standing
        if is_new and (are_two or self.is_one_persons):
            plan.applied_us, plan.applied_step = now_us, self.step

    def withdraw(self, number: int) -> None:
        """Nobody's word is there any more; what is applied is stopped."""
        if self.plans[number].applied_us is not None or not self.plans[number].approvers:
            self.stop(number)
        self.plans[number].approvers = set()

    def stop(self, number: int) -> None:
        """Nothing more of it; nothing stands for its rules."""
        plan = self.plans[number]
        plan.is_stopped = True
        self.ends += [(self.step, plan.revision, rule) for rule in set(plan.rules.values())]

    def end_all(self) -> None:
        """Nothing stands, whatever its rules are."""
        self.ends += [
            (self.step, plan.revision, rule)
            for plan in self.plans.values()
            for rule in set(plan.rules.values())
        ]

    def may_be_gone(self, recording: int, now_us: int) -> bool:
        """Whether some plan has it for which there is a word that holds."""
        return any(
            recording in plan.rules
            and plan.revision == self.revision
            and not plan.is_stopped
            and (plan.has_cooled(now_us) or self._stands(plan))
            for plan in self.plans.values()
        )

    def must_be_gone(self, now_us: int) -> Iterable[int]:
        """What two persons wanted by the plan itself, and nobody has stopped."""
        for plan in self.plans.values():
            if plan.revision == self.revision and not plan.is_stopped and plan.has_cooled(now_us):
                yield from plan.rules

    def _stands(self, plan: ModelPlan) -> bool:
        return len(plan.rules) <= BULK and all(
            any(self._has_stood(other, rule, plan) for other in self.plans.values())
            for rule in set(plan.rules.values())
        )

    def _has_stood(self, given: ModelPlan, rule: str, plan: ModelPlan) -> bool:
        """Whether the word for another plan had cooled off by then, and nothing ended it since."""
        is_ended = any(
            step >= given.applied_step and (revision, ended) == (given.revision, rule)
            for step, revision, ended in self.ends
        )
        return (
            given is not plan
            and not given.is_stopped
            and given.revision == plan.revision
            and rule in given.rules.values()
            and given.has_cooled(plan.made_us)
            and not is_ended
        )
