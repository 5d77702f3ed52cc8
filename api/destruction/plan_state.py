"""Where a plan of destruction stands, in one code that has words.

Pure. Knows nothing of who may do what next.
"""

from archive.catalog.destruction.plans import StoredPlan
from retention.decisions.due import Waiting

RUNS = "runs"


def state_of(plan: StoredPlan, now_us: int) -> str:
    """Why it ended, else what it waits for, else that it runs."""
    course, approval = plan.course, plan.approval
    if course.ended:
        return course.ended
    if course.waits:
        return course.waits
    if course.begun_us is not None:
        return RUNS
    if approval.due_us is None:
        return Waiting.NOT_APPLIED
    if course.handed_us is None:
        return Waiting.NOT_HANDED_OVER
    return Waiting.COOLING_OFF if now_us < approval.due_us else Waiting.WAITS
