"""What becomes of a recording, and because of what: the table D3 and the properties behind it."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, product
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from retention.decisions.bounds import Bound, Bounds, Unknown, bounds
from retention.decisions.decision import (
    NOTHING_STANDS,
    Decision,
    Erasure,
    Frozen,
    GoesBy,
    Hold,
    KeptBy,
    NoEnd,
    Outcome,
    Problem,
    Standing,
    decide,
)
from retention.policies.policy import Calendars
from retention.rules.conditions import CALL_END, AttributeKind, Facts
from retention.rules.deadline import FOREVER
from retention.rules.match import Match
from retention.rules.rule import Asset, Counting, Minimum, Never, Rank, RetentionRule
from tests.retention import oracle
from tests.retention.examples import policy, terms

NOW = datetime(2026, 11, 27, tzinfo=UTC)
PAST, LATER, LAST = NOW - timedelta(days=9), NOW + timedelta(days=9), NOW + timedelta(days=99)
GONE = Bound(PAST, ("max",))
TO_GO = Bound(LATER, ("max",))
BY_LAW = Bound(LAST, ("law",))
HOLD = Hold("H1", "matter:a")
GRANTED = Erasure("C1", "granted", PAST)
COURT = Erasure("C2", "court", PAST)
UNKNOWN = Unknown("law", "contract_end")
PURPOSES = frozenset({"legal_duty"})


def kept_by_law(ceiling: Bound | None = GONE) -> Bounds:
    """A minimum of rank law that is not over."""
    return Bounds(floor=BY_LAW, law_floor=BY_LAW, ceiling=ceiling, purposes=PURPOSES)


@pytest.mark.parametrize(
    ("own", "standing", "outcome"),
    [
        (Bounds(ceiling=GONE), Standing(), Outcome.DESTROY),  # 1
        (kept_by_law(), Standing(), Outcome.RESTRICT),  # 2
        (Bounds(ceiling=GONE), Standing(holds=(HOLD,)), Outcome.KEEP),  # 3
        (Bounds(ceiling=GONE), Standing(freezes=frozenset({"C9"})), Outcome.KEEP),  # 4
        (Bounds(ceiling=TO_GO), Standing(erasures=(GRANTED,)), Outcome.DESTROY),  # 5
        (kept_by_law(TO_GO), Standing(erasures=(GRANTED,)), Outcome.RESTRICT),  # 6
        (Bounds(ceiling=GONE), Standing(holds=(HOLD,), erasures=(GRANTED,)), Outcome.KEEP),  # 7
        (Bounds(ceiling=GONE, unknown=(UNKNOWN,)), Standing(), Outcome.KEEP),  # 8
        (Bounds(), Standing(), Outcome.KEEP),  # 9
        (kept_by_law(None), Standing(erasures=(COURT,)), Outcome.DESTROY),  # 10
    ],
)
def test_the_table_of_precedence(own: Bounds, standing: Standing, outcome: Outcome) -> None:
    """D3 of the law's requirements, row by row; 11 and 12 are a matter of bounds."""
    assert decide(own, standing, NOW).outcome is outcome


def test_a_decision_says_because_of_what_and_until_when() -> None:
    """Whoever asks gets the rule, not only the outcome."""
    assert decide(Bounds(ceiling=TO_GO), NOTHING_STANDS, NOW) == Decision(
        outcome=Outcome.KEEP, because=(GoesBy(TO_GO),), until=LATER
    )
    assert decide(kept_by_law(), NOTHING_STANDS, NOW) == Decision(
        outcome=Outcome.RESTRICT,
        because=(KeptBy(BY_LAW), GoesBy(GONE)),
        until=LAST,
        purposes=PURPOSES,
    )
    assert decide(Bounds(), NOTHING_STANDS, NOW).because == (NoEnd(),)


def test_what_is_kept_names_all_that_keeps_it() -> None:
    """When the hold is released the freeze is still there, and nobody is surprised."""
    standing = Standing(
        holds=(HOLD,), freezes=frozenset({"C9"}), problems=("the clock is not trusted",)
    )

    found = decide(Bounds(ceiling=GONE, unknown=(UNKNOWN,)), standing, NOW)

    assert found.because == (
        UNKNOWN, Problem("the clock is not trusted"), HOLD, Frozen("C9"),
    )  # fmt: skip
    assert found.until is None


@pytest.mark.parametrize(
    "standing",
    [Standing(holds=(HOLD,)), Standing(freezes=frozenset({"C9"}))],
    ids=["hold", "freeze"],
)
def test_what_protects_past_the_maximum_leaves_it_restricted(standing: Standing) -> None:
    """What keeps a recording does not make it usable again; before its maximum nothing is said."""
    found = decide(kept_by_law(), standing, NOW)
    before = decide(kept_by_law(), standing, GONE.at - timedelta(days=1))

    assert (found.outcome, found.purposes, found.restricted_from) == (
        Outcome.KEEP, PURPOSES, GONE.at,
    )  # fmt: skip
    assert (before.purposes, before.restricted_from) == (frozenset(), None)


def test_an_erasure_that_a_hold_stops_suspends() -> None:
    """Only the hold's owner may open it (D3 7)."""
    found = decide(Bounds(), Standing(holds=(HOLD,), erasures=(GRANTED,)), NOW)

    assert found.because == (HOLD, GRANTED)
    assert found.suspended == {"C1"}


def test_a_case_does_not_stop_what_it_orders_itself() -> None:
    """Its freeze was there so that it can be decided; any other case's stays."""
    own = Standing(erasures=(GRANTED,), freezes=frozenset({"C1"}))
    others = replace(own, freezes=frozenset({"C1", "C9"}))

    assert decide(Bounds(), own, NOW).outcome is Outcome.DESTROY
    assert decide(Bounds(), others, NOW).because[:1] == (Frozen("C9"),)
    two = Standing(erasures=(GRANTED, COURT), freezes=frozenset({"C1", "C2"}))
    assert decide(Bounds(), two, NOW).outcome is Outcome.KEEP


def test_a_suspension_is_shown_and_keeps_nothing() -> None:
    """It stops the use, not the end."""
    standing = Standing(suspensions=frozenset({"C3"}))

    assert decide(Bounds(ceiling=TO_GO), standing, NOW).suspended == {"C3"}
    assert decide(Bounds(ceiling=GONE), standing, NOW).outcome is Outcome.DESTROY


def test_a_second_case_s_order_does_not_stop_the_first() -> None:
    """A court orders it for C2, whose own freeze stood until then; that another case has granted it
    too is no reason to keep what the court wants gone.
    """
    frozen = Standing(erasures=(COURT,), freezes=frozenset({"C2"}))
    both = replace(frozen, erasures=(COURT, GRANTED))

    assert decide(Bounds(), frozen, NOW).outcome is Outcome.DESTROY
    assert decide(Bounds(), both, NOW).because == (COURT,)


def test_an_order_that_another_case_stops_is_not_the_one_that_is_carried_out() -> None:
    """C1's freeze stops what the court ordered for C2; what C1 granted yields to the law."""
    stopped = Standing(erasures=(COURT, GRANTED), freezes=frozenset({"C1"}))

    found = decide(kept_by_law(), stopped, NOW)

    assert (found.outcome, found.because) == (Outcome.RESTRICT, (KeptBy(BY_LAW), GRANTED))
    assert found.suspended == {"C1", "C2"}


def test_an_erasure_that_is_still_to_come_lifts_nothing_yet() -> None:
    """Until its moment the case's own freeze keeps, and nothing is suspended by it."""
    ahead = Erasure("C2", "court", LATER)
    standing = Standing(erasures=(ahead,), freezes=frozenset({"C2"}))

    found = decide(Bounds(ceiling=GONE), standing, NOW)

    assert (found.outcome, found.because) == (Outcome.KEEP, (Frozen("C2"),))
    assert found.suspended == frozenset()
    assert decide(Bounds(ceiling=GONE), standing, LATER).outcome is Outcome.DESTROY


MOMENTS = st.sampled_from([PAST, NOW, LATER, LAST, FOREVER])
BOUNDS = st.builds(
    Bounds,
    floor=st.none() | MOMENTS.map(lambda at: Bound(at, ("f",))),
    ceiling=st.none() | MOMENTS.map(lambda at: Bound(at, ("c",))),
    unknown=st.sampled_from([(), (UNKNOWN,)]),
)
OVER = st.sampled_from([PAST, NOW]).map(lambda at: Bound(at, ("r",)))
DUE = st.builds(Bounds, floor=st.none() | OVER, ceiling=OVER)
STANDING = st.builds(
    Standing,
    holds=st.sampled_from([(), (HOLD,)]),
    freezes=st.frozensets(st.sampled_from(["C1", "C2", "C9"])),
    erasures=st.lists(st.sampled_from([GRANTED, COURT]), unique=True).map(tuple),
    problems=st.sampled_from([(), ("clock",)]),
)


@given(BOUNDS, STANDING)
def test_what_is_protected_is_never_destroyed(own: Bounds, standing: Standing) -> None:
    """Not by a hold, not by what is unknown, not by another case's freeze, whatever else is."""
    found = decide(own, standing, NOW)

    if standing.holds or standing.problems or own.unknown or "C9" in standing.freezes:
        assert found.outcome is Outcome.KEEP


@given(DUE, st.timedeltas(timedelta(0), timedelta(days=36_500)))
def test_what_is_due_stays_due(own: Bounds, further: timedelta) -> None:
    """Time alone takes nothing back."""
    assert decide(own, NOTHING_STANDS, NOW).outcome is Outcome.DESTROY
    assert decide(own, NOTHING_STANDS, NOW + further).outcome is Outcome.DESTROY


@given(BOUNDS, st.sampled_from([PAST, NOW, LATER, LAST]))
def test_due_is_the_moment_from_which_it_is_destroyed(own: Bounds, at: datetime) -> None:
    """A list that is made by moments and a decision that is made one by one are the same."""
    is_destroyed = decide(own, NOTHING_STANDS, at).outcome is Outcome.DESTROY

    assert is_destroyed == (own.due_at <= at)


@given(BOUNDS, STANDING, MOMENTS)
def test_a_minimum_never_turns_keeping_into_destroying(
    own: Bounds, standing: Standing, at: datetime
) -> None:
    """Adding what keeps cannot let go."""
    longer = replace(own, floor=Bound(max(at, own.floor.at if own.floor else at), ("more",)))
    if decide(own, standing, NOW).outcome is not Outcome.DESTROY:
        assert decide(longer, standing, NOW).outcome is not Outcome.DESTROY


CASES = ("C1", "C2", "C9")
KINDS: tuple[Literal["granted", "court"], ...] = ("granted", "court")
ERASURES = [Erasure(*each) for each in product(CASES[:2], KINDS, (PAST, LATER))]
FREEZES = [frozenset(each) for count in range(3) for each in combinations(CASES, count)]
HOLDS: list[tuple[Hold, ...]] = [(), (HOLD,), (replace(HOLD, until=PAST),)]
# Every way in which erasures, freezes and a hold stand beside each other, two erasures at the most.
EVERYTHING = [
    Standing(erasures=erasures, freezes=freezes, holds=holds)
    for count in range(3)
    for erasures in combinations(ERASURES, count)
    for freezes, holds in product(FREEZES, HOLDS)
]
OWN = [Bounds(), Bounds(ceiling=GONE), Bounds(ceiling=TO_GO), kept_by_law(), kept_by_law(None)]


def is_destroyed(own: Bounds, standing: Standing) -> bool:
    """Whether it goes now."""
    return decide(own, standing, NOW).outcome is Outcome.DESTROY


def test_one_more_erasure_never_turns_destroying_into_keeping() -> None:
    """Who wants it gone too is no reason to keep it."""
    for own, standing in product(OWN, EVERYTHING):
        if is_destroyed(own, standing):
            for more in ERASURES:
                assert is_destroyed(own, replace(standing, erasures=(*standing.erasures, more)))


def test_one_more_hold_or_freeze_never_turns_keeping_into_destroying() -> None:
    """Who protects lets nothing go."""
    for own, standing in product(OWN, EVERYTHING):
        if not is_destroyed(own, standing):
            for case in CASES:
                frozen = replace(standing, freezes=standing.freezes | {case})
                assert not is_destroyed(own, frozen)
            for hold in (HOLD, replace(HOLD, until=LATER), replace(HOLD, until=PAST)):
                assert not is_destroyed(own, replace(standing, holds=(*standing.holds, hold)))


@given(BOUNDS)
def test_until_is_when_the_outcome_changes(own: Bounds) -> None:
    """What people read as a date is one."""
    found = decide(own, NOTHING_STANDS, NOW)
    if found.until:
        before = decide(own, NOTHING_STANDS, found.until - timedelta(microseconds=1))
        assert before.outcome is found.outcome
        assert decide(own, NOTHING_STANDS, found.until).outcome is not found.outcome


def test_a_second_reading_of_the_page_decides_the_same() -> None:
    """Random policies, recordings, cases and moments: written from the document alone."""
    dice = random.Random(39)  # noqa: S311  # the same cases every time
    seen = Counter[str]()
    for _ in range(4_000):
        own, others, rules = (
            a_call(dice),
            [a_call(dice)],
            policy(*some_rules(dice), calendars=ZONES),
        )
        above = replace(dice.choice(EVERYTHING), problems=dice.choice(((), (), (), ("clock",))))
        for asset in (Asset.AUDIO, Asset.METADATA):
            now = NOW + timedelta(days=dice.randint(-900, 2_500))
            found = decide(bounds(rules, own, asset, others), above, now).outcome
            assert found == oracle.outcome(rules, own, others, asset, above, now)
            seen[found] += 1
    assert min(seen[each] for each in Outcome) > 20


ZONES = Calendars(zone=ZoneInfo("Asia/Tokyo"), of_controllers={"acme": ZoneInfo("Europe/Berlin")})


def a_call(dice: random.Random) -> Facts:
    """Mostly known, at most times of the year, the ends of months among them."""
    ended = datetime(2025, dice.randint(1, 12), 28, 14, 59, tzinfo=UTC)
    ended += timedelta(days=dice.randint(0, 4), hours=dice.randint(0, 2))
    values: dict[AttributeKind, frozenset[str] | None] = {
        kind: frozenset(dice.sample(("a", "b", "acme"), dice.randint(0, 1)))
        for kind in AttributeKind
    }
    if not dice.randint(0, 9):
        values[dice.choice((AttributeKind.TAG, AttributeKind.CONTROLLER))] = None
    happened: dict[str, date | None] = {CALL_END: ended}
    if dice.randint(0, 3):
        happened["contract_end"] = dice.choice((None, date(2026, 2, 28), ended))
    return Facts(values=values, happened=happened)


def some_rules(dice: random.Random) -> list[RetentionRule]:
    """Up to five, about audio, metadata or both."""
    return [a_rule(f"r{at}", dice) for at in range(dice.randint(0, 5))]


def a_rule(own: str, dice: random.Random) -> RetentionRule:
    """Any of them."""
    kinds = (AttributeKind.TAG, AttributeKind.QUEUE, AttributeKind.CONTROLLER)
    some = {kind: frozenset({dice.choice("ab")}) for kind in dice.sample(kinds, dice.randint(0, 1))}
    match = Match(some) if dice.randint(0, 2) else Match({}, some)
    lengths = ("", "", "P30D", "P1M", "P1Y", "P1Y1M3D", "P5Y")
    assets = dice.sample((Asset.AUDIO, Asset.METADATA), dice.randint(1, 2))
    told = {
        each: terms(dice.choice(lengths), dice.choice((*lengths, Never.NEVER))) for each in assets
    }
    counting = Counting(
        begins=dice.choice((CALL_END, CALL_END, "contract_end")),
        counted_from=dice.choice(("event", "event", "next_month", "fiscal_year")),
    )
    return RetentionRule(
        id=own, terms=told, rank=dice.choice(tuple(Rank)), match=match, counting=counting,
        specificity=dice.choice((match.specificity, 0, 9)),
        minimum=Minimum(whole_conversation=not dice.randint(0, 4)),
    )  # fmt: skip
