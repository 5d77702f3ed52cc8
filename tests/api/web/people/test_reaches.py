"""A reach as it is sent."""

import pytest
from pydantic import ValidationError

from api.web.people.reaches import ReachBody, ReachView
from archive.access.reach import WHOLE, ReachRefused, ReachRule


def test_what_is_sent_is_the_rule_and_what_is_shown_is_what_was_sent() -> None:
    """Sorted; nothing named is the whole tenant."""
    sent = {"queues": ["b", "a"], "teams": [], "controllers": [], "numbers": ["+81312*"]}
    rule = ReachBody.model_validate(sent).rule()

    assert rule == ReachRule(queues=frozenset("ab"), numbers=frozenset({"+81312*"}))
    assert ReachView.named(rule) == sent | {"queues": ["a", "b"]}
    assert ReachBody().rule() == WHOLE


@pytest.mark.parametrize("sent", [{"queues": [""]}, {"numbers": ["x"]}, {"queue": ["a"]}])
def test_what_cannot_be_a_reach_is_refused(sent: dict[str, list[str]]) -> None:
    """A kind that is misspelt would otherwise be the whole tenant."""
    with pytest.raises(ValidationError):
        ReachBody.model_validate(sent)


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    """What a pattern cannot say."""
    with pytest.raises(ReachRefused):
        ReachBody(numbers=["9-1"]).rule()
