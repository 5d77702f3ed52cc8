"""Whether a call is recorded when two have a say."""

from itertools import product

import pytest

from capture.inline.routing.modes import Decider, Mode, agreed, decider, may_change

FORCE, YES, DONT_CARE, NO, NEVER = Mode
# Rows: the route's mode; columns: the target's, both in the order of `Mode`.
AGREED = {
    FORCE: (FORCE, FORCE, FORCE, FORCE, NEVER),
    YES: (FORCE, YES, YES, NO, NEVER),
    DONT_CARE: (FORCE, YES, NO, NO, NEVER),
    NO: (FORCE, YES, NO, NO, NEVER),
    NEVER: (NEVER, NEVER, NEVER, NEVER, NEVER),
}


@pytest.mark.parametrize(("route", "target"), [*product(Mode, Mode)])
def test_the_mode_of_a_call_follows_from_both_words(route: Mode, target: Mode) -> None:
    """The table of docs/inline.md, all of it: a slip here records whom nobody may record."""
    assert agreed(route, target) is AGREED[route][list(Mode).index(target)]


@pytest.mark.parametrize(("route", "target"), [*product(Mode, Mode)])
def test_whose_word_counted_is_named_truly(route: Mode, target: Mode) -> None:
    """`route explain` shows it: the other one's word would have been another mode, or the same."""
    mode = agreed(route, target)
    match decider(route, target):
        case Decider.ROUTE:
            assert mode is route is not target
        case Decider.TARGET:
            assert mode is target is not route
        case Decider.BOTH:
            assert mode is route is target
        case Decider.NOBODY:
            assert {route, target} == {DONT_CARE}


@pytest.mark.parametrize("mode", Mode)
def test_what_is_forced_or_forbidden_stays_so(mode: Mode) -> None:
    """Nobody presses a key against the law; without `on_demand` nobody presses one at all."""
    assert may_change(mode, on_demand=True) is (mode not in {FORCE, NEVER})
    assert may_change(mode, on_demand=False) is False


def test_only_force_and_yes_begin_with_being_recorded() -> None:
    """Without an opinion there is no consent to lean on."""
    assert {mode for mode in Mode if mode.is_recorded} == {FORCE, YES}
