"""What must go, read out of a whole archive: beside judging each recording."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine

from api.destruction.due_recordings import due_recordings, must_go
from archive.catalog.database.engine import reading
from archive.ids import DEFAULT_TENANT
from archive.moments import EPOCH, microseconds
from retention.policies.policy import RetentionPolicy
from retention.policies.revision import Revision
from retention.policies.shipped_policy import SHIPPED
from retention.runner.judgement.policy_history import PolicyHistory
from retention.runner.judgement.recording_verdicts import Verdict, all_verdicts
from tests.archive.catalog.examples import NOW_US
from tests.retention.examples import policy, rule
from tests.support.retention.archive_simulation import REVISIONS, SUPPOSED, calls as calls, moments

NOW = EPOCH + timedelta(microseconds=NOW_US)


def judged_by(patch: pytest.MonkeyPatch, revisions: tuple[Revision, ...], now: datetime) -> None:
    """Have these revisions be those of the register."""
    history = PolicyHistory(stored=(), revisions=revisions, now=now)
    patch.setattr(PolicyHistory, "read", lambda *_: history)


def both(engine: Engine, now: datetime) -> tuple[list[Verdict], list[Verdict]]:
    """What is due, and what is due when each is judged, in the same order."""
    now_us = microseconds(now)
    with reading(engine) as connection:
        found = list(due_recordings(connection, DEFAULT_TENANT, now_us))
    with reading(engine) as connection:
        every = list(filter(must_go, all_verdicts(connection, DEFAULT_TENANT, now_us)))
    return found, sorted(every, key=lambda own: (not own.is_ordered, own.due_at, own.recording))


@given(SUPPOSED, REVISIONS, moments())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_what_is_due_is_what_is_due_when_each_is_judged(
    calls: Engine,
    own: RetentionPolicy,
    revisions: tuple[Revision, ...],
    now: datetime,
) -> None:
    """Whatever the policies, their zones, whole conversations, numbers, holds and the clock."""
    latest = Revision(number=len(revisions), policy=own, in_force_at=EPOCH, is_retroactive=False)
    with pytest.MonkeyPatch.context() as patch:
        judged_by(patch, (*revisions, latest), now)
        found, every = both(calls, now)

    assert sorted(found, key=lambda own: own.recording) == sorted(
        every, key=lambda own: own.recording
    )
    assert [each.due_at for each in found] == [each.due_at for each in every]


@pytest.mark.parametrize("most", [0, 4])
def test_more_sets_of_numbers_than_are_tried_are_judged_one_by_one(
    calls: Engine,
    most: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Slower, and no less right; what is due the longest comes first in both ways."""
    numbers = rule("n", queue="support", after="P1D")
    revision = Revision(
        number=1, policy=policy(numbers, rule("all", after="P2D")), in_force_at=EPOCH,
        is_retroactive=True,
    )  # fmt: skip
    monkeypatch.setattr("api.destruction.due_recordings._MAX_SETS", most)
    judged_by(monkeypatch, (SHIPPED, revision), NOW)
    found, every = both(calls, NOW)

    assert found == every
    assert len(found) > 10
