"""Why a call is kept, over a real catalog."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, Engine

from archive.catalog.access.grants import Ask, ReadGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.retention.retained import all_retained, retained_of
from archive.catalog.search.call_course import RecordingCourse, read_course
from archive.catalog.search.calls import everything
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, RecordingId
from archive.moments import EPOCH
from retention.decisions.bounds import bounds
from retention.decisions.decision import NOTHING_STANDS, decide
from retention.decisions.recording_judgement import judge_all
from retention.policies.policy import RetentionPolicy
from retention.policies.revision import Revision
from retention.rules.conditions import CALL_END, AttributeKind, Facts
from tests.archive.catalog.examples import NOW_US, access
from tests.support.retention.explanations import POLICIES, VALUES, archive

NOW = EPOCH + timedelta(microseconds=NOW_US)


def shown(connection: Connection, engine: Engine, own: RecordingId) -> RecordingCourse:
    """What `calls show` shows of it."""
    granted = grant(engine, ReadGrant, Ask(access=access(), target=own))
    (course,) = read_course(connection, own, granted)
    return course


def as_shown(course: RecordingCourse) -> Facts:
    """The same facts, made of what people are shown, by the sentences of the document."""
    found, legs = course.found, course.found.legs
    if found.state == "partial":
        return Facts(values=dict.fromkeys(AttributeKind))
    marks = {(kind, value.casefold()) for kind, value in course.amended.marks}

    def marked(kind: str) -> frozenset[str]:
        return frozenset(value for own, value in marks if own == kind)

    agents = frozenset(each.agent.agent_id.casefold() for each in legs if each.agent.agent_id)
    is_unnamed = any(each.side != "customer" and not each.agent.agent_id for each in legs)
    numbers = {text for each in legs for text in (each.number.raw, each.number.e164) if text}
    tags = marked("tag")
    happened: dict[str, datetime | None] = {
        CALL_END: EPOCH + timedelta(microseconds=found.ended_us)
    }
    if agents and not is_unnamed:
        happened["agent_left"] = None
    if "contract:k-1" in tags:
        happened["contract_end"] = None
    if "basis:contract" in tags:
        happened["event:basis"] = None
    return Facts(
        values={
            AttributeKind.TAG: tags,
            AttributeKind.QUEUE: marked("queue"),
            AttributeKind.CONTROLLER: marked("controller"),
            AttributeKind.PURPOSE: marked("purpose"),
            AttributeKind.AGENT: None if is_unnamed else agents,
            # A17 is the only one of the table.
            AttributeKind.TEAM: None if is_unnamed else frozenset("loans" for _ in agents),
            AttributeKind.NUMBER: None if "anonymous" in numbers else frozenset(numbers),
            AttributeKind.DIRECTION: frozenset({found.direction}),
            AttributeKind.SOURCE: frozenset({found.source}),
            AttributeKind.BASIS: frozenset({"contract"} if "basis:contract" in tags else ()),
            AttributeKind.NOTICE: frozenset(),
            AttributeKind.REFUSAL: frozenset(),
        },
        happened=happened,
    )


@contextmanager
def opened(engine: Engine) -> Iterator[tuple[Connection, int]]:
    with reading(engine) as connection:
        yield connection, tenant_row(connection, DEFAULT_TENANT)


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The archive, and for all examples the same."""
    return archive(tmp_path_factory.mktemp("calls"))


@pytest.fixture(scope="module")
def facts(calls: Engine) -> dict[RecordingId, tuple[Facts, list[Facts]]]:
    """Of each recording its own, and those of the rest of its conversation."""
    with opened(calls) as (connection, _):
        courses = [
            shown(connection, calls, each) for each in everything(connection, DEFAULT_TENANT)
        ]
    return {
        one.found.recording: (
            as_shown(one),
            [
                as_shown(each)
                for each in courses
                if each is not one and each.found.conversation == one.found.conversation
            ],
        )
        for one in courses
    }


@given(POLICIES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_explained_is_what_the_evaluator_decides_of_what_is_shown(
    calls: Engine, facts: dict[RecordingId, tuple[Facts, list[Facts]]], own: RetentionPolicy
) -> None:
    """Made anew of what people are shown of each call, whatever the policy."""
    by = Revision(number=1, policy=own, in_force_at=EPOCH, is_retroactive=True)
    with opened(calls) as (connection, tenant):
        found = retained_of(connection, tenant, list(facts))
        batches = [each for batch in all_retained(connection, tenant) for each in batch]
    judged = list(judge_all(found, [by], NOW, {}))

    assert {each.recording for each in batches} == set(facts)
    assert sorted(batches, key=lambda one: one.recording) == sorted(
        found, key=lambda one: one.recording
    )
    for each in judged:
        alone, others = facts[each.found.recording]
        for thing in (each.audio, each.metadata):
            made = bounds(own, alone, thing.asset, others)
            assert thing.bounds == made
            assert thing.decision == decide(made, NOTHING_STANDS, NOW)


def test_the_archive_has_what_rules_tell_apart(
    facts: dict[RecordingId, tuple[Facts, list[Facts]]],
) -> None:
    """Else the test above shows nothing."""
    own = [each for each, _ in facts.values()]
    seen = {
        (kind, value) for each in own for kind in VALUES for value in each.values[kind] or {None}
    }

    assert {
        (kind, None) for kind in (AttributeKind.AGENT, AttributeKind.NUMBER, AttributeKind.TAG)
    } <= seen
    assert {
        (AttributeKind.QUEUE, "sales"),
        (AttributeKind.TEAM, "loans"),
        (AttributeKind.BASIS, "contract"),
    } <= seen
    assert any(others for _, others in facts.values())
