"""What is not yours is worked out as what never was: not by the clock, by what is done for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from api.permissions.roles import Role
from archive.access.reach import WHOLE, ReachRule
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.tombstones import place_tombstone
from archive.catalog.tables.catalog import call_id
from archive.ids import DEFAULT_TENANT
from tests.api.examples import CALL, NO_LIMITS, Scene, scene
from tests.archive.catalog.examples import OTHER_TENANT, adopt, adoption, recording_id
from tests.support.web.same_work import left_of
from tests.support.web.walk import BODIES, LISTS, OF_ONE_CALL, Route, headers_of, token

ELSEWHERE = {
    "another tenant": WHOLE,
    "another queue": ReachRule(queues=frozenset({"elsewhere"})),
    "another controller": ReachRule(controllers=frozenset({"elsewhere"})),
    "another team": ReachRule(teams=frozenset({"elsewhere"})),
    "another number": ReachRule(numbers=frozenset({"+999*"})),
}
# What takes the id of a call or recording: in its path, or in what is sent.
TAKING = [
    *OF_ONE_CALL,
    *(each for each in LISTS if "id" in BODIES.get(each.path.split("/")[-1], {})),
]
# Recordings beside it, so that one has the next id after each.
BESIDE = (3, 100, 110)
# Next to the one that is there.
NOBODYS = str(recording_id(2))
# Steps of the database's machine that may lie between: what is found is compared, or not.
MAY_DIFFER = 4


@dataclass
class Work:
    """What a catalog was asked, and how many steps the machine of SQLite took for it."""

    asked: list[str] = field(default_factory=list)
    steps: int = 0

    def step(self) -> int:
        """One more."""
        self.steps += 1
        return 0


@contextmanager
def watched(folder: Path) -> Iterator[Work]:
    """All that the catalogs in a folder do that are opened while the block lasts.

    Those of other tests of this process may have rounds of their own.
    """
    work = Work()

    def keep(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if Path(connection.engine.url.database).is_relative_to(folder):
            work.asked.append(statement)

    def count(connection: Any, _record: Any) -> None:
        ((_, _, file),) = connection.execute("PRAGMA database_list")
        if Path(file).is_relative_to(folder):
            connection.set_progress_handler(work.step, 1)

    event.listen(Engine, "before_cursor_execute", keep)
    event.listen(Engine, "connect", count)
    try:
        yield work
    finally:
        event.remove(Engine, "before_cursor_execute", keep)
        event.remove(Engine, "connect", count)


async def work_for(
    it: Scene, route: Route, headers: dict[str, str], own: str, work: Work
) -> tuple[list[str], int]:
    """What is done for one question."""
    work.asked, work.steps = [], 0
    answer = await route.ask(it.client, headers, own)
    assert answer.status_code == 404 or route.is_of_all
    return work.asked, work.steps


@pytest.mark.parametrize("kind", ELSEWHERE)
async def test_as_much_is_done_for_what_is_not_yours_as_for_what_never_was(
    tmp_path: Path, kind: str
) -> None:
    """By every route that takes the id of a call or recording; else its time would tell."""
    with watched(tmp_path) as work:
        async with scene(tmp_path, limits=NO_LIMITS) as it:
            adopt(it.engine, *map(adoption, BESIDE))
            tenant = OTHER_TENANT if kind == "another tenant" else DEFAULT_TENANT
            headers = headers_of(token(it.engine, *Role, tenant=tenant, reach=ELSEWHERE[kind]))
            for route in TAKING:
                await route.ask(it.client, headers, NOBODYS)  # that a token is used is kept once
                asked, steps = await work_for(it, route, headers, CALL, work)
                same, of_nobodys = await work_for(it, route, headers, NOBODYS, work)
                assert asked == same != [], route
                assert abs(steps - of_nobodys) <= MAY_DIFFER, (route, steps, of_nobodys)


async def test_as_much_is_done_for_what_was_destroyed_beyond_the_reach(tmp_path: Path) -> None:
    """Its tombstone is read; another one is where there is none."""
    with watched(tmp_path) as work:
        async with scene(tmp_path, limits=NO_LIMITS) as it:
            adopt(it.engine, *map(adoption, BESIDE))
            with writing(it.engine) as connection:
                for number in range(60, 90):
                    place_tombstone(connection, 1, left_of(number))
            reach = ReachRule(queues=frozenset({"elsewhere"}))
            headers = headers_of(token(it.engine, *Role, reach=reach))
            for route in TAKING:
                await route.ask(it.client, headers, NOBODYS)
                asked, steps = await work_for(it, route, headers, str(recording_id(60)), work)
                same, of_nobodys = await work_for(it, route, headers, NOBODYS, work)
                assert asked == same, route
                assert abs(steps - of_nobodys) <= MAY_DIFFER, (route, steps, of_nobodys)


async def test_as_much_is_done_for_another_s_id_of_a_call_that_is_not_yours(
    tmp_path: Path,
) -> None:
    """Who has seen a Call-ID elsewhere does not learn whether it was recorded."""
    with watched(tmp_path) as work:
        async with scene(tmp_path, limits=NO_LIMITS) as it:
            adopt(it.engine, *map(adoption, BESIDE))
            with reading(it.engine) as connection:
                known = connection.scalars(select(call_id.c.folded).order_by(call_id.c.folded))
                own = known.all()[0]
            reach = ReachRule(queues=frozenset({"elsewhere"}))
            headers = headers_of(token(it.engine, *Role, reach=reach))
            for route in TAKING[-2:]:
                await route.ask(it.client, headers, NOBODYS)
                asked, steps = await work_for(it, route, headers, own, work)
                same, of_nobodys = await work_for(it, route, headers, own[:-1], work)
                assert asked == same, route
                assert abs(steps - of_nobodys) <= MAY_DIFFER, (route, steps, of_nobodys)
