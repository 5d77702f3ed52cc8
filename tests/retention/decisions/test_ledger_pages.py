"""A page of the ledger goes whole, with its youngest call, by what keeps it longest."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from retention.decisions.dated_assets import dated_due_at, page_bounds
from retention.policies.revision import Revision, judging
from retention.policies.shipped_policy import SHIPPED
from retention.rules.deadline import FOREVER
from retention.rules.rule import Asset, RetentionRule
from tests.retention.examples import policy, rule, terms

NOW = datetime(2029, 3, 1, 15, tzinfo=UTC)
DAY = timedelta(days=1)


def ledger(own: str = "ledger", after: str = "P1Y") -> RetentionRule:
    """A rule about the ledger."""
    return replace(rule(own), terms={Asset.LEDGER: terms(after=after)})


def revision(number: int, own: RetentionRule, days: int, *, back: bool = False) -> Revision:
    """A policy in force since so many days ago."""
    return Revision(
        number=number, policy=policy(own), in_force_at=NOW - days * DAY, is_retroactive=back
    )


def test_a_page_that_a_new_revision_cuts_is_kept_by_the_one_that_keeps_it_longer() -> None:
    """Its oldest call was turned away under a promise of five years."""
    revisions = [revision(1, ledger("five", "P5Y"), 900), revision(2, ledger("one", "P1Y"), 500)]
    cut = page_bounds(revisions, NOW - 501 * DAY, NOW - 499 * DAY, NOW)
    after = page_bounds(revisions, NOW - 499 * DAY, NOW - 498 * DAY, NOW)

    assert (cut.revision.number, after.revision.number) == (1, 2)
    assert cut.bounds.ceiling is not None
    assert cut.bounds.ceiling.rules == ("five",)
    assert after.bounds.due_at < NOW < cut.bounds.due_at


def test_as_shipped_a_page_is_kept() -> None:
    """Nobody has said when it goes."""
    found = page_bounds([SHIPPED], NOW - 9_000 * DAY, NOW - 9_000 * DAY, NOW)

    assert (found.revision, found.bounds.due_at) == (SHIPPED, FOREVER)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["P1D", "P1M", "P1Y", "never"]), st.integers(0, 900), st.booleans()
        ),
        max_size=4,
    ),
    st.lists(st.integers(0, 1_000 * 24), min_size=1, max_size=6),
)
def test_no_call_of_a_page_goes_before_its_time(
    drawn: list[tuple[str, int, bool]], hours: list[int]
) -> None:
    """Whatever revisions there were: by each call's own the page is due no earlier."""
    revisions = [
        SHIPPED,
        *(
            revision(number, ledger(after=after), days, back=back)
            for number, (after, days, back) in enumerate(drawn, 1)
        ),
    ]
    calls = [NOW - timedelta(hours=each) for each in hours]
    found = page_bounds(revisions, min(calls), max(calls), NOW)

    for began in calls:
        own = judging(revisions, began, NOW) or SHIPPED
        assert dated_due_at(own.policy, began, Asset.LEDGER) <= found.bounds.due_at
