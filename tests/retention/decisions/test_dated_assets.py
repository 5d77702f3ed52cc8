"""Which texts of the journal must go: by the calendar, by the revision that judges them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st

from retention.decisions.dated_assets import dated_due_at, due_times
from retention.policies.revision import Revision, judging
from retention.rules.conditions import AttributeKind
from retention.rules.deadline import FOREVER
from retention.rules.match import Match
from retention.rules.rule import Asset, Counting, Rank, RetentionRule
from tests.retention.examples import policy, rule, terms

NOW = datetime(2029, 3, 1, 15, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


def texts(
    own: str = "texts", after: str = "", at_least: str = "", **further: object
) -> RetentionRule:
    """A rule about texts of the journal alone."""
    return replace(rule(own, **further), terms={Asset.JOURNAL: terms(at_least, after)})  # type: ignore[arg-type]


def revision(
    number: int, *rules: RetentionRule, at: datetime, is_retroactive: bool = True
) -> Revision:
    """A policy that is in force from then on."""
    return Revision(
        number=number, policy=policy(*rules), in_force_at=at, is_retroactive=is_retroactive
    )


def test_the_period_is_counted_as_the_calendar_counts_from_the_day_of_writing() -> None:
    """The day itself is not counted; it is over when its last day is, in the policy's zone."""
    written = datetime(2027, 2, 28, 23, 30, tzinfo=TOKYO)
    own = policy(texts(after="P2Y"))

    assert dated_due_at(own, written, Asset.JOURNAL) == datetime(2029, 3, 1, tzinfo=TOKYO)


def test_without_a_rule_of_their_own_texts_are_kept() -> None:
    """As shipped; and what is said of audio is not said of them."""
    assert dated_due_at(policy(rule("audio", after="P1D")), NOW, Asset.JOURNAL) == FOREVER
    assert due_times([revision(1, rule("audio", after="P1D"), at=NOW)], NOW, Asset.JOURNAL) == ()


def test_a_minimum_keeps_texts_as_it_keeps_recordings() -> None:
    """A law that wants three years of who took copies away wins over two years."""
    law = texts("law", at_least="P3Y", rank=Rank.LAW)
    due_at = dated_due_at(policy(texts(after="P2Y"), law), NOW - timedelta(days=800), Asset.JOURNAL)

    assert NOW < due_at < NOW + timedelta(days=300)


def test_a_rule_about_some_recordings_keeps_every_text() -> None:
    """No policy that is taken over has one; if one had, nothing could be said of an entry."""
    some = replace(texts(after="P1D"), match=Match({AttributeKind.QUEUE: frozenset({"a"})}))

    assert dated_due_at(policy(some), NOW - timedelta(days=900), Asset.JOURNAL) == FOREVER


def test_a_revision_is_for_what_was_written_before_only_where_it_says_so() -> None:
    """Who typed under a promise to keep it finds it kept."""
    at = NOW - timedelta(days=100)
    kept, gone = (
        due_times([revision(1, texts(after="P1D"), at=at, is_retroactive=back)], NOW, Asset.JOURNAL)
        for back in (False, True)
    )

    assert kept[0].begin == at
    assert gone[0].begin == datetime(1970, 1, 1, tzinfo=UTC)
    assert kept[-1].end == gone[-1].end == datetime(2029, 3, 1, tzinfo=TOKYO)


REVISIONS = st.lists(
    st.tuples(
        st.sampled_from(["P1D", "P1M", "P1Y", "P1M15D", "never", ""]),
        st.sampled_from(["event", "next_month", "fiscal_year"]),
        st.integers(0, 900),
        st.booleans(),
    ),
    max_size=4,
)


@given(REVISIONS, st.lists(st.integers(0, 1_000 * 24), min_size=1, max_size=30))
def test_every_entry_is_judged_as_if_it_were_judged_alone(
    drawn: list[tuple[str, str, int, bool]], hours: list[int]
) -> None:
    """Whatever revisions there were: a stretch is only a quicker way of asking."""
    revisions = [
        revision(
            number,
            replace(texts(after=after), counting=Counting(counted_from=counted)),  # type: ignore[arg-type]
            at=NOW - timedelta(days=days),
            is_retroactive=back,
        )
        for number, (after, counted, days, back) in enumerate(drawn, 1)
        if after
    ]
    found = due_times(revisions, NOW, Asset.JOURNAL)

    for written in (NOW - timedelta(hours=each) for each in hours):
        judge = judging(revisions, written, NOW)
        is_due = judge is not None and dated_due_at(judge.policy, written, Asset.JOURNAL) <= NOW
        assert any(each.begin <= written < each.end for each in found) == is_due
    assert all(one.end <= other.begin for one, other in pairwise(found))
