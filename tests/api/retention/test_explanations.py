"""Why a call is kept, over a real catalog."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import Connection, Engine

from api.retention.judgement import judge_all
from archive.catalog.agents import import_agents
from archive.catalog.calls import everything
from archive.catalog.course import RecordingCourse, read_course
from archive.catalog.engine import reading
from archive.catalog.query import EPOCH
from archive.catalog.retained import all_retained, retained_of
from archive.catalog.tenants import tenant_row
from archive.events import Event, RouteTaken
from archive.grants import Ask, ReadGrant, grant
from archive.ids import DEFAULT_TENANT, RecordingId
from retention.attributes import CALL_END, Facts, Kind
from retention.bounds import bounds
from retention.decision import NOTHING_STANDS, decide
from retention.match import Match
from retention.policy import RetentionPolicy
from retention.revision import Revision
from retention.rule import Minimum, Rank
from tests.archive.catalog.examples import (
    NOW_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    of_group,
)
from tests.archive.catalog.test_retained import AGENTS
from tests.retention.examples import TOKYO as IN_TOKYO, rule

NOW = EPOCH + timedelta(microseconds=NOW_US)
VALUES: dict[Kind, list[str]] = {
    Kind.TAG: ["vip", "contract:k-1"],
    Kind.QUEUE: ["support", "sales"],
    Kind.CONTROLLER: ["acme"],
    Kind.AGENT: ["a17"],
    Kind.TEAM: ["loans"],
    Kind.NUMBER: ["2001", "+81312*", "+8190*"],
    Kind.DIRECTION: ["inbound", "unknown"],
    Kind.SOURCE: ["sbc-tokyo", "elsewhere"],
    Kind.BASIS: ["contract"],
    Kind.NOTICE: ["none"],
}


def routed(queue: str, *tags: str, controller: str = "") -> Event:
    return RouteTaken(
        at_us=STARTED_US, route="r", target="t", mode="yes", queue=queue, purpose="",
        controller=controller, tags=tags,
    )  # fmt: skip


def archive(folder: Path) -> Engine:
    """Calls of every kind that rules tell apart; two are of one conversation, one is up."""
    engine = new_catalog(folder)
    import_agents(engine, AGENTS.encode(), TOKYO, access())
    adopt(
        engine,
        adoption(1),
        adoption(2, (*inbound(), routed("Support", "VIP", "basis:contract", controller="Acme"))),
        adoption(3, (*inbound(), routed("sales", "contract:K-1"), of_group("g"))),
        adoption(4, (*inbound(agent="sip:2002@pbx.example"), of_group("g"))),
        adoption(5, inbound(customer="sip:anonymous@anonymous.invalid")),
        adoption(6, is_last=False),
        adoption(7, inbound(customer="sip:+819012345678@carrier.example")),
    )
    return engine


def shown(connection: Connection, engine: Engine, own: RecordingId) -> RecordingCourse:
    """What `calls show` shows of it."""
    granted = grant(engine, ReadGrant, Ask(access=access(), target=own))
    (course,) = read_course(connection, own, granted)
    return course


def as_shown(course: RecordingCourse) -> Facts:
    """The same facts, made of what people are shown, by the sentences of the document."""
    found, legs = course.found, course.found.legs
    if found.state == "partial":
        return Facts(values=dict.fromkeys(Kind))
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
            Kind.TAG: tags,
            Kind.QUEUE: marked("queue"),
            Kind.CONTROLLER: marked("controller"),
            Kind.PURPOSE: marked("purpose"),
            Kind.AGENT: None if is_unnamed else agents,
            # A17 is the only one of the table.
            Kind.TEAM: None if is_unnamed else frozenset("loans" for _ in agents),
            Kind.NUMBER: None if "anonymous" in numbers else frozenset(numbers),
            Kind.DIRECTION: frozenset({found.direction}),
            Kind.SOURCE: frozenset({found.source}),
            Kind.BASIS: frozenset({"contract"} if "basis:contract" in tags else ()),
            Kind.NOTICE: frozenset(),
            Kind.REFUSAL: frozenset(),
        },
        happened=happened,
    )


def matches() -> st.SearchStrategy[Match]:
    kinds = st.dictionaries(st.sampled_from(sorted(VALUES)), st.integers(0, 2), max_size=2)
    values = kinds.map(
        lambda named: {
            kind: frozenset({VALUES[kind][at % len(VALUES[kind])]}) for kind, at in named.items()
        }
    )
    return st.builds(Match, values, values)


RULES = st.tuples(
    st.sampled_from(Rank),
    matches(),
    st.sampled_from(["", "P1D", "P1Y"]),
    st.sampled_from(["", "P1D", "P10Y"]),
    st.sampled_from([CALL_END, CALL_END, "contract_end", "agent_left"]),
    st.booleans(),
)
POLICIES = st.lists(RULES, min_size=1, max_size=4).map(
    lambda drawn: RetentionPolicy(
        rules=tuple(
            rule(
                f"r{at}", rank=rank, match=match, at_least=at_least, after=after, begins=begins,
                specificity=match.specificity, minimum=Minimum(whole_conversation=whole),
            )
            for at, (rank, match, at_least, after, begins, whole) in enumerate(drawn)
        ),
        calendars=IN_TOKYO,
    )
)  # fmt: skip


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

    assert {(kind, None) for kind in (Kind.AGENT, Kind.NUMBER, Kind.TAG)} <= seen
    assert {(Kind.QUEUE, "sales"), (Kind.TEAM, "loans"), (Kind.BASIS, "contract")} <= seen
    assert any(others for _, others in facts.values())
