"""What is answered where it takes another person."""

from typing import get_args

from api.web.approval_refusals import APPROVALS, OF_APPROVALS
from api.web.refusals import KINDS
from archive.approvals import Why


def test_they_are_among_all_refusals() -> None:
    """Else they would be answered 500; and each step that is out of turn has its words."""
    assert OF_APPROVALS.items() <= KINDS.items()
    assert set(APPROVALS) == set(get_args(Why))
