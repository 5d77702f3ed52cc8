"""What is remembered of a target between calls."""

from capture.inline.target_state import TargetState, untried
from capture.sip.flow import Address
from tests.capture.inline.stage import PBX

FIRST = ("udp", Address("192.0.2.30", 5060))
SECOND = ("tcp", Address("192.0.2.31", 5060))


def test_hops_are_tried_in_their_order_and_each_once() -> None:
    """RFC 3263 section 4.3."""
    assert untried((FIRST, SECOND), []) == FIRST
    assert untried((FIRST, SECOND), [FIRST]) == SECOND
    assert untried((FIRST, SECOND), [SECOND, FIRST]) is None


def test_it_answers_from_any_of_its_hops() -> None:
    """Not only from the one that was asked."""
    known = TargetState(PBX, places=(FIRST, SECOND))

    assert known.has_host("192.0.2.31")
    assert not known.has_host("192.0.2.32")
    assert not known.is_bound
