"""What the composition refuses."""

from rokuon.messages.errors import PartFailed


def test_a_failed_part_carries_its_name() -> None:
    """Who reads the last line knows where to look."""
    failed = PartFailed("keys", "ended before it was ready")

    assert (failed.name, str(failed)) == ("keys", "keys: ended before it was ready")
