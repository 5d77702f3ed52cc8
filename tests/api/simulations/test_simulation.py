"""What another policy would make of an archive."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

import pytest

from api.simulations.facts_calendar import FactsEnd
from api.simulations.simulation import Change, Simulated, Simulation, Sum, Supposition, Then
from retention.decisions.decision import Hold, Outcome, Standing
from retention.decisions.recording_judgement import judge_all
from retention.rules.rule import Asset, Rank, RetentionRule
from tests.api.retained import retained, revision
from tests.retention.examples import policy, rule, terms
from tests.support.retention.judgement import NOW

TODAY = revision(3, rule("today", after="P1Y"))


def supposed(*rules: RetentionRule, now: datetime = NOW) -> Supposition:
    return Supposition(policy=policy(*rules), revisions=(TODAY,), now=now)


def one(*rules: RetentionRule, **values: str | None) -> Simulated:
    (found,) = supposed(*rules).of([retained(**values)], {})  # type: ignore[arg-type]  # all values
    return found


@pytest.mark.parametrize(
    ("after", "change", "stands", "month"),
    [
        ("P1D", Change.NEWLY_DUE, Then.DUE, "2026-04"),
        ("P11M", Change.EARLIER, Then.DATED, "2027-03"),
        ("P1Y", Change.SAME, Then.DATED, "2027-04"),
        ("P2Y", Change.LATER, Then.DATED, "2028-04"),
        ("never", Change.LATER, Then.NO_END, ""),
    ],
)
def test_each_recording_changes_in_one_way_and_then_stands_in_one(
    after: str, change: Change, stands: Then, month: str
) -> None:
    """Today it goes after a year; it ended in April."""
    found = one(rule("new", after=after))

    assert (found.change, found.stands, found.then.month) == (change, stands, month)


def test_what_a_minimum_keeps_and_what_is_not_known_is_told_apart() -> None:
    """Both are not gone; of the second nobody knows when it goes."""
    kept = one(rule("new", after="P1D"), rule("law", at_least="P10Y", rank=Rank.LAW))
    unknown = one(rule("new", queue="support", after="P1D"), queue=None)

    assert (kept.stands, kept.change) == (Then.PROTECTED, Change.LATER)
    assert (unknown.stands, unknown.change, unknown.then.month) == (Then.UNKNOWN, Change.LATER, "")


def test_what_is_held_is_protected_and_does_not_go_whatever_the_policy() -> None:
    """Its day comes back when the hold is released; until then nothing about it changes."""
    own = retained()
    held = {own.recording: Standing(holds=(Hold("1", "M-1"),))}
    (found,) = supposed(rule("new", after="P1D")).of([own], held)

    assert (found.stands, found.change, found.then.month) == (Then.PROTECTED, Change.SAME, "")


def test_what_is_due_today_already_is_not_newly_due() -> None:
    """It is not the new policy that destroys it."""
    what = Supposition(
        policy=policy(rule("new", after="P2D")),
        revisions=(revision(3, rule("today", after="P3D")),),
        now=NOW,
    )
    (found,) = what.of([retained()], {})

    assert (found.change, found.stands) == (Change.EARLIER, Then.DUE)


def test_sums_are_those_of_each_one_and_of_the_whole() -> None:
    """Batch after batch; nothing is counted twice or left out."""
    what = supposed(rule("all", after="P2Y"), rule("support", queue="support", after="P1D"))
    found = [retained(at, queue="support" if at % 3 else "") for at in range(1, 8)]
    sums = Simulation()
    for batch in (found[:4], found[4:]):
        sums.add_all(what.of(batch, {}))
    each = list(what.of(found, {}))

    assert sums.whole == Sum(7, 7_000)
    assert {key: own.recordings for key, own in sums.changes.items() if own.recordings} == Counter(
        one.change for one in each
    )
    assert {key: own.recordings for key, own in sums.stands.items() if own.recordings} == Counter(
        one.stands for one in each
    )
    assert sums.months == {"2026-04": Sum(5, 5_000), "2028-04": Sum(2, 2_000)}
    assert sum(own.size_bytes for own in sums.changes.values()) == 7_000


@pytest.mark.parametrize(
    ("told", "month"), [("P1M", None), ("P1Y", None), ("P3Y", "2029-04"), ("never", "")]
)
def test_facts_are_in_a_calendar_of_their_own_where_they_outlive_the_audio(
    told: str, month: str | None
) -> None:
    """Those that go with the audio are in its calendar; today nothing is said of them."""
    longer = {Asset.AUDIO: terms("", "P1Y"), Asset.METADATA: terms("", told)}
    what = supposed(replace(rule("new"), terms=longer))
    (found,) = what.with_facts.of([retained()], {})

    assert found.facts_end == FactsEnd(today=None, then=month)
    assert what.with_facts.assets == (Asset.AUDIO, Asset.METADATA)
    assert supposed(rule("new", after="P1Y")).with_facts.assets == (Asset.AUDIO,)


def test_an_archive_of_nothing_has_no_sums() -> None:
    """And none is made up."""
    sums = Simulation()
    sums.add_all(supposed().of([], {}))

    assert (sums.whole, sums.months) == (Sum(), {})


def test_what_is_shown_before_is_what_is_explained_after() -> None:
    """When the policy is taken over for what is there, each is judged as it was simulated."""
    rules = (rule("all", after="P2Y"), rule("support", queue="support", after="P1D"))
    found = [retained(at, queue="support" if at % 3 else "") for at in range(1, 8)]
    before = list(supposed(*rules).of(found, {}))
    after = list(judge_all(found, [TODAY, revision(4, *rules)], NOW, {}))

    assert [each.then.at for each in before] == [each.audio.bounds.due_at for each in after]
    assert [each.stands is Then.DUE for each in before] == [
        each.audio.decision.outcome is Outcome.DESTROY for each in after
    ]
