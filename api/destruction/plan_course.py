"""What an open plan of destruction waits for: a word, its hand-over, its cooling off, its turn.

Knows nothing of what is in it.
"""

from typing import Final

from sqlalchemy import Connection

from archive.catalog.approvals import proposal_numbered
from archive.catalog.destruction_plans import StoredPlan
from archive.catalog.oneness import is_one_person_enough
from archive.ids import TenantId
from retention.due import Waiting

# Of these a person has to do something.
OF_PEOPLE: Final = frozenset(
    {Waiting.NOT_PLANNED, Waiting.NOT_APPROVED, Waiting.NOT_APPLIED, Waiting.NOT_HANDED_OVER}
)


def waiting_of(connection: Connection, tenant: TenantId, plan: StoredPlan, now_us: int) -> Waiting:
    """Why nothing of it is destroyed at this moment."""
    if plan.approval.due_us is None:
        has_word = _has_word(connection, tenant, plan.approval.proposal, now_us)
        return Waiting.NOT_APPLIED if has_word else Waiting.NOT_APPROVED
    if plan.course.handed_us is None:
        return Waiting.NOT_HANDED_OVER
    return Waiting.COOLING_OFF if now_us < plan.approval.due_us else Waiting.WAITS


def _has_word(connection: Connection, tenant: TenantId, proposal: int | None, now_us: int) -> bool:
    """Whether who made it may apply it as it is."""
    if is_one_person_enough(connection, tenant):
        return True
    if proposal is None:
        return False
    found = proposal_numbered(connection, tenant, proposal)
    return bool(found.approvals) and found.state(now_us) == "open"
