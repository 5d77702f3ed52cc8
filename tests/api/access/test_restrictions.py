"""What is stored of restrictions is made what the policy says."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.access.restrictions import outdated
from archive.call.corrections import QueueCorrected
from archive.catalog.access.grants import Ask, CorrectGrant, grant
from archive.catalog.database.engine import reading, writing
from archive.catalog.index.amendment import correct
from archive.catalog.register.use_limits import LimitChange, UseLimit, limits_of, write_limits
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from archive.moments import EPOCH, microseconds
from retention.rules.rule import Rank, RetentionRule
from tests.archive.catalog.examples import (
    NOW_US,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    recording_id,
)
from tests.archive.catalog.plans import listening
from tests.retention.examples import rule
from tests.support.catalog.reach import routed
from tests.support.retention.limits import DAY_US, LAW, SHORT, revise

OWN = recording_id(1)
LONG = rule("long", after="P1Y")
# The call ended on 29 October in Tokyo: a day after that one is over when 31 October begins.
DAY_OVER_US = microseconds(EPOCH + timedelta(microseconds=1_793_372_400_000_000))
DUTY = frozenset({"legal_duty"})


def judged(engine: Engine, now_us: int = NOW_US) -> dict[str, UseLimit]:
    """What is stored once it was judged; judged again nothing changes."""
    with writing(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        write_limits(connection, tenant, outdated(connection, DEFAULT_TENANT, [OWN], now_us))
        assert outdated(connection, DEFAULT_TENANT, [OWN], now_us) == ()
        return dict(limits_of(connection, tenant, [OWN]).get(OWN, {}))


def test_a_restriction_is_stored_ahead_for_the_moment_of_the_maximum(tmp_path: Path) -> None:
    """Time that passes needs nobody to write; what is told of the call goes with its audio."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    revise(engine, LAW, SHORT)
    limit = UseLimit(from_us=DAY_OVER_US, purposes=DUTY, revision=1)

    assert judged(engine, NOW_US - 29 * DAY_US) == {"audio": limit, "metadata": limit}


@pytest.mark.parametrize("rules", [(LAW,), (SHORT,), (rule("law", at_least="P1D"), LONG)])
def test_what_no_minimum_keeps_past_its_maximum_is_not_restricted(
    tmp_path: Path, rules: tuple[RetentionRule, ...]
) -> None:
    """Nor by a policy that restricts others."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    revise(engine, *rules)

    assert judged(engine) == {}


def test_a_revision_that_cools_off_is_stored_ahead_and_one_that_lifts_is_not(
    tmp_path: Path,
) -> None:
    """From the moment on at which it is in force nothing may be left to be looked at."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    revise(engine, LAW)
    revise(engine, LAW, SHORT, in_force_us=NOW_US + DAY_US)
    ahead = judged(engine)
    revise(engine, LAW, in_force_us=NOW_US + 2 * DAY_US)
    after = judged(engine, NOW_US + DAY_US)
    lifted = judged(engine, NOW_US + 2 * DAY_US)

    assert ahead["audio"] == UseLimit(from_us=NOW_US + DAY_US, purposes=DUTY, revision=2)
    assert after["audio"] == UseLimit(from_us=DAY_OVER_US, purposes=DUTY, revision=2)
    assert lifted == {}


def test_a_correction_restricts_and_frees(tmp_path: Path) -> None:
    """Another queue has other rules."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, (*inbound(), routed("support", ""))))
    revise(engine, LAW, rule("short", after="P1D", queue="loans"))
    found = [judged(engine)]
    for queue in ("loans", "support"):
        asked = Ask(access=access(), target=OWN)
        granted = grant(engine, CorrectGrant, asked)
        with writing(engine) as connection:
            correct(connection, OWN, QueueCorrected(queue=queue), "it was", granted)
        found.append(judged(engine))

    assert [set(each) for each in found] == [set(), {"audio", "metadata"}, set()]


def test_what_becomes_unknown_stays_restricted_and_may_become_stricter(tmp_path: Path) -> None:
    """A part that is missing, or an index that is being rebuilt, shows nothing again."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, is_last=False))
    revise(engine, rule("law", at_least="P10Y", rank=Rank.LAW, queue="loans"), SHORT)
    stored = UseLimit(from_us=DAY_OVER_US, purposes=DUTY | {"dispute"}, revision=1)
    with writing(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        change = LimitChange(recording=OWN, asset="audio", limit=stored)
        write_limits(connection, tenant, [change])

    assert judged(engine)["audio"] == stored


def test_a_policy_that_restricts_nothing_reads_no_recording(tmp_path: Path) -> None:
    """As shipped, every question would be longer for nothing."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    with listening(engine) as asked, reading(engine) as connection:
        assert outdated(connection, DEFAULT_TENANT, [OWN], NOW_US) == ()

    assert [each.sql for each in asked if " FROM recording" in each.sql.replace("\n", " ")] == []
