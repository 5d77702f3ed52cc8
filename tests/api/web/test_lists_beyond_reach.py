"""Every list, with every role, of somebody beyond whose reach something is planted.

Answers with and without it are the same to the byte, so neither rows nor counts nor sums tell it.
"""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from api.people.roles import Role
from api.web.app import BASE, application
from api.web.routing import SCOPE
from archive.approvals import Kind
from archive.catalog.accounts import add_user
from archive.catalog.agents import import_agents
from archive.catalog.approvals import propose
from archive.catalog.authors import Author
from archive.catalog.engine import writing
from archive.catalog.held_recordings import Noting
from archive.catalog.jobs import order_job
from archive.catalog.legal_holds import open_hold
from archive.catalog.measures import MeasureAct, take_measure
from archive.catalog.told_events import EventsTold, append_events
from archive.catalog.tombstones import place_tombstone
from archive.hold_scope import ByList
from archive.ids import DEFAULT_TENANT, ID_BYTES, HoldId
from archive.job_queue import JobKind, Order
from archive.legal_holds import HoldTerms
from archive.measures import Measure, MeasureKind
from archive.reach import WHOLE, ReachRule
from archive.retention_events import ToldEvent
from tests.api.examples import LIVE, NO_LIMITS, Scene, scene, window
from tests.api.web.test_destruction import take_over
from tests.api.web.test_same_work import left_of
from tests.api.web.test_walk import headers_of, token
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    MINUTE_US,
    NOW_US,
    OTHER_TENANT,
    TOKYO,
    access,
    adopt,
    adoption,
    author,
    recording_id,
)

PLANTED = (31, 32, 33)
PLANTED_NAME = "Planted Agent"
# All that was recorded must go by then.
LATER_BY_US = 30 * 24 * 60 * MINUTE_US
LATER_US = NOW_US + LATER_BY_US
MATTER = "D-PLANTED"
# What must not be in any answer, in whatever form.
TRACES = (*(str(recording_id(number)) for number in PLANTED), MATTER, "planted", PLANTED_NAME)
# What is sent where a list is asked for by a form, and what stands behind an address.
SENT: dict[str, dict[str, Any]] = {
    "/calls/search": {"window": window()},
    "/ledger/search": {"window": window()},
}
ASKED: dict[str, dict[str, str]] = {
    "/measures": {"case": MATTER},
    "/tombstones": {"from": "2026-10-29T08:00:00Z", "to": "2026-10-29T09:00:00Z"},
}
# Every list, and what of what is planted it would tell, or why it tells nothing of recordings. A
# new one is put here, and what it tells planted.
TELLS = {
    "/calls/search": "recordings, and how many were destroyed",
    "/ledger/search": "calls with their recordings",
    "/live/calls": "calls that are up",
    "/agents": "agents of a team",
    "/approvals": "what is proposed of recordings, and of the tenant",
    "/measures": "recordings of a case",
    "/jobs": "what somebody has begun, and how far it is",
    "/holds": "matters, and how many recordings each has",
    "/tombstones": "what is left of recordings",
    "/overdue": "recordings that must go",
    "/plans": "how many recordings go",
    "/runs": "how many recordings went",
    "/retention-events": "numbers of cases and contracts",
    "/standing-approvals": "which rules destroy by themselves",
    "/certificates": "how many recordings went",
}
# Runs and their certificates tell of the whole tenant alone: 403 where the reach ends somewhere.
NOT_PLANTED = {"/plans", "/runs", "/certificates", "/standing-approvals"}
NOTHING_OF_RECORDINGS = {
    "/policies": "the rules",
    "/policies/latest": "the rules",
    "/rule-packs": "the rules",
    "/keys": "the keys of the installation",
    "/backups": "its sets",
    "/retention/clock": "the clock of the machine",
    "/services": "people and programs, which are of the whole tenant",
    "/tokens": "the same",
    "/users": "the same",
    "/journal": "all of it, by right: who reads it is to see what others did",
}


def lists() -> Iterator[tuple[str, str]]:
    """Every operation that answers about many: none with something of its own in its path."""
    for path, methods in application().openapi()["paths"].items():
        own = path.removeprefix(BASE)
        for method, told in methods.items():
            is_asked = method == "get" or own in SENT
            if SCOPE in told and is_asked and "{" not in own and own != "/live":
                yield method.upper(), own


LISTS = list(lists())


def plant(it: Scene) -> None:
    """What another one has who is of this tenant and of another queue, controller and team."""
    adopt(it.engine, *map(adoption, PLANTED))
    it.node.looks_like = [[LIVE, replace(LIVE, recording=str(recording_id(PLANTED[0])))]]
    by = author(at_us=LATER_US, user=1)
    own = tuple(map(recording_id, PLANTED))
    with writing(it.engine) as connection:
        about = f"take suspension of case {MATTER}: {own[0]}"
        propose(connection, by, Kind.TAKE_MEASURE, b"\1" * 32, about, own)
        propose(connection, by, Kind.APPROVE_PLAN, b"\2" * 32, "destroy 3 recordings, planted")
        order_job(connection, by, Order(kind=JobKind.SIMULATION, arguments={"text": "planted"}))
        measure = Measure(kind=MeasureKind.FREEZE, case=MATTER)
        take_measure(
            connection, by, MeasureAct(measure=measure, target=own[1], recordings=own[1:2])
        )
        place_tombstone(connection, 1, left_of(40))
        _hold(connection, by)
        told = (ToldEvent.of("case_closed", MATTER, "2026-10-30"),)
        append_events(connection, by, EventsTold(events=told, sha256=bytes(32)))
    head, *lines = AGENTS_CSV.splitlines()
    rows = [
        f"{head},team",
        *(f"{line}," for line in lines),
        f"A99,{PLANTED_NAME},プランテド,,,2099,,,planted",
    ]
    import_agents(it.engine, "\n".join(rows).encode(), TOKYO, access())


def _hold(connection: Connection, by: Author) -> None:
    """A legal hold that has one of them; another one is frozen, and the first must go."""
    terms = HoldTerms(matter=MATTER, reason="x", review_on=date(2027, 4, 1), scope=ByList(1))
    own = open_hold(connection, by, HoldId(bytes(ID_BYTES)), terms)
    noting = Noting(1, own, NOW_US, "placed")
    noting.recordings(connection, [recording_id(PLANTED[2])])


async def answers(
    folder: Path, role: Role, kind: str, reach: ReachRule, *, planted: bool
) -> dict[str, tuple[int, str]]:
    """What each list says."""
    said = {}
    async with scene(folder, limits=NO_LIMITS, clock_us=lambda: LATER_US) as it:
        tenant = OTHER_TENANT if kind == "tenant" else DEFAULT_TENANT
        take_over(it.engine)
        with writing(it.engine) as connection:
            add_user(connection, author(), "other")
        headers = headers_of(
            token(it.engine, role, tenant=tenant, reach=reach, lifetime_us=2 * LATER_BY_US)
        )
        if planted:
            plant(it)
        for method, path in LISTS:
            answer = await it.client.request(
                method,
                path,
                params=ASKED.get(path),
                json=SENT.get(path),
                headers=headers,
            )
            text = f"{sorted(answer.headers.items())} {answer.text}"
            said[path] = (answer.status_code, text)
    return said


REACHES = {
    "tenant": WHOLE,
    "queue": ReachRule(queues=frozenset({"elsewhere"})),
    "controller": ReachRule(controllers=frozenset({"elsewhere"})),
    "team": ReachRule(teams=frozenset({"elsewhere"})),
}


BEYOND = [(role, kind) for role in Role for kind in REACHES]


async def told_of(
    folder: Path, role: Role, kind: str, reach: ReachRule
) -> tuple[set[str], set[tuple[str, str]]]:
    """Which lists say something else with what is planted, and which of its names they have."""
    said = {}
    for planted in (True, False):
        own = folder / str(planted)
        await asyncio.to_thread(own.mkdir)
        said[planted] = await answers(own, role, kind, reach, planted=planted)
    named = {
        (path, trace) for path, (_, text) in said[True].items() for trace in TRACES if trace in text
    }
    return {path for path in said[True] if said[True][path] != said[False][path]}, named


def test_every_list_is_known_by_what_it_tells() -> None:
    """One that is new has no entry: it is put where it belongs, and what it tells is planted."""
    assert {path for _, path in LISTS} == set(TELLS) | set(NOTHING_OF_RECORDINGS)


@pytest.mark.parametrize(("role", "kind"), BEYOND, ids=[f"{r}-{k}" for r, k in BEYOND])
async def test_a_list_says_the_same_with_what_is_planted_beyond_the_reach_and_without(
    tmp_path: Path, role: Role, kind: str
) -> None:
    """Neither a row nor a count of it, for whoever's reach ends before it."""
    different, named = await told_of(tmp_path, role, kind, REACHES[kind])

    # An agent may be in a call of any queue or controller: of these a reach leaves nobody out.
    told = set(TELLS) - ({"/agents"} if kind in {"queue", "controller"} else set())
    assert different & told == set()
    assert {each for each in named if each[0] in told} == set()


async def test_who_reaches_all_of_the_tenant_is_told_of_what_is_planted(tmp_path: Path) -> None:
    """Else the others would tell nothing of it for another reason."""
    seen: set[str] = set()
    for role in Role:
        folder = tmp_path / role
        await asyncio.to_thread(folder.mkdir)
        different, _ = await told_of(folder, role, "queue", WHOLE)
        seen |= different

    assert set(TELLS) - seen <= NOT_PLANTED
