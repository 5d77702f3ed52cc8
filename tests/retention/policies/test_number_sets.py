"""Sets of numbers and what stands for them."""

from hypothesis import given, strategies as st

from retention.policies.number_sets import number_sets, stand_in, with_stand_ins
from retention.policies.policy import RetentionPolicy
from retention.rules.conditions import AttributeKind, Facts
from retention.rules.match import Match
from tests.retention.examples import NOTHING_KNOWN, policy, rule

RANGES = st.sampled_from(["+81312*", "+8190*", "1001-1099", "2001", "+81312345678"])
NUMBERS = st.frozensets(
    st.sampled_from(["+81312347788", "+819012345678", "1050", "2001", "3001", "tanaka"]), max_size=3
)
SETS = st.frozensets(RANGES, min_size=1, max_size=3)


def of(fits: frozenset[str], excludes: frozenset[str]) -> RetentionPolicy:
    match = Match({AttributeKind.NUMBER: fits}, {AttributeKind.NUMBER: excludes})
    return policy(rule("n", match=match, after="P1D"), rule("q", queue="support"))


@given(SETS, SETS, NUMBERS)
def test_a_rule_says_of_stand_ins_what_it_says_of_numbers(
    fits: frozenset[str], excludes: frozenset[str], numbers: frozenset[str]
) -> None:
    """Whether a recording has a number of a set is all that rules ask."""
    own = of(fits, excludes)
    sets = number_sets([own])
    has = {
        stand_in(at)
        for at, each in enumerate(sets)
        if Match({AttributeKind.NUMBER: each}).of(facts(numbers)) is True
    }
    supposed = with_stand_ins(own, sets)

    for real, standing in zip(own.rules, supposed.rules, strict=True):
        assert real.match.of(facts(numbers)) == standing.match.of(facts(frozenset(has)))


def facts(numbers: frozenset[str]) -> Facts:
    return Facts(
        values={**NOTHING_KNOWN, AttributeKind.NUMBER: numbers, AttributeKind.QUEUE: frozenset()}
    )


def test_a_set_that_many_rules_name_is_one() -> None:
    """And a policy without numbers has none."""
    own = of(frozenset({"2001"}), frozenset({"2001"}))

    assert number_sets([own, own]) == (frozenset({"2001"}),)
    assert number_sets([policy(rule("q", queue="support"))]) == ()
