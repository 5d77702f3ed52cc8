"""Where a plan of destruction stands."""

from dataclasses import replace

import pytest

from api.destruction.plan_course import state_of
from archive.catalog.destruction.plans import PlanApproval, PlanContent, PlanCourse, StoredPlan
from archive.ids import ID_BYTES, PlanId
from retention.decisions.due import Waiting
from tests.archive.catalog.examples import NOW_US

_CONTENT = PlanContent(
    id=PlanId(b"p" * ID_BYTES),
    sha256=b"s" * 32,
    decided_us=NOW_US,
    recordings=1,
    size_bytes=1,
    cooling_off_h=72,
)
MADE = StoredPlan(
    number=1,
    content=_CONTENT,
    author="hozon",
    approval=PlanApproval(proposal=1),
    course=PlanCourse(),
)
APPROVED = replace(MADE, approval=PlanApproval(proposal=1, approved_us=1, due_us=NOW_US))
HANDED = replace(APPROVED, course=PlanCourse(handed_us=2))


@pytest.mark.parametrize(
    ("plan", "state"),
    [
        (MADE, "not_approved"),
        (replace(HANDED, course=PlanCourse(handed_us=2, begun_us=3)), "runs"),
        (replace(HANDED, course=PlanCourse(handed_us=2, begun_us=3, waits="share")), "share"),
        (replace(HANDED, course=PlanCourse(begun_us=3, ended_us=4, ended="done")), "done"),
        (replace(MADE, course=PlanCourse(ended_us=4, ended="stopped")), "stopped"),
    ],
)
def test_a_plan_stands_where_it_was_brought_last(plan: StoredPlan, state: str) -> None:
    """One word for who looks at a list of them."""
    assert state_of(plan, Waiting.NOT_APPROVED) == state
