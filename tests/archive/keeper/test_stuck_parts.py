"""Reasons why a spool file is stuck."""

from archive.keeper.stuck_parts import Stuck, StuckReason


def test_a_reason_is_one_word_that_can_be_searched_for() -> None:
    """It stands in alarms, in logs and in the manual."""
    assert all(str(reason).replace("_", "").islower() for reason in StuckReason)


def test_what_is_stuck_says_why() -> None:
    """The text is what a log line shows."""
    assert str(Stuck(StuckReason.KEY_REFUSED, "node_unknown")) == "key_refused: node_unknown"
    assert str(Stuck(StuckReason.LEAD_SHORT)) == "lead_short"
