"""What people approve, and what of it is still so when it is carried out."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from archive.ids import RecordingId
from archive.lifecycle.tombstone import digest_of
from retention.decisions.bounds import bounds
from retention.decisions.decision import NOTHING_STANDS, Erasure, Hold, Standing, decide
from retention.decisions.destruction_plan import Planned, RetentionPlan, last_hour, recheck, stands
from retention.decisions.due import Cause, Grounds, verdict
from retention.rules.conditions import CALL_END, AttributeKind, Facts
from retention.rules.rule import Asset, Rank, RetentionRule
from tests.retention.examples import CALLED, call, policy, rule

BY_A = Grounds(1, ("a",))
YEARS = timedelta(days=365)


def planned(number: int, grounds: Grounds = BY_A, size_bytes: int = 10) -> Planned:
    return Planned(digest=bytes([number]) * 32, grounds=grounds, size_bytes=size_bytes)


def test_the_text_of_a_plan_is_that_of_the_document() -> None:
    """An outsider makes the same digest of it with sha256sum."""
    plan = RetentionPlan.of(7, [planned(2, Grounds(3, ("a", "b"))), planned(1)])

    assert plan.text == (
        f"rokuon destruction plan 1\ndecided 7\n{'01' * 32} 1 10 a\n{'02' * 32} 3 10 a,b\n"
    )
    assert plan.sha256 == hashlib.sha256(plan.text.encode()).digest()
    assert (plan.size_bytes, plan.grounds) == (20, {(1, "a"), (3, "a"), (3, "b")})


@given(st.permutations(range(8)))
def test_a_plan_is_the_same_in_whatever_order_it_is_found(order: Sequence[int]) -> None:
    """Two persons compare digests."""
    assert RetentionPlan.of(7, map(planned, order)) == RetentionPlan.of(7, map(planned, range(8)))


@pytest.mark.parametrize(
    ("now", "cause"),
    [
        (BY_A, None),
        (None, Cause.GONE),
        (Cause.HELD, Cause.HELD),
        (Grounds(2, ("a",)), Cause.OTHER_GROUNDS),
        (Grounds(1, ("a", "b")), Cause.OTHER_GROUNDS),
    ],
)
def test_what_is_no_longer_as_it_was_approved_falls_out_with_its_cause(
    now: Grounds | Cause | None, cause: Cause | None
) -> None:
    """An approval is for these recordings by these rules, and for nothing else."""
    assert recheck(BY_A, now) is cause


@pytest.mark.parametrize(
    ("lines", "standing", "is_enough"),
    [
        ([planned(1)], {(1, "a")}, True),
        ([planned(1), planned(2), planned(3)], {(1, "a")}, False),
        ([planned(1)], {(2, "a")}, False),
        ([planned(1, Grounds(1, ("a", "b")))], {(1, "a")}, False),
        ([planned(1, Grounds(1, ("case:7",)))], {(1, "case:7")}, False),
    ],
)
def test_an_approval_stands_for_few_recordings_by_the_same_rules_alone(
    lines: list[Planned], standing: set[tuple[int, str]], is_enough: bool
) -> None:
    """More than `bulk`, another revision, another rule, an erasure: each takes two persons."""
    assert stands(RetentionPlan.of(7, lines), standing, bulk=2) is is_enough


# Model: a small archive, its policy, what stands above rules; then some of it changes, a run is
# made, and what it destroys is compared with what was approved.
QUEUES = ("", "support", "sales")
RULES = st.lists(
    st.builds(
        lambda at_least, after, rank, queue: (at_least, after, rank, queue),
        st.sampled_from(["", "P1Y", "P3Y"]),
        st.sampled_from(["", "P1Y", "P2Y"]),
        st.sampled_from(Rank),
        st.sampled_from(QUEUES),
    ),
    max_size=4,
)
STANDINGS = st.sampled_from(
    [
        NOTHING_STANDS,
        NOTHING_STANDS,
        NOTHING_STANDS,
        Standing(holds=(Hold("H1", "m"),)),
        Standing(freezes=frozenset({"C1"})),
        Standing(erasures=(Erasure("C1", "court", CALLED),)),
        Standing(erasures=(Erasure("C1", "granted", CALLED),)),
        Standing(problems=("clock",)),
    ]
)
UNKNOWN = Facts(values=dict.fromkeys(AttributeKind), happened={CALL_END: CALLED})
ARCHIVES = st.lists(
    st.tuples(
        st.sampled_from([call(queue=each) for each in ("support", "sales")] + [call(), UNKNOWN]),
        STANDINGS,
    ),
    min_size=1,
    max_size=6,
)
AT = st.integers(0, 5).map(lambda years: datetime(2026, 12, 1, tzinfo=UTC) + years * YEARS)
Archive = Sequence[tuple[Facts, Standing]]


def rules_of(drawn: Sequence[tuple[str, str, Rank, str]]) -> tuple[RetentionRule, ...]:
    return tuple(
        rule(f"r{at}", at_least=at_least, after=after, rank=rank, queue=queue)
        for at, (at_least, after, rank, queue) in enumerate(drawn)
    )


def verdicts(
    archive: Archive, revision: int, rules: Sequence[RetentionRule], now: datetime
) -> dict[RecordingId, Grounds | Cause]:
    """What the evaluator says of each recording."""
    found = {}
    for number, (facts, standing) in enumerate(archive):
        audio, metadata = (
            decide(bounds(policy(*rules), facts, asset), standing, now)
            for asset in (Asset.AUDIO, Asset.METADATA)
        )
        found[RecordingId(bytes([number]) * 16)] = verdict(revision, audio, metadata)
    return found


def plan_of(now: Mapping[RecordingId, Grounds | Cause]) -> dict[RecordingId, Planned]:
    return {
        own: Planned(digest=digest_of(own), grounds=says, size_bytes=1)
        for own, says in now.items()
        if isinstance(says, Grounds)
    }


@given(ARCHIVES, RULES, AT, st.data())
def test_a_run_destroys_a_subset_of_its_plan_and_says_why_of_each_other(
    archive: Archive, drawn: list[tuple[str, str, Rank, str]], at: datetime, data: st.DataObject
) -> None:
    """Must-show 1: holds, corrections, revisions and clocks may change in between, or nothing."""
    now = verdicts(archive, 1, rules_of(drawn), at)
    approved = plan_of(now)
    assert not any(recheck(each.grounds, now[own]) for own, each in approved.items())
    changed = data.draw(
        st.lists(st.one_of(st.none(), ARCHIVES.map(lambda one: one[0])),
                 min_size=len(archive), max_size=len(archive))
    )  # fmt: skip
    then_archive = [new or old for old, new in zip(archive, changed, strict=True)]
    then_at = data.draw(st.sampled_from([at, at + YEARS, at - YEARS]))
    revision = data.draw(st.sampled_from([1, 1, 2]))
    then = verdicts(then_archive, revision, rules_of(drawn), then_at)
    causes = {own: recheck(each.grounds, then[own]) for own, each in approved.items()}
    destroyed = {own for own, cause in causes.items() if cause is None}

    assert destroyed <= approved.keys()
    for own in destroyed:
        assert then[own] == approved[own].grounds
        _, standing = then_archive[own.raw[0]]
        assert not standing.holds
        assert not standing.problems
    for own in approved.keys() - destroyed:
        assert causes[own] in {then[own], Cause.OTHER_GROUNDS}
    if (then_archive, then_at, revision) == (list(archive), at, 1):
        assert destroyed == approved.keys()


@given(ARCHIVES, RULES, AT)
def test_the_order_of_rules_changes_no_plan(
    archive: Archive, drawn: list[tuple[str, str, Rank, str]], at: datetime
) -> None:
    """Nor does the order of recordings."""
    rules = list(rules_of(drawn))
    before = RetentionPlan.of(1, plan_of(verdicts(archive, 1, rules, at)).values())
    rules.reverse()
    after = RetentionPlan.of(1, plan_of(verdicts(archive, 1, rules, at)).values())

    assert before.text == after.text


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2026-11-28T01:30+09:00", "2026-11-28T01:30+09:00"),
        ("2026-11-28T01:29+09:00", "2026-11-27T01:30+09:00"),
        ("2026-11-28T23:00+09:00", "2026-11-28T01:30+09:00"),
    ],
)
def test_the_last_hour_is_the_one_that_a_clock_in_the_zone_has_shown(now: str, last: str) -> None:
    """Whatever zone the machine is in."""
    found = last_hour(time(1, 30), ZoneInfo("Asia/Tokyo"), datetime.fromisoformat(now))

    assert found == datetime.fromisoformat(last)


def test_an_hour_that_a_day_does_not_have_is_the_next_one() -> None:
    """Berlin, the night on which clocks go forward: 02:30 is 03:30."""
    now = datetime.fromisoformat("2026-03-29T12:00+02:00")
    found = last_hour(time(2, 30), ZoneInfo("Europe/Berlin"), now)

    assert found == datetime.fromisoformat("2026-03-29T03:30+02:00")
