"""Whose word there is for a plan: another person's, one person's, or an approval that stands.

Knows nothing of what is destroyed, nor of the key daemon.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from api.access.approvals import carried_out, own_proposal
from api.destruction.drafts import PlanDraft, append_draft
from api.destruction.plan_course import KIND, act_of
from api.destruction.plan_steps import OwnWord
from api.permissions.errors import ApprovalNeeded, PlanOver
from archive.access.approvals import Carried
from archive.catalog.access.approvals import (
    drop_proposals,
    persons,
    proposal_numbered,
    proposals_of,
    propose,
)
from archive.catalog.accounts.single_person import is_one_person_enough
from archive.catalog.destruction.planned_recordings import grounds_of
from archive.catalog.destruction.plans import (
    PlanApproval,
    StoredPlan,
    approve_plan,
    note_proposal,
    plan_numbered,
)
from archive.catalog.destruction.standing_approvals import let_stand, standing_rules
from archive.catalog.journal.authors import Author
from archive.catalog.tables.tenants import tenant_row
from retention.decisions.destruction_plan import stands
from retention.decisions.due import Grounds

_HOUR_US: Final = 3_600_000_000


def append_standing(connection: Connection, author: Author, draft: PlanDraft) -> int | None:
    """Write down a plan for all of which an approval stands: its rules have cooled off already.

    None where none stands: asked in the transaction that writes, for it may just have been ended.
    """
    row, now_us = tenant_row(connection, author.access.tenant), author.access.at_us
    if not stands(draft.plan, standing_rules(connection, row, now_us), draft.bulk):
        return None
    number = append_draft(connection, author, draft)
    approve_plan(connection, author, number, PlanApproval(approved_us=now_us, due_us=now_us))
    return number


def append_proposed(connection: Connection, author: Author, draft: PlanDraft) -> int:
    """Write a plan down, and propose it to another person."""
    number = append_draft(connection, author, draft)
    proposal = propose(connection, author, KIND, act_of(draft.plan.sha256), draft.summary)
    note_proposal(connection, number, proposal)
    return number


def name_proposal(connection: Connection, author: Author, number: int, proposal: int) -> bool:
    """Let a plan wait for this proposal, unless the one that it names can still be approved.

    False where the plan has ended meanwhile: then nobody is asked to approve it.
    """
    plan = plan_numbered(connection, author.access.tenant, number)
    if plan.course.ended_us is not None:
        drop_proposals(connection, author, KIND, act_of(plan.content.sha256))
        return False
    if not _is_open(connection, author, plan.approval.proposal):
        note_proposal(connection, number, proposal)
    return True


def _is_open(connection: Connection, author: Author, proposal: int | None) -> bool:
    if proposal is None:
        return False
    found = proposal_numbered(connection, author.access.tenant, proposal)
    return found.state(author.access.at_us) == "open"


def own_word(connection: Connection, author: Author, plan: StoredPlan) -> OwnWord:
    """What has become of what the author itself has proposed of a plan."""
    tenant, now_us = author.access.tenant, author.access.at_us
    if author.user and is_one_person_enough(connection, tenant):
        return OwnWord.ENOUGH
    of_it = proposals_of(connection, author, KIND, act_of(plan.content.sha256))
    own = [each.proposal for each in of_it if each.proposal.proposed_by == author.user]
    if not own:
        return OwnWord.NONE
    who = persons(connection, tenant)
    words = (each.by for each in own[0].approvals)
    counts = any(who.are_two(author.user, by, now_us) for by in words)
    return OwnWord.ENOUGH if counts else OwnWord.WAITS


@dataclass(frozen=True, slots=True)
class PlanWord:
    """Who wants a plan carried out; only a person's word is enough where one person's is."""

    author: Author
    is_person: bool

    def approved(self, connection: Connection, plan: StoredPlan) -> bool:
        """Whether there is a word for it, which stands for its rules once it has begun.

        Raises `ApprovalNeeded` where it is proposed and waits; `PlanOver` where it was stopped.
        """
        tenant = self.author.access.tenant
        now = plan_numbered(connection, tenant, plan.number)
        if now.course.ended_us is not None:
            raise PlanOver("it is over")
        if now.approval.approved_us is not None:
            return True
        is_free = self.is_person and is_one_person_enough(connection, tenant)
        own = own_proposal(connection, self.author, KIND, act_of(plan.content.sha256))
        done = self._carried_out(connection, plan, is_free=is_free)
        if done is None and not is_free:
            return False
        now_us = self.author.access.at_us
        approval = PlanApproval(
            proposal=own if done else None,
            approved_us=now_us,
            due_us=now_us + plan.content.cooling_off_h * _HOUR_US,
            one_person=done is None or done.one_person,
        )
        approve_plan(connection, self.author, plan.number, approval)
        let_stand(connection, self.author, plan.number, self._rules(connection, plan))
        drop_proposals(connection, self.author, KIND, act_of(plan.content.sha256))
        return True

    def _carried_out(
        self, connection: Connection, plan: StoredPlan, *, is_free: bool
    ) -> Carried | None:
        try:
            return carried_out(connection, self.author, KIND, act_of(plan.content.sha256))
        except ApprovalNeeded:
            if not is_free:
                raise
            return None

    def _rules(self, connection: Connection, plan: StoredPlan) -> set[tuple[int, str]]:
        """Those of a plan, without erasures: each of those takes two persons."""
        row = tenant_row(connection, self.author.access.tenant)
        found = (Grounds(*each) for each in grounds_of(connection, row, plan.number))
        return {one for each in found if not each.is_erasure for one in each.approved}
