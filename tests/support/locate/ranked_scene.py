"""Calls of two queues, whose numbers tell them apart, and the use case that ranks them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, insert

from api.access.authorization import Door
from api.locate.column_keeper import ColumnKeeper
from api.locate.question import Located, LocatedCall, LocateQuery, RankedCall, TypedClue
from api.locate.ranked_search import Locate
from api.locate.sight import Lookout
from api.permissions.accounts import Account, Authority
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.access.reach import EVERYWHERE, Reach, ReachRule
from archive.call.events import Event, RouteTaken
from archive.catalog.database.engine import reading, writing
from archive.catalog.index.agents import import_agents
from archive.catalog.journal.entries import Entry
from archive.catalog.tables.catalog import destruction_plan, planned_recording
from archive.ids import DEFAULT_TENANT
from tests.api.examples import column_keeper
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    MINUTE_US,
    NOW_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    same_catalog,
)
from tests.told import all_told

HOUR_US: Final = 60 * MINUTE_US
Calls = list[tuple[int, tuple[Event, ...]]]
SUPPORT: Final[Reach] = (ReachRule(queues=frozenset({"support"})),)


def call(number: int, queue: str = "support", *tags: str) -> tuple[Event, ...]:
    """An hour behind the one before; the number ends in 77 and the number of the call."""
    began_us = STARTED_US + number * HOUR_US
    taken = RouteTaken(
        at_us=began_us, route="main", target="pbx", mode="yes", queue=queue, tags=tags,
        controller="acme",
    )  # fmt: skip
    return (*inbound(began_us, customer=customer(number)), taken)


def customer(number: int) -> str:
    """Who called in the call of that number."""
    return f"sip:+813123477{number:02}@carrier.example"


def some(*numbers: int, queue: str = "support") -> Calls:
    """Calls of these numbers."""
    return [(number, call(number, queue)) for number in numbers]


def actor(*verbs: Verb, reach: Reach = EVERYWHERE) -> Actor:
    """Who may search, or do these."""
    own = Authority(own=frozenset(verbs or (Verb.SEARCH,)), own_reach=reach)
    account = Account(tenant=DEFAULT_TENANT, name="yamada", kind="person", authority=own, user=1)
    return Actor(account=account, stated="quality")


@dataclass
class Clock:
    """Stands still until somebody sets it."""

    now_us: int = NOW_US

    def __call__(self) -> int:
        return self.now_us


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The use case over a catalog whose columns are made."""

    engine: Engine
    keeper: ColumnKeeper
    locate: Locate
    clock: Clock = field(default_factory=Clock)

    async def ask(
        self, text: str = "", *clues: TypedClue, who: Actor | None = None, **more: object
    ) -> Located:
        """What is answered; `more` are fields of the query."""
        query = LocateQuery(zone=TOKYO, text=text, clues=clues, **more)  # type: ignore[arg-type]
        return await self.locate.search(who or actor(), query)

    def told(self) -> list[Entry]:
        """The journal."""
        with reading(self.engine) as connection:
            return [each.entry for each in all_told(connection, DEFAULT_TENANT)]

    def condemn(self, own: bytes) -> None:
        """The destruction of a recording, or a page, has begun."""
        plan = {"row": 1, "tenant": 1, "id": bytes(16), "sha256": bytes(32), "decided_us": 1,
                "author": "x", "recordings": 1, "size_bytes": 1, "cooling_off_h": 0}  # fmt: skip
        line = {"tenant": 1, "plan": 1, "digest": bytes(32), "recording": own, "revision": 1,
                "rules": "r", "size_bytes": 1, "stage": "intended"}  # fmt: skip
        with writing(self.engine) as connection:
            connection.execute(insert(destruction_plan), [plan])
            connection.execute(insert(planned_recording), [line])


@asynccontextmanager
async def ranked_scene(
    folder: Path, calls: Calls, *, has_agents: bool = True
) -> AsyncIterator[Scene]:
    """Over these calls, each with its number."""
    engine = new_catalog(folder)
    if has_agents:
        import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    adopt(engine, *(adoption(number, events) for number, events in calls))
    async with asking(engine, folder) as scene:
        yield scene
    engine.dispose()


@asynccontextmanager
async def asking(engine: Engine, folder: Path, country: str = "JP") -> AsyncIterator[Scene]:
    """Over a catalog that is there."""
    keeper, clock = column_keeper(engine, folder), Clock()
    while keeper.step():
        pass
    catalog = same_catalog(engine)
    door = Door(engine=catalog, clock_us=clock)
    locate = Locate(door=door, lookouts={DEFAULT_TENANT: Lookout(keeper)}, country=country)
    yield Scene(engine=engine, keeper=keeper, locate=locate, clock=clock)
    await catalog.dispose()


def numbers(located: Located) -> list[str]:
    """The last digits of each that is recorded."""
    return [_number(each)[-4:] for each in located.candidates if each.calls]


def best(located: Located) -> RankedCall:
    """The first that is recorded."""
    return next(each.recorded for each in located.candidates if each.recorded)


def _number(each: LocatedCall) -> str:
    return each.calls[0].legs[0].number.e164
