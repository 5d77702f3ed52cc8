"""Who places a hold and the keeper that archives, on a server with many writers at once."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Barrier

import pytest

pytest.importorskip("psycopg", reason="the driver comes with `make postgresql`")

from psycopg.errors import LockNotAvailable, RaiseException
from sqlalchemy import Engine, delete, event, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError

from api.holds.placement import Placements
from archive.catalog.database import engine as catalog_engine
from archive.catalog.database.engine import AsyncEngine, open_async_engine, open_engine, writing
from archive.catalog.holds.hold_matches import HoldMatcher
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.tables.catalog import hold, hold_recording
from archive.ids import HoldId, KeyId
from tests.api.holds.scene import KEYS, HoldSite, hold_site, wish
from tests.archive.catalog.examples import adoption

pytestmark = pytest.mark.postgresql

ROUNDS = 20
NO_LOCK = "SELECT 1"


def impatient(engine: Engine) -> str:
    """The same catalog, for who hears at once that somebody else writes."""
    url = make_url(engine.url.render_as_string(hide_password=False))
    return url.update_query_dict({"options": "-c lock_timeout=50ms"}).render_as_string()


@dataclass(slots=True)
class Race:
    """A keeper and somebody who places a hold over all that there is and comes."""

    site: HoldSite
    other: AsyncEngine
    waited: list[str] = field(default_factory=list)

    def place(self, engine: AsyncEngine | None = None) -> None:
        """In another thread, as the API does it beside the keeper."""
        door = self.site.it.door if engine is None else replace(self.site.it.door, engine=engine)
        placed = Placements(door, self.site.key_client).place(self.site.owner, wish(future=True))
        with ThreadPoolExecutor(1) as another:
            another.submit(asyncio.run, placed).result()

    def archive(self, number: int, engine: Engine | None = None) -> None:
        """As the keeper does: matched before it is committed."""
        self.keeper(HoldMatcher(self.site.key_client, self.now_us), engine).commit(
            [adoption(number)]
        )

    def keeper(self, matcher: HoldMatcher, engine: Engine | None = None) -> CatalogWriter:
        return CatalogWriter(engine or self.site.it.engine, self.now_us, matcher)

    def now_us(self) -> int:
        return self.site.it.now_us

    def try_(self, other: Callable[[], None]) -> None:
        """Who has to wait is told so at once, and comes again later."""
        try:
            other()
        except OperationalError as late:
            self.waited.append(type(late.orig).__name__)

    def missed(self) -> list[tuple[HoldId, KeyId]]:
        """Keys of what is archived that a hold has not."""
        there = set.union(*self.site.key_client.held.values())
        held = self.site.key_client.held.items()
        return [(own, key) for own, keys in held for key in there - keys]


def keeper_first(race: Race) -> None:
    """It is about to commit when the other one comes; whoever had to wait comes again."""

    class Matcher(HoldMatcher):
        def parts(self, *values: object) -> None:
            super().parts(*values)  # type: ignore[arg-type]
            race.try_(lambda: race.place(race.other))

    race.keeper(Matcher(race.site.key_client, race.now_us)).commit([adoption(2)])
    if race.waited:
        race.place()


def placing_first(race: Race) -> None:
    """The other way round."""
    at_server = open_engine(impatient(race.site.it.engine))
    coming = [lambda: race.archive(2, at_server)]
    catalog = race.site.it.catalog.engine
    event.listen(catalog, "commit", lambda _: race.try_(coming.pop()) if coming else None)
    race.place()
    if race.waited:
        race.archive(2)
    at_server.dispose()


async def raced(folder: Path, *, is_keeper_first: bool) -> tuple[bool, bool]:
    """Whether one of them waited, and whether the hold has both recordings."""
    async with hold_site(folder, calls=1) as site:
        other = open_async_engine(impatient(site.it.engine))
        race = Race(site, other)
        (keeper_first if is_keeper_first else placing_first)(race)
        await other.dispose()
        (held,) = site.key_client.held.values()
        return race.waited == [LockNotAvailable.__name__], held == {KEYS[1], KEYS[2]}


@pytest.mark.parametrize("is_keeper_first", [True, False], ids=["keeper", "placing"])
async def test_what_is_archived_while_a_hold_is_placed_is_held(
    tmp_path: Path, *, is_keeper_first: bool
) -> None:
    """Either the placing finds it, or the keeper finds the placing: one of them waits."""
    assert await raced(tmp_path, is_keeper_first=is_keeper_first) == (True, True)


@pytest.mark.parametrize("is_keeper_first", [True, False], ids=["keeper", "placing"])
async def test_without_the_lock_of_the_one_writer_the_next_place_in_the_journal_holds_one_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_keeper_first: bool
) -> None:
    """Both write an entry, and there is one next place: nothing is missed even so."""
    monkeypatch.setattr(catalog_engine, "_ONE_WRITER", NO_LOCK)

    assert await raced(tmp_path, is_keeper_first=is_keeper_first) == (True, True)


async def test_holds_that_are_placed_beside_a_keeper_miss_nothing(tmp_path: Path) -> None:
    """Round by round both begin at once; in the end each hold has every recording."""
    async with hold_site(tmp_path, calls=1) as site:
        race = Race(site, site.it.catalog)
        begin = Barrier(2)

        def keeps() -> None:
            for number in range(2, 2 + ROUNDS):
                begin.wait()
                race.archive(number)

        def places() -> None:
            for _ in range(ROUNDS):
                begin.wait()
                race.place()

        with ThreadPoolExecutor(2) as both:
            for each in [both.submit(keeps), both.submit(places)]:
                each.result()

        assert len(site.key_client.active) == ROUNDS
        assert set.union(*site.key_client.held.values()) == {
            adoption(number).key_id for number in range(1, 2 + ROUNDS)
        }
        assert race.missed() == []


@pytest.mark.parametrize(
    "change",
    [
        delete(hold),
        delete(hold_recording),
        update(hold).values(matter="another"),
        text("TRUNCATE hold_recording"),
    ],
    ids=["hold", "recording", "rewritten", "truncated"],
)
async def test_the_register_lets_go_of_no_hold(tmp_path: Path, change: object) -> None:
    """Triggers of PostgreSQL's own words."""
    async with hold_site(tmp_path, calls=1) as site:
        await site.placements.place(site.owner, wish())
        with pytest.raises(ProgrammingError) as refused, writing(site.it.engine) as connection:
            connection.execute(change)  # type: ignore[call-overload]

    assert isinstance(refused.value.orig, RaiseException)
