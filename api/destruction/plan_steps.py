"""What somebody can do with a plan of destruction now: the steps that would not be refused.

Pure. Knows nothing of the register, nor of who reads it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from api.access.known_proposals import Known
from api.permissions.verbs import Verb
from archive.catalog.destruction.plans import StoredPlan
from retention.decisions.brakes import Brake


class PlanStep(StrEnum):
    """What may come next."""

    APPROVE = "approve"
    WITHDRAW = "withdraw"  # the approval
    PROPOSE = "propose"  # again, or in one's own name
    CARRY_OUT = "carry_out"
    HAND_OVER = "hand_over"  # to the key daemon, which was away
    GO_ON = "go_on"  # after a clock that stepped
    STOP = "stop"


class OwnWord(StrEnum):
    """What has become of what somebody has itself proposed."""

    NONE = "none"  # it has proposed nothing that is open
    WAITS = "waits"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """Who asks: its row among persons (0: a service), its verbs, and its own word for the plan."""

    user: int
    verbs: frozenset[Verb]
    word: OwnWord

    @property
    def may_approve(self) -> bool:
        """Whether it may approve plans at all."""
        return Verb.APPROVE in self.verbs and bool(self.user)

    @property
    def may_manage(self) -> bool:
        """Whether it may have plans carried out at all."""
        return Verb.DESTRUCTION_MANAGE in self.verbs


def steps_of(plan: StoredPlan, proposal: Known | None, doer: Doer) -> frozenset[PlanStep]:
    """The steps that are open to somebody; none of a plan that has ended."""
    if plan.course.ended_us is not None:
        return frozenset()
    found = set(_of_approved(plan, doer))
    if plan.approval.approved_us is None:
        found = {*_of_approvers(proposal, doer), *_of_managers(doer)}
    if doer.may_manage or Verb.APPROVE in doer.verbs:
        found.add(PlanStep.STOP)
    return frozenset(found)


def _of_approvers(proposal: Known | None, doer: Doer) -> Iterator[PlanStep]:
    if proposal is None or proposal.state != "open" or not doer.may_approve:
        return
    given = {each.by for each in proposal.proposal.approvals}
    if given:
        yield PlanStep.WITHDRAW
    if doer.user not in given and doer.user not in proposal.bars:
        yield PlanStep.APPROVE


def _of_managers(doer: Doer) -> Iterator[PlanStep]:
    if not doer.may_manage:
        return
    if doer.word == OwnWord.ENOUGH:
        yield PlanStep.CARRY_OUT
    elif doer.word == OwnWord.NONE and doer.user:
        yield PlanStep.PROPOSE


def _of_approved(plan: StoredPlan, doer: Doer) -> Iterator[PlanStep]:
    if Verb.APPROVE in doer.verbs:
        yield PlanStep.WITHDRAW
    if not doer.may_manage:
        return
    if plan.course.waits == Brake.CLOCK:
        yield PlanStep.GO_ON
    elif plan.course.handed_us is None:
        yield PlanStep.HAND_OVER
