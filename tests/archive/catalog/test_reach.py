"""What lies outside a reach, or was made for another purpose, is in no answer."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.catalog.calls import Sight, read_call, sight
from archive.catalog.engine import reading
from archive.catalog.query import SearchQuery
from archive.catalog.search import search
from archive.events import Event, RouteTaken
from archive.grants import Access, Ask, ReadGrant, SearchGrant, grant
from archive.ids import DEFAULT_TENANT
from archive.reach import EVERYWHERE, Reach, ReachRule, Within
from tests.archive.catalog.examples import (
    STARTED_US,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    recording_id,
)
from tests.archive.catalog.test_query import october

SUPPORT: Reach = (ReachRule(queues=frozenset({"support"})),)


def routed(queue: str, purpose: str) -> Event:
    """The route that a call took."""
    return RouteTaken(
        at_us=STARTED_US, route="r", target="t", mode="yes", queue=queue, purpose=purpose,
        controller="acme",
    )  # fmt: skip


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
    engine = new_catalog(tmp_path)
    adopt(
        engine,
        adoption(1, (*inbound(), routed("support", "quality"))),
        adoption(2, (*inbound(), routed("sales", "training"))),
        adoption(3),
    )
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
