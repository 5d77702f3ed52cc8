"""What is answered where something was destroyed, or cannot be planned."""

from api.web.refusals.recording_refusals import OF_DESTRUCTION
from api.web.refusals.table import KINDS


def test_they_are_among_all_refusals() -> None:
    """Else they would be answered 500."""
    assert OF_DESTRUCTION.items() <= KINDS.items()
