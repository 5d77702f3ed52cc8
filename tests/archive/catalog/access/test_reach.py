"""What lies outside a reach, or was made for another purpose, is in no answer."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import example, given, settings, strategies as st
from sqlalchemy import Engine, select

from archive.access.query import SearchQuery
from archive.access.reach import EVERYWHERE, Reach, ReachFacts, ReachRule, Within, reaches
from archive.catalog.access.grants import Access, Ask, ReadGrant, SearchGrant, grant
from archive.catalog.access.reach import within as within_of
from archive.catalog.database.engine import reading
from archive.catalog.index.agents import import_agents
from archive.catalog.search.calls import Sight, read_call, sight
from archive.catalog.search.search import search
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import (
    OTHER_TENANT,
    TOKYO,
    access,
    adopt,
    adoption,
    catalog_with,
    inbound,
    new_catalog,
    recording_id,
)
from tests.support.catalog.query import october
from tests.support.catalog.reach import (
    CONTROLLERS,
    QUEUES,
    SEATS,
    TEAMS,
    Told,
    call,
    put_three,
    routed,
)

OCTOBER = october("2026-10-01T00:00", "2026-11-01T00:00")
SUPPORT: Reach = (ReachRule(queues=frozenset({"support"})),)


def within(reach: Reach, purpose: str = "") -> Access:
    """Who asks."""
    return replace(access(), within=Within(reach=reach, purpose=purpose))


@pytest.mark.parametrize(
    ("allowed", "found"),
    [
        (within(EVERYWHERE), {1, 2, 3}),
        (within(SUPPORT), {1}),
        (within((ReachRule(controllers=frozenset({"acme"})),)), {1, 2}),
        (within((ReachRule(numbers=frozenset({"+81312*"})),)), {1, 2, 3}),
        (within((ReachRule(numbers=frozenset({"9001-9099"})),)), set()),
        (within((ReachRule(queues=frozenset({"support"}), numbers=frozenset({"9*"})),)), set()),
        (within((ReachRule(teams=frozenset({"nobody"})),)), set()),
        (within(()), set()),
        (within(EVERYWHERE, "quality"), {1, 3}),
        (within(EVERYWHERE, "training"), {2, 3}),
        (within(SUPPORT, "training"), set()),
    ],
)
def test_a_search_and_a_look_find_what_is_within(
    tmp_path: Path, allowed: Access, found: set[int]
) -> None:
    """Of three calls two have a route; the third has no purpose, so every one."""
    engine = catalog_with(tmp_path, put_three)
    granted = grant(engine, SearchGrant, Ask(access=allowed))
    with reading(engine) as connection:
        page = search(connection, SearchQuery(window=october()), granted)
        seen = {
            number
            for number in (1, 2, 3)
            if sight(connection, DEFAULT_TENANT, allowed.within, recording_id(number))
            is Sight.COVERED
        }
    shown = set()
    for number in (1, 2, 3):
        target = recording_id(number)
        one = grant(engine, ReadGrant, Ask(access=allowed, target=target))
        with reading(engine) as connection:
            shown |= {number for _ in read_call(connection, target, one)}

    assert {each.recording for each in page.found} == set(map(recording_id, found))
    assert seen == shown == found


def test_what_a_purpose_does_not_cover_is_there_and_what_is_out_of_reach_is_not(
    tmp_path: Path,
) -> None:
    """The one may be asked for again with another purpose; of the other nobody is told."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, (*inbound(), routed("support", "quality"))))
    with reading(engine) as connection:
        uncovered = sight(
            connection, DEFAULT_TENANT, Within(reach=SUPPORT, purpose="training"), recording_id(1)
        )
        out = sight(
            connection,
            DEFAULT_TENANT,
            Within(reach=(ReachRule(queues=frozenset({"sales"})),), purpose="training"),
            recording_id(1),
        )

    assert (uncovered, out) == (Sight.UNCOVERED, Sight.NOTHING)


CUSTOMERS = ("+81312340001", "+81312340002", "+81455000001")
CALLS = tuple(Told(*each) for each in product(QUEUES, CONTROLLERS, TEAMS, CUSTOMERS))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Every combination, each a recording of its place; and the same of another tenant."""
    engine = new_catalog(tmp_path_factory.mktemp("reach"))
    head = "agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to,team"
    rows = [f"A{seat},n{seat},,,,{seat},,,{team}" for team, seat in SEATS.items()]
    table = "\n".join((head, *rows)).encode()
    for tenant in (DEFAULT_TENANT, OTHER_TENANT):
        import_agents(engine, table, TOKYO, access(tenant))
        adopt(
            engine,
            *(adoption(at, call(told), tenant=tenant) for at, told in enumerate(CALLS, start=1)),
        )
    return engine


def holds(rule: ReachRule, told: Told) -> bool:
    """The rule in other words: numbers are compared as numbers."""
    numbers = (told.customer, SEATS[told.team])
    return (
        (not rule.queues or told.queue in rule.queues)
        and (not rule.controllers or told.controller.casefold() in rule.controllers)
        and (not rule.teams or told.team.casefold() in rule.teams)
        and (not rule.numbers or any(_lies(n, text) for n in numbers for text in rule.numbers))
    )


def _lies(number: str, text: str) -> bool:
    if text.endswith("*"):
        return number.startswith(text[:-1])
    first, _, last = text.partition("-")
    last = last or first
    is_alike = len(number) == len(first) and number.startswith("+") is first.startswith("+")
    return is_alike and int(first) <= int(number) <= int(last)


def some(values: Sequence[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


RULES = st.builds(
    ReachRule,
    queues=some(("support", "sales", "nowhere")),
    controllers=some(("acme k.k.", "nobody")),
    teams=some(("red", "東京", "blue")),
    numbers=some(
        ("+81312*", "+81312340001-+81312340002", "1001-1002", "1003", "+814*", "0-9", "10*")
    ),
)


@given(reach=st.lists(RULES, max_size=3).map(tuple))
@settings(deadline=None, max_examples=150)
@example(reach=EVERYWHERE)
@example(reach=())
def test_what_is_within_is_what_the_rules_say_call_by_call(scene: Engine, reach: Reach) -> None:
    """Beside a reckoning that knows no SQL: no call too many, no call of another tenant, none
    missing."""
    expected = {
        at for at, told in enumerate(CALLS, start=1) if any(holds(rule, told) for rule in reach)
    }
    with reading(scene) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        rows = connection.scalars(
            select(recording.c.id).where(
                recording.c.tenant == tenant, *within_of(tenant, Within(reach=reach))
            )
        )
        found = list(rows)

    assert sorted(found) == sorted(recording_id(at).raw for at in expected)


def pages_of(scene: Engine, reach: Reach) -> list[bytes]:
    """Every page of a search, one after another."""
    found: list[bytes] = []
    query: SearchQuery | None = SearchQuery(window=OCTOBER, limit=2)
    with reading(scene) as connection:
        granted = grant(scene, SearchGrant, Ask(access=within(reach)))
        while query is not None:
            page = search(connection, query, granted)
            found += [each.recording.raw for each in page.found]
            query = replace(query, after=page.next_cursor) if page.next_cursor else None
    return found


@given(reach=st.lists(RULES, max_size=3).map(tuple), walked=st.integers(1, 5))
@settings(deadline=None, max_examples=20)
@example(reach=(ReachRule(teams=frozenset({"red"})),), walked=1)
def test_a_reach_that_leads_the_way_leads_to_the_same_calls(
    scene: Engine, reach: Reach, walked: int
) -> None:
    """In the same order, each once, whatever lies between what the window and what the reach led
    to."""
    by_window = pages_of(scene, reach)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("archive.catalog.search.search.WALKED", walked)
        by_reach = pages_of(scene, reach)

    assert by_reach == by_window


@given(reach=st.lists(RULES, max_size=3).map(tuple), told=st.sampled_from(CALLS))
def test_calls_that_are_up_are_within_by_the_same_rules(reach: Reach, told: Told) -> None:
    """A call does not come within reach, or leave it, by ending."""
    facts = ReachFacts(
        queues=(told.queue,),
        controllers=(told.controller.casefold(),),
        teams=(told.team.casefold(),),
        numbers=(told.customer, SEATS[told.team]),
    )

    assert reaches(reach, facts) is any(holds(rule, told) for rule in reach)
