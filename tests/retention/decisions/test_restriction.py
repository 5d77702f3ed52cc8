"""From when on a recording is restricted, by the rules alone."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from retention.decisions.bounds import Bound, Bounds, Unknown
from retention.decisions.decision import Hold, Outcome, Standing, decide
from retention.decisions.restriction import Restriction, may_restrict, restriction_of
from retention.rules.deadline import FOREVER
from retention.rules.rule import Rank
from tests.retention.examples import CALLED, policy, rule

DAYS = st.integers(0, 5).map(lambda days: CALLED + timedelta(days=days))
BOUNDS = st.none() | st.builds(lambda at: Bound(at, ("rule",)), DAYS | st.just(FOREVER))
DUTY = frozenset({"legal_duty"})


@given(floor=BOUNDS, ceiling=BOUNDS)
def test_a_recording_is_restricted_from_the_moment_on_at_which_it_is_decided_so(
    floor: Bound | None, ceiling: Bound | None
) -> None:
    """The moment that is stored ahead is the one at which `decide` begins to say so."""
    own = Bounds(floor=floor, ceiling=ceiling, purposes=DUTY)
    found = restriction_of(own)
    for days in range(6):
        at = CALLED + timedelta(days=days)
        decision = decide(own, Standing(), at)
        is_restricted = found is not None and found.from_at <= at

        if decision.outcome is Outcome.RESTRICT:
            assert is_restricted
            assert found is not None
            assert found.purposes == decision.purposes
        # What is due is to go: it does not become usable again before it is gone.
        assert not is_restricted or decision.outcome is not Outcome.KEEP


def test_what_keeps_a_recording_does_not_make_it_usable() -> None:
    """A legal hold, and a fact that nobody knows, keep; neither widens what it is for."""
    ceiling, floor = Bound(CALLED, ("max",)), Bound(CALLED + timedelta(days=1), ("min",))
    own = Bounds(floor=floor, ceiling=ceiling, purposes=DUTY, unknown=(Unknown("other", "agent"),))
    kept = decide(own, Standing(holds=(Hold("1", "M"),)), CALLED)

    assert kept.outcome is Outcome.KEEP
    assert restriction_of(own) == Restriction(from_at=CALLED, purposes=DUTY)


@pytest.mark.parametrize(
    ("rules", "may"),
    [
        ((rule("default", after="never"),), False),
        ((rule("max", after="P1Y"),), False),
        ((rule("min", at_least="P1Y"), rule("default", after="never")), False),
        ((rule("min", at_least="P1Y", rank=Rank.LAW), rule("max", after="P1Y", queue="q")), True),
    ],
)
def test_a_policy_without_minima_or_without_maxima_restricts_nothing(
    rules: tuple[object, ...], may: bool
) -> None:
    """So an installation as shipped is never judged for it."""
    assert may_restrict(policy(*rules)) is may  # type: ignore[arg-type]
