"""Whether a policy in the place of another can only keep longer."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from retention.decisions.bounds import bounds
from retention.policies.policy import Limits, RetentionPolicy
from retention.policies.policy_change import lengthens
from retention.rules.rule import Asset, Rank, RetentionRule
from tests.retention.examples import call, policy, rule

OLD = policy(rule("a", at_least="P1Y", after="P2Y"), rule("b", at_least="P1M", queue="support"))
LONGER = rule("a", at_least="P2Y", after="P3Y")
B = OLD.rules[1]


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        policy(LONGER, B),
        policy(rule("a", at_least="P1Y", after="never"), B),
        policy(*OLD.rules, rule("c", at_least="P10Y", rank=Rank.LAW)),
    ],
)
def test_what_keeps_longer_and_deletes_no_earlier_lengthens(new: RetentionPolicy) -> None:
    """One person may, at once."""
    assert lengthens(new, OLD)


@pytest.mark.parametrize(
    "new",
    [
        policy(B),
        policy(rule("a", at_least="P11M", after="P2Y"), B),
        policy(rule("a", at_least="P1Y", after="P1Y"), B),
        policy(rule("a", at_least="P1Y"), B),
        policy(rule("a", after="P2Y"), B),
        policy(OLD.rules[0], rule("b", at_least="P1M", after="P9Y", queue="support")),
        policy(OLD.rules[0], rule("b", at_least="P1M", queue="sales")),
        policy(*OLD.rules, rule("c", at_least="P1D", queue="support")),
        policy(*OLD.rules, rule("c", at_least="P10Y", after="P20Y", rank=Rank.LAW)),
        replace(OLD, limits=Limits(cooling_off_h=0)),
    ],
)
def test_everything_else_does_not(new: RetentionPolicy) -> None:
    """Also where a rule is taken away that deleted: another may now win that deletes earlier."""
    assert not lengthens(new, OLD)


def test_a_minimum_where_there_was_none_may_shorten() -> None:
    """It is more specific, and a month wins over the two years of all."""
    all_calls = rule("all", at_least="P2Y", after="P2Y")
    old = policy(all_calls, rule("own", after="P3Y", queue="support"))
    new = policy(all_calls, rule("own", at_least="P1M", after="P3Y", queue="support"))

    assert not lengthens(new, old)


RULES = st.builds(
    rule,
    st.sampled_from("abcd"),
    at_least=st.sampled_from(["", "P1M", "P1Y", "P2Y"]),
    after=st.sampled_from(["", "P1M", "P1Y", "P3Y", "never"]),
    rank=st.sampled_from(Rank),
    queue=st.sampled_from(["", "support", "sales"]),
).filter(lambda each: not (each.rank is not Rank.POLICY and "never" in str(each.terms)))
POLICIES = st.lists(RULES, max_size=4, unique_by=lambda each: each.id)


@given(POLICIES, POLICIES)
def test_what_lengthens_makes_nothing_due_earlier(
    new: list[RetentionRule], old: list[RetentionRule]
) -> None:
    """Of any recording. This is what the word is for."""
    later, before = policy(*new), policy(*old)
    if lengthens(later, before):
        for facts in (call(), call(queue="support"), call(queue="sales")):
            one, other = (bounds(each, facts, Asset.AUDIO) for each in (later, before))
            assert one.due_at >= other.due_at


@given(POLICIES, st.sampled_from(["P3Y", "P5Y"]))
def test_a_longer_minimum_alone_lengthens(old: list[RetentionRule], period: str) -> None:
    """So the property above is not empty."""
    longer = rule("x", at_least=period).terms_of(Asset.AUDIO).keep_at_least
    new = [
        replace(each, terms={Asset.AUDIO: replace(said, keep_at_least=longer)})
        for each in old
        if (said := each.terms_of(Asset.AUDIO)).keep_at_least
    ]
    others = [each for each in old if each.id not in {one.id for one in new}]

    assert lengthens(policy(*new, *others), policy(*old))
