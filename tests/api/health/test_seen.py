"""What is seen."""

from api.health.seen import Seen
from archive.keeper.state_file import KeeperState, StuckPart


def test_all_that_is_stuck_counts_and_not_what_is_named_of_it() -> None:
    """A thousand are named at most."""
    keeper = KeeperState(at_us=1, counts={"a": 900, "b": 800}, stuck=(StuckPart("f", "a"),))

    assert Seen(at_us=1, keeper=keeper).stuck == 1_700
    assert Seen(at_us=1).stuck == 0
