"""Whose word there is for a plan: another person's, one person's, or an approval that stands.

Knows nothing of what is destroyed, nor of the key daemon.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from api.approvals import carried_out
from api.destruction.drafts import Draft, append_draft
from api.errors import ApprovalNeeded
from archive.approvals import Carried, Kind, digest_of
from archive.catalog.authors import Author
from archive.catalog.destruction_plans import PlanApproval, StoredPlan, approve_plan
from archive.catalog.oneness import is_one_person_enough
from archive.catalog.planned_recordings import lines_of
from archive.catalog.standing_approvals import let_stand, standing_rules
from archive.catalog.tenants import tenant_row
from retention.due import Grounds
from retention.plan import stands

KIND: Final = Kind.APPROVE_PLAN
_HOUR_US: Final = 3_600_000_000


def act_of(sha256: bytes) -> bytes:
    """The digest of destroying what a plan with this digest lists."""
    return digest_of(KIND, {"sha256": sha256.hex()})


def is_standing(connection: Connection, author: Author, draft: Draft) -> bool:
    """Whether an approval stands for all of it."""
    row = tenant_row(connection, author.access.tenant)
    return stands(draft.plan, standing_rules(connection, row), draft.bulk)


def append_standing(connection: Connection, author: Author, draft: Draft) -> int:
    """Write down a plan for which an approval stands: its rules have cooled off already."""
    number = append_draft(connection, author, draft)
    now_us = author.access.at_us
    approve_plan(connection, author, number, PlanApproval(approved_us=now_us, due_us=now_us))
    return number


@dataclass(frozen=True, slots=True)
class Word:
    """Who wants a plan carried out; only a person's word is enough where one person's is."""

    author: Author
    is_person: bool

    def approved(self, connection: Connection, plan: StoredPlan) -> bool:
        """Whether there is a word for it, which from now on stands for its rules.

        Raises `ApprovalNeeded` where it is proposed and waits.
        """
        is_free = self.is_person and is_one_person_enough(connection, self.author.access.tenant)
        done = self._carried_out(connection, plan, is_free=is_free)
        if done is None and not is_free:
            return False
        now_us = self.author.access.at_us
        approval = PlanApproval(
            proposal=plan.approval.proposal,
            approved_us=now_us,
            due_us=now_us + plan.content.cooling_off_h * _HOUR_US,
            one_person=done is None or done.one_person,
        )
        approve_plan(connection, self.author, plan.number, approval)
        let_stand(connection, self.author, plan.number, self._rules(connection, plan))
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
        found: set[tuple[int, str]] = set()
        row, behind = tenant_row(connection, self.author.access.tenant), 0
        while page := lines_of(connection, row, plan.number, behind=behind):
            for each in page:
                grounds = Grounds(*each.grounds)
                if not grounds.is_erasure:
                    found |= grounds.approved
            behind = page[-1].row
        return found
