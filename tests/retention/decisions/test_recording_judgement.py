"""What a policy makes of recordings."""

from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from archive.lifecycle.recording_values import RetainedRecording
from archive.moments import EPOCH
from retention.decisions.decision import Erasure, NoEnd, Outcome, Problem, Standing
from retention.decisions.recording_judgement import PARTS_MISSING, Judgement, judge_all
from retention.policies.policy import Calendars
from retention.policies.revision import Revision
from retention.rules.deadline import FOREVER
from tests.api.retained import retained, revision
from tests.retention.examples import CALLED, WHOLE, policy, rule
from tests.support.retention.judgement import NOW


def judged(*found: RetainedRecording, by: tuple[Revision, ...] = ()) -> list[Judgement]:
    return list(judge_all(found, by, NOW, {}))


def test_without_a_revision_that_is_for_it_the_shipped_policy_keeps_it() -> None:
    """Nobody has said when anything goes."""
    (found,) = judged(retained())

    assert found.revision.number == 0
    assert found.audio.decision.outcome is Outcome.KEEP
    assert found.audio.bounds.due_at == found.metadata.bounds.due_at == FOREVER


def test_the_latest_revision_that_is_for_it_judges_it() -> None:
    """One that came into force after the call is for calls to come."""
    early = revision(1, rule("a", after="P1Y"))
    late = Revision(
        number=2, policy=policy(rule("b", after="P1D")), in_force_at=NOW, is_retroactive=False
    )
    found, running = judged(retained(), retained(2, ended_us=None), by=(early, late))

    assert found.revision is early
    assert found.audio.bounds.ceiling is not None
    assert found.audio.bounds.ceiling.rules == ("a",)
    assert running.revision is late


def test_a_day_is_one_of_the_controller_s() -> None:
    """The call ended at noon in Tokyo, when it was early morning in Berlin."""
    zones = Calendars(
        zone=ZoneInfo("Asia/Tokyo"), of_controllers={"acme": ZoneInfo("Europe/Berlin")}
    )
    by = Revision(
        number=1,
        policy=policy(rule("a", after="P1Y"), calendars=zones),
        in_force_at=EPOCH,
        is_retroactive=True,
    )
    (found,) = judged(retained(controller="acme"), by=(by,))

    assert found.calendar.zone.key == "Europe/Berlin"
    assert found.last_day(found.audio.bounds.due_at) == date(2027, 4, 1)
    assert found.last_day(FOREVER) is None


def test_the_recordings_of_its_own_conversation_may_keep_it() -> None:
    """Those of another one do not."""
    whole = rule("law", queue="loans", at_least="P10Y", minimum=WHOLE)
    by = (revision(1, whole, rule("all", after="P1D")),)
    first, _, other = judged(
        retained(1, call=9), retained(2, call=9, queue="loans"), retained(3), by=by
    )

    assert first.audio.decision.outcome is Outcome.RESTRICT
    assert other.audio.decision.outcome is Outcome.DESTROY


def test_it_is_decided_at_the_moment_that_is_given() -> None:
    """The day on which it is due is the first on which it goes."""
    by = (revision(1, rule("a", after="P1D")),)
    (found,) = judge_all([retained()], by, CALLED, {})
    due_at = found.audio.bounds.due_at
    (before,) = judge_all([retained()], by, due_at - timedelta(seconds=1), {})
    (after,) = judge_all([retained()], by, due_at, {})

    assert before.audio.decision.outcome is Outcome.KEEP
    assert after.audio.decision.outcome is Outcome.DESTROY
    assert NoEnd() not in after.audio.decision.because


@pytest.mark.parametrize("kind", ["granted", "court"])
def test_an_erasure_waits_until_all_parts_are_here(kind: Literal["granted", "court"]) -> None:
    """What is still to come would be left; by the shipped policy too, which asks for nothing."""
    partial, whole = retained(ended_us=None), retained(2)
    above = Standing(erasures=(Erasure("C-1", kind, CALLED),))
    standing = {each.recording: above for each in (partial, whole)}

    waits, goes = judge_all([partial, whole], (), NOW, standing)

    assert waits.audio.decision.outcome is Outcome.KEEP
    assert waits.audio.decision.because[0] == Problem(PARTS_MISSING)
    assert waits.audio.decision.suspended == {"C-1"}
    assert goes.audio.decision.outcome is Outcome.DESTROY
