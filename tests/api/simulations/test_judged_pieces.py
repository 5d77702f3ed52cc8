"""Kinds judged once for each piece of time: beside judging every day of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from api.destruction.due_recordings import judge_found
from api.simulations.archive_kinds import ArchiveKinds
from api.simulations.judged_pieces import EndTimes, JudgedPieces
from api.simulations.simulation import Simulated, Supposition
from archive.lifecycle.recording_values import RetainedRecording
from archive.moments import microseconds
from retention.policies.policy import RetentionPolicy
from retention.policies.revision import Revision
from retention.policies.shipped_policy import SHIPPED
from retention.rules.rule import Asset, Counting, Rank, RetentionRule
from tests.api.retained import retained
from tests.retention.examples import policy, rule, terms
from tests.support.retention.judged_pieces import simulated

FIRST = datetime(2027, 12, 20, 3, tzinfo=UTC)
# Over the end of a leap year's February.
LAST = datetime(2028, 4, 10, tzinfo=UTC)
PERIODS = st.sampled_from(["", "P1M", "P30D", "P2M", "P59D", "P1M3D", "P365D", "P1Y", "P12M1D"])
RULES = st.tuples(
    st.sampled_from(Rank),
    PERIODS,
    PERIODS,
    PERIODS,
    st.sampled_from(["event", "event", "next_month", "fiscal_year"]),
)


def policy_of(drawn: list[tuple[Rank, str, str, str, str]]) -> RetentionPolicy:
    """Rules about all calls."""
    return policy(*(_rule(f"r{at}", *own) for at, own in enumerate(drawn)))


def _rule(
    own: str, rank: Rank, at_least: str, after: str, told: str, counted_from: str
) -> RetentionRule:
    made = rule(own, rank=rank, at_least=at_least, after=after)
    counting = Counting(counted_from=counted_from)  # type: ignore[arg-type]  # one of its own
    return replace(made, counting=counting, terms={**made.terms, Asset.METADATA: terms("", told)})


POLICIES = st.lists(RULES, min_size=1, max_size=4).map(policy_of)
MOMENTS = st.integers(0, 24 * 500).map(lambda hours: FIRST + timedelta(hours=hours))


JUDGES: tuple[tuple[Callable[..., object], Callable[..., object], Callable[..., object]], ...] = (
    (simulated, lambda each: each.decided, lambda each: each.told),
    (judge_found, lambda each: each.told, lambda each: each.verdict.says),
)


@pytest.mark.parametrize("judge", JUDGES, ids=("simulated", "due"))
@given(POLICIES, POLICIES, MOMENTS, MOMENTS)
@settings(max_examples=5)
def test_each_piece_is_as_each_of_its_days(
    judge: tuple[Callable[..., object], Callable[..., object], Callable[..., object]],
    own: RetentionPolicy,
    latest: RetentionPolicy,
    since: datetime,
    now: datetime,
) -> None:
    """Whatever periods meet at the ends of which months, and whichever revision judges."""
    revision = Revision(number=1, policy=latest, in_force_at=since, is_retroactive=False)
    what = Supposition(policy=own, revisions=(SHIPPED, revision), now=now)
    asked, decided, told = judge
    course = EndTimes.of(what, FIRST, LAST)
    kinds = ArchiveKinds.of(what, {1: retained(queue="support").values})
    pieces: JudgedPieces[object] = JudgedPieces(kinds, course, asked, decided)
    kind = kinds.by_class[1]
    what_case, found = kinds.case(kind, 0)
    for begin_us in course.begins_us:
        alone = asked(what_case, replace(found, ended_us=begin_us))
        assert told(pieces.of(kind, 0, begin_us)) == told(alone)
        assert pieces.on_its_day(kind, 0, begin_us) == alone


def test_a_kind_that_turns_once_is_asked_a_few_times() -> None:
    """Not on each of a hundred days."""
    asked: list[int] = []

    def judge(what: Supposition, found: RetainedRecording) -> Simulated:
        asked.append(found.ended_us or 0)
        return simulated(what, found)

    now = datetime(2029, 1, 15, tzinfo=UTC)
    own = policy(rule("all", after="P1Y"))
    what = Supposition(policy=own, revisions=(SHIPPED,), now=now)
    kinds = ArchiveKinds.of(what, {1: retained(queue="support").values})
    course = EndTimes.of(what, FIRST, LAST)
    pieces = JudgedPieces(kinds, course, judge, lambda each: each.decided)
    spans = list(pieces.spans(kinds.by_class[1], 0))

    assert len(course.begins_us) > 100
    assert len(asked) < 30
    assert spans[0].from_us == microseconds(FIRST)
    assert all(one.until_us == other.from_us for one, other in pairwise(spans))
