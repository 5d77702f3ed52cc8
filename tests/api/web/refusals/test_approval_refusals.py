"""What is answered where it takes another person."""

from typing import get_args

from api.web.refusals.approval_refusals import APPROVALS, OF_APPROVALS
from api.web.refusals.table import KINDS
from archive.access.approvals import Why


def test_they_are_among_all_refusals() -> None:
    """Else they would be answered 500; and each step that is out of turn has its words."""
    assert OF_APPROVALS.items() <= KINDS.items()
    assert set(APPROVALS) == set(get_args(Why))
