"""The plan that is made by itself once a day, where the policy says at which hour.

It acts where an approval stands for it, and waits for a word where none does. Knows nothing of how
recordings are judged, nor of who hands it over.
"""

from sqlalchemy import Connection

from api.destruction.drafts import append_draft, draft_of
from api.destruction.plan_approval import append_standing
from api.destruction.survey import Survey
from archive.access.reach import WHOLE_TENANT
from archive.catalog.access.grants import Access
from archive.catalog.destruction.due_counts import write_count
from archive.catalog.destruction.planned_recordings import drop_rest, in_open_plans
from archive.catalog.destruction.plans import StoredPlan, end_plan, open_plans, target_of
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import append
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import TenantId
from retention.decisions.due import Cause
from retention.decisions.run_stages import ACTOR, Ended


def unspoken_plan(connection: Connection, tenant: TenantId) -> StoredPlan | None:
    """The one that was made by itself and of which nobody has said a word yet."""
    return next(
        (
            each
            for each in open_plans(connection, tenant)
            if each.author == ACTOR
            and each.approval.approved_us is None
            and each.approval.proposal is None
        ),
        None,
    )


def unhanded_plans(connection: Connection, tenant: TenantId) -> tuple[StoredPlan, ...]:
    """Those made by itself that are approved, and that the key daemon does not have."""
    return tuple(
        each
        for each in open_plans(connection, tenant)
        if each.author == ACTOR
        and each.approval.approved_us is not None
        and each.course.handed_us is None
        and not each.is_over
    )


def plan_due(connection: Connection, survey: Survey) -> None:
    """Plan what a walk has found, in the place of the last plan that nobody has looked at.

    Where nothing is new that plan stays.
    """
    author = Author(
        access=Access(tenant=survey.tenant, actor=ACTOR, at_us=survey.now_us, within=WHOLE_TENANT)
    )
    tenant, last = (
        ensure_tenant(connection, survey.tenant),
        unspoken_plan(connection, survey.tenant),
    )
    planned = in_open_plans(connection, tenant)
    own = {each for each, plan in planned.items() if last and plan == last.number}
    survey.due = [
        each for each in survey.due if each.recording in own or each.recording not in planned
    ]
    if all(each.recording in own for each in survey.due):
        write_count(connection, tenant, survey.count(survey.due))
        return
    if last:
        _end(connection, author, tenant, last)
    draft = draft_of(survey)
    if append_standing(connection, author, draft) is None:
        append_draft(connection, author, draft)


def _end(connection: Connection, author: Author, tenant: int, plan: StoredPlan) -> None:
    drop_rest(connection, tenant, plan.number, Cause.STOPPED)
    end_plan(connection, plan.number, author.access.at_us, Ended.STOPPED, ACTOR)
    append(connection, author.entry("plan_stopped", target_of(plan.number), {}))
