"""Within whose reach a call lies."""

import pytest

from archive.access.reach import (
    EVERYWHERE,
    MAX_VALUES,
    NumberRange,
    ReachFacts,
    ReachRefused,
    ReachRule,
    is_everywhere,
    reaches,
)

CALL = ReachFacts(
    queues=("support",), teams=("east",), controllers=("acme",), numbers=("+81312347788", "1001")
)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("+81312*", "+81312347788", "+81313347788"),
        ("1001-1099", "1050", "10500"),
        ("1001-1099", "1099", "1100"),
        ("1001", "1001", "10010"),
    ],
)
def test_a_number_range_holds_what_lies_in_it(text: str, inside: str, outside: str) -> None:
    """A longer number is another number, unless the range says how they begin."""
    assert NumberRange.parse(text).holds(inside)
    assert not NumberRange.parse(text).holds(outside)


@pytest.mark.parametrize("text", ["", "*", "1-22", "22-11", "sip:1", "10*-20", "１０"])
def test_what_is_no_number_range_is_refused(text: str) -> None:
    """A reach that nobody meant would hide calls, or show them."""
    with pytest.raises(ReachRefused):
        NumberRange.parse(text)


def test_every_kind_that_is_named_must_hold_and_any_rule_is_enough() -> None:
    """A queue of one controller, or a team."""
    both = ReachRule(queues=frozenset({"support"}), controllers=frozenset({"acme"}))
    other = ReachRule(queues=frozenset({"support"}), controllers=frozenset({"other"}))
    team = ReachRule(teams=frozenset({"east"}))

    assert reaches((both,), CALL)
    assert not reaches((other,), CALL)
    assert reaches((other, team), CALL)


def test_nothing_is_reached_by_default() -> None:
    """Who has no role sees nothing; a rule that names nothing is the whole tenant."""
    assert not reaches((), CALL)
    assert reaches(EVERYWHERE, ReachFacts())
    assert is_everywhere(EVERYWHERE)
    assert not is_everywhere((ReachRule(queues=frozenset({"support"})),))


@pytest.mark.parametrize(
    "values", [frozenset({""}), frozenset(map(str, range(MAX_VALUES + 1)))], ids=["empty", "many"]
)
def test_values_have_bounds(values: frozenset[str]) -> None:
    """An empty value reaches nothing; too many are a mistake."""
    with pytest.raises(ReachRefused):
        ReachRule(queues=values)
