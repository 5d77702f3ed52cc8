"""Where a plan of destruction stands, and what an open one waits for: a word, its turn.

Knows nothing of what is in it.
"""

from typing import Final

from sqlalchemy import Connection

from archive.access.approvals import Kind, digest_of
from archive.catalog.access.approvals import open_proposals
from archive.catalog.accounts.single_person import is_one_person_enough
from archive.catalog.destruction.plans import StoredPlan
from archive.ids import TenantId
from retention.decisions.due import Waiting

KIND: Final = Kind.APPROVE_PLAN
# Of these a person has to do something.
OF_PEOPLE: Final = frozenset(
    {Waiting.NOT_PLANNED, Waiting.NOT_APPROVED, Waiting.NOT_APPLIED, Waiting.NOT_HANDED_OVER}
)
RUNS = "runs"


def act_of(sha256: bytes) -> bytes:
    """The digest of destroying what a plan with this digest lists."""
    return digest_of(KIND, {"sha256": sha256.hex()})


def waiting_of(connection: Connection, tenant: TenantId, plan: StoredPlan, now_us: int) -> Waiting:
    """Why nothing of it is destroyed at this moment."""
    if plan.approval.due_us is None:
        has_word = _has_word(connection, tenant, plan.content.sha256, now_us)
        return Waiting.NOT_APPLIED if has_word else Waiting.NOT_APPROVED
    return _approved(plan, plan.approval.due_us, now_us)


def _approved(plan: StoredPlan, due_us: int, now_us: int) -> Waiting:
    """What it waits for once it was approved."""
    if plan.course.handed_us is None:
        return Waiting.NOT_HANDED_OVER
    return Waiting.COOLING_OFF if now_us < due_us else Waiting.WAITS


def _has_word(connection: Connection, tenant: TenantId, sha256: bytes, now_us: int) -> bool:
    """Whether somebody who proposed it may apply it as it is."""
    if is_one_person_enough(connection, tenant):
        return True
    digest = act_of(sha256)
    return any(
        each.proposal.approvals and (each.proposal.kind, each.proposal.digest) == (KIND, digest)
        for each in open_proposals(connection, tenant, now_us)
    )


def state_of(plan: StoredPlan, waiting: Waiting) -> str:
    """Where it stands, in one code: why it ended, else what it waits for, else that it runs.

    `waiting` is why nothing of it is destroyed while it has not begun.
    """
    course = plan.course
    if course.ended:
        return course.ended
    if course.waits:
        return course.waits
    if course.begun_us is not None:
        return RUNS
    return waiting
