"""What lies beyond somebody's reach, and what lies within it; and people of every role.

Made as parts and people make it: sealed recordings, a key daemon, a plan of two persons, its run.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import msgspec
from sqlalchemy import Connection

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.approvals import Kind
from archive.access.reach import WHOLE, ReachRule
from archive.call.events import RouteTaken
from archive.catalog.access.approvals import propose
from archive.catalog.accounts.given_roles import give_role
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.accounts.sessions import (
    Lifetime,
    begin_session,
    note_shown,
    session_numbered,
    state_purpose,
)
from archive.catalog.accounts.tokens import TokenTerms, create_token
from archive.catalog.database.engine import AsyncEngine, writing
from archive.catalog.destruction.tombstones import place_tombstone
from archive.catalog.holds.held_recordings import Noting
from archive.catalog.holds.measures import MeasureAct, take_measure
from archive.catalog.index.agents import import_agents
from archive.catalog.journal.authors import Author
from archive.catalog.journal.sealed_rows import with_seals
from archive.catalog.register.jobs import order_job
from archive.catalog.register.legal_holds import activate, open_hold
from archive.catalog.retention.told_events import EventsTold, append_events
from archive.certificates.folder import CertificateFolder
from archive.ids import DEFAULT_TENANT, ID_BYTES, HoldId, RecordingId, TenantId
from archive.job_queue import JobKind, Order
from archive.keys.wire.protocol import Adopt, AskerRole, Confirm, MarkArchived
from archive.lifecycle.hold_scope import ByList
from archive.lifecycle.legal_holds import HoldTerms
from archive.lifecycle.measures import Measure, MeasureKind
from archive.lifecycle.retention_events import ToldEvent
from tests.api.destruction.scene import Installation
from tests.api.destruction.world import ListedFiles
from tests.api.examples import LIVE, NO_LIMITS, Scene, column_keeper, scene
from tests.api.register import Registered
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
    inbound,
    recording_id,
    same_catalog,
)
from tests.archive.catalog.seals import sealed
from tests.archive.destruction.keys import answered
from tests.archive.keeper.scene import KeeperScene
from tests.archive.keys.scene import some_header
from tests.retention.examples import rule
from tests.support.certificates.rounds import rounds
from tests.support.web.same_work import left_of
from tests.support.web.walk import headers_of

DAY_US = 24 * 60 * MINUTE_US
# All that was recorded must go by then.
LATER_BY_US = 30 * DAY_US
LATER_US = NOW_US + LATER_BY_US
# When the run was planned, and from when on what is recorded is not due.
PLANNED_US = LATER_US - 10 * DAY_US
OWN_US = LATER_US - DAY_US
PLANTED = (31, 32, 33)
DESTROYED = (51, 52)
TOMBSTONE = 40
# What will have to go within the week.
SOON = 34
PLANTED_NAME = "Planted Agent"
MATTER = "D-PLANTED"
# The row of a person whose it all is.
OTHER = 1
# What must not be in any answer, in whatever form.
TRACES = (
    *(str(recording_id(number)) for number in (*PLANTED, *DESTROYED, TOMBSTONE, SOON)),
    *(MATTER, "planted", PLANTED_NAME),
)
# What lies within every reach that ends somewhere.
OWN_NUMBER = 61
OWN = recording_id(OWN_NUMBER, OWN_US)
OWN_AGENT = "A50,Own Agent,オウン,,,2900,,,elsewhere"
OWN_MATTER = "D-OWN"
REACHES: Mapping[str, ReachRule] = MappingProxyType(
    {
        "tenant": WHOLE,
        "queue": ReachRule(queues=frozenset({"elsewhere"})),
        "controller": ReachRule(controllers=frozenset({"elsewhere"})),
        "team": ReachRule(teams=frozenset({"elsewhere"})),
        "number": ReachRule(numbers=frozenset({"+999*"})),
    }
)


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person of a role: the headers of its programs, and what its browser holds."""

    headers: Mapping[str, str]
    session: str
    form_key: str


@dataclass(frozen=True, kw_only=True)
class Reached:
    """An archive, and who reaches a part of it."""

    it: Scene
    people: Mapping[Role, Person]


@asynccontextmanager
async def reached(folder: Path, kind: str, *, planted: bool) -> AsyncIterator[Reached]:
    """People of every role who reach `OWN` and no more: of a foreign tenant not even that.

    Of the whole tenant, where `kind` is none of `REACHES`. `planted`: something lies beyond it.
    """
    await asyncio.to_thread(folder.mkdir)
    certificates = CertificateFolder(folder)
    async with scene(
        folder, limits=NO_LIMITS, clock_us=lambda: LATER_US, certificates=certificates
    ) as it:
        tenant = OTHER_TENANT if kind == "tenant" else DEFAULT_TENANT
        with writing(it.engine) as connection:
            assert add_user(connection, author(at_us=LATER_US), "other") == OTHER
            people = {
                role: _person(connection, tenant, role, REACHES.get(kind, WHOLE)) for role in Role
            }
        under, seals = sealed(it.engine, folder)
        catalog = same_catalog(it.engine)
        own = AsyncEngine(with_seals(catalog.engine, seals), catalog.threads)
        register = Registered(engine=under, catalog=own, seals=seals)
        machine = Installation(register, KeeperScene(folder))
        machine.it.now_us = machine.keeper.scene.now_us = PLANNED_US
        machine.take_over(rule("week", after="P7D"))
        _put_own(it)
        if planted:
            await _destroy(machine)
            _plant(it)
        _hold(it, recording_id(PLANTED[2]) if planted else None)
        keeper = column_keeper(it.engine, folder)
        while keeper.step():
            pass
        yield Reached(it=it, people=people)
        await catalog.dispose()


def _person(connection: Connection, tenant: TenantId, role: Role, reach: ReachRule) -> Person:
    by = author(tenant, LATER_US)
    name = f"of.{role}"
    row = add_user(connection, by, name)
    user = user_named(connection, tenant, name)
    give_role(connection, by, user, role, reach)
    own, expires_us = Author(access=by.access, user=row), LATER_US + LATER_BY_US
    terms = TokenTerms(scopes=frozenset(Verb), expires_us=expires_us)
    made = create_token(connection, own, user, terms)
    lifetime = Lifetime(idle_us=LATER_BY_US, expires_us=expires_us)
    session, secret = begin_session(connection, own, user, "full", lifetime)
    note_shown(connection, session, LATER_US)
    state_purpose(connection, session, "technical")
    key = session_numbered(connection, session).form_key.hex()
    return Person(headers=headers_of(made), session=secret, form_key=key)


def _put_own(it: Scene) -> None:
    """What everybody reaches whose reach ends somewhere: a call that is not due, its agent."""
    taken = RouteTaken(
        at_us=OWN_US, route="r", target="t", mode="yes", queue="elsewhere", controller="elsewhere"
    )
    told = inbound(OWN_US, customer="sip:+9991234567@c.example", agent="sip:2900@pbx.example")
    adopt(it.engine, adoption(OWN_NUMBER, (*told[:1], taken, *told[1:])))
    _import_agents(it)


def _import_agents(it: Scene, *more: str) -> None:
    head, *lines = AGENTS_CSV.splitlines()
    rows = [f"{head},team", *(f"{line}," for line in lines), OWN_AGENT, *more]
    import_agents(it.engine, "\n".join(rows).encode(), TOKYO, access())


def _plant(it: Scene) -> None:
    """What another one has who is of this tenant and of another queue, controller and team."""
    adopt(it.engine, *map(adoption, PLANTED), adoption(SOON, inbound(OWN_US)))
    it.node.looks_like = [
        [LIVE, msgspec.structs.replace(LIVE, recording=str(recording_id(PLANTED[0])))]
    ]
    by = author(at_us=LATER_US, user=OTHER)
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
        place_tombstone(connection, 1, left_of(TOMBSTONE))
        told = (ToldEvent.of("case_closed", MATTER, "2026-10-30"),)
        append_events(connection, by, EventsTold(events=told, sha256=bytes(32)))
    _import_agents(it, f"A99,{PLANTED_NAME},プランテド,,,2099,,,planted")


def _hold(it: Scene, beyond: RecordingId | None) -> None:
    """A legal hold of what is within the reach, with what lies beyond; and one of that alone."""
    by = author(at_us=LATER_US, user=OTHER)
    with writing(it.engine) as connection:
        for number, matter, held in (
            (0, OWN_MATTER, [OWN, *([beyond] if beyond else [])]),
            (1, MATTER, [beyond] if beyond else []),
        ):
            if not held:
                continue
            scope = ByList(len(held))
            terms = HoldTerms(matter=matter, reason="x", review_on=date(2027, 4, 1), scope=scope)
            own = open_hold(connection, by, HoldId(bytes([number]) * ID_BYTES), terms)
            Noting(1, own, NOW_US, "placed").recordings(connection, held)
            activate(connection, by, own, {"held": len(held)})


async def _destroy(machine: Installation) -> None:
    """A plan of two persons, its run and its certificate; its approval stands."""
    for number in DESTROYED:
        _adopt_sealed(machine, number)
    plan = await machine.applied()
    runner = machine.runner(machine.sweep(files=ListedFiles()))
    while runner.round() < 1:
        pass
    assert [each.stage for each in machine.lines(plan.stored.number)].count("gone") == len(
        DESTROYED
    )
    rounds(machine).round()


def _adopt_sealed(machine: Installation, number: int) -> None:
    """A recording whose key the daemon has; it has no files."""
    node = machine.keeper.scene.node
    header = replace(some_header(node.id), recording=recording_id(number))
    blocks = node.first_blocks(header)
    for ask in (
        Adopt(page=blocks.page, header=blocks.block),
        Confirm(key_id=header.key.raw),
        MarkArchived(key_id=header.key.raw),
    ):
        answered(machine.keeper.scene, AskerRole.KEEPER, ask)
    adopt(machine.it.engine, replace(adoption(number), key_id=header.key))
