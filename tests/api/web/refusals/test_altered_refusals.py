"""What is answered where something is not as it was written."""

from api.web.refusals.recording_refusals import OF_ALTERED
from api.web.refusals.table import KINDS


def test_they_are_among_all_refusals() -> None:
    """Else they would be answered 500."""
    assert OF_ALTERED.items() <= KINDS.items()
