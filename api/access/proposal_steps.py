"""What somebody can do with a proposal now, and whether it waits for somebody.

Pure. Knows nothing of the register, nor of what is proposed.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from api.access.known_proposals import Known
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.access.approvals import Kind

# Done in the moment in which they are approved.
DONE_AT_ONCE: Final = frozenset({Kind.DECLARE_ONE_PERSON})


class ProposalStep(StrEnum):
    """What may come next."""

    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"  # one's own approval
    TAKE_BACK = "take_back"  # one's own proposal
    COMMENT = "comment"
    CARRY_OUT = "carry_out"  # where it was proposed from


def proposal_steps(known: Known, actor: Actor) -> frozenset[ProposalStep]:
    """The steps that are open to somebody: to persons alone, and none where it has ended."""
    account = actor.account
    if known.state != "open" or not account.person:
        return frozenset()
    return frozenset(_steps(known, account.user, account.authority.verbs))


def waits_for(known: Known, actor: Actor) -> bool:
    """Whether somebody is to do something about it: give its word, or do what has another's."""
    steps = proposal_steps(known, actor)
    if has_word(known):
        return ProposalStep.CARRY_OUT in steps
    return ProposalStep.APPROVE in steps


def has_word(known: Known) -> bool:
    """Whether somebody has approved it who counts now."""
    return any(each.by not in known.bars for each in known.proposal.approvals)


def _steps(known: Known, user: int, verbs: frozenset[Verb]) -> Iterator[ProposalStep]:
    is_own = user == known.proposal.proposed_by
    has_given = user in {each.by for each in known.proposal.approvals}
    yield ProposalStep.COMMENT
    if is_own:
        yield ProposalStep.TAKE_BACK
    elif has_given:
        yield ProposalStep.WITHDRAW
    if Verb.APPROVE in verbs:
        if not has_given and user not in known.bars:
            yield ProposalStep.APPROVE
        if not is_own:
            yield ProposalStep.REJECT
    if is_own and has_word(known) and known.proposal.kind not in DONE_AT_ONCE:
        yield ProposalStep.CARRY_OUT
