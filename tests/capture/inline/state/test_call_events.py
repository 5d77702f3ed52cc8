"""Events are values that can be compared and listed."""

from capture.inline.state.call_events import HungUp, Progressed
from tests.capture.inline.playbook import CALLER


def test_the_same_event_twice_is_equal() -> None:
    """So that a playbook can state it."""
    assert Progressed(b"t", 180) == Progressed(b"t", 180)
    assert HungUp(CALLER) != HungUp(CALLER, still_there=True)
