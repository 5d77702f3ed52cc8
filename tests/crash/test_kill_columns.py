"""kill -9 before each line by which columns are written, and by which a destroyed call goes.

What is left is read off the disk, byte by byte. Each process begins with what the last one left.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine

from archive.call.events import Event, RouteTaken
from archive.catalog.database.engine import catalog_url, open_engine
from archive.catalog.tables.catalog import INDEX_TABLES
from archive.ids import DEFAULT_TENANT
from archive.locate.columns import store as stores
from retention.runner.slack_rounds import IDLE_S, CatalogSlack
from tests.archive.catalog.examples import (
    MINUTE_US,
    STARTED_US,
    adopt,
    adoption,
    inbound,
    new_catalog,
    recording_id,
)
from tests.archive.locate.columns.examples import bytes_below
from tests.crash.lines import child, killed, steps
from tests.support.catalog.packed import unpacked
from tests.support.locate.kept_columns import (
    behind,
    expected,
    keeper,
    made,
    remove,
    row_of,
    rows_in,
)

pytestmark = pytest.mark.sqlite

COLUMNS: Final = (
    "archive/locate/columns/",
    "archive/disk/files.py",
    "api/locate/column_keeper.py",
    "archive/catalog/locating/copies.py",
)
REMOVAL: Final = (
    "archive/catalog/index/removal.py",
    "archive/catalog/index/namings.py",
    "archive/catalog/locating/",
    "archive/catalog/database/",
    "archive/disk/sqlite_slack.py",
    "retention/runner/slack_rounds.py",
)
GONE: Final = 2
# Above what anything else in a file is, so that four bytes of it are found.
FIRST_RECORDING: Final = 0x5A6B7C00
FIRST_CONVERSATION: Final = 0x1B2C3D00
OTHERS: Final = (3, 4)
TAG: Final = "qvexilbrand"
NAME: Final = "葬田"
# So long that no random id and no sum has it by chance.
EXTENSION: Final = "7391504826"
QUEUE: Final = "vanishedqueue"
DIGITS: Final = b"8135555474"
CALL: Final = recording_id(GONE)
# As a catalog has them; names and tags of this call alone, a number in either direction.
IN_COLUMNS: Final = {
    "number": DIGITS[::-1],
    "name": NAME.encode(),
    "extension": EXTENSION.encode(),
    "queue": QUEUE.encode(),
    "row": (FIRST_RECORDING + GONE).to_bytes(4, "little"),
    "conversation": (FIRST_CONVERSATION + GONE).to_bytes(4, "little"),
}
IN_CATALOG: Final = {
    "number": DIGITS,
    "number from its end": DIGITS[::-1],
    "name": NAME.encode(),
    "extension": EXTENSION.encode(),
    "gist": TAG.encode(),
    "id": CALL.raw,
}


def _gone() -> tuple[Event, ...]:
    told = inbound(
        customer="sip:+81355554747@carrier.example",
        agent=f"sip:{EXTENSION}@pbx.example",
        agent_names=(NAME,),
    )
    taken = RouteTaken(
        at_us=STARTED_US, route="main", target="pbx", mode="yes", queue=QUEUE, tags=(TAG,),
        controller="acme",
    )  # fmt: skip
    return (*told, taken)


@dataclass(frozen=True, slots=True)
class Site:
    """A catalog and the folder of its columns; whoever opens the catalog closes it."""

    folder: Path

    @property
    def catalog(self) -> Path:
        return self.folder / "catalog.db"

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        engine = open_engine(catalog_url(self.catalog))
        try:
            yield engine
        finally:
            engine.dispose()

    def copy(self, folder: Path) -> "Site":
        """As it lies there now."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Site(folder)

    def adopt(self, *numbers: int) -> None:
        """Calls two minutes apart, the one that goes among them."""
        with self.engine() as engine:
            for number in numbers:
                began_us = STARTED_US + 2 * number * MINUTE_US
                own = _gone() if number == GONE else inbound(began_us)
                adopt(engine, adoption(number, own))

    def keep(self) -> None:
        """What a process of the API does with its columns, until nothing is left to do."""
        with self.engine() as engine:
            made(keeper(engine, self.folder))

    def destroy(self) -> None:
        """D4, where it has not been."""
        with self.engine() as engine:
            if row_of(engine, GONE):
                remove(engine, GONE)

    def run(self) -> None:
        """D4, and what the runner does behind a run."""
        self.destroy()
        with self.engine() as engine:
            slack = CatalogSlack(engine=engine, tenant=DEFAULT_TENANT)
            while slack.round() != IDLE_S:
                pass

    def number_from(self, recordings: int, conversations: int) -> None:
        """Those that come now have higher ones."""
        ahead = {"recording": recordings, "conversation": conversations}
        with closing(sqlite3.connect(self.catalog)) as catalog, catalog:
            for table in INDEX_TABLES:
                named = {name: name for name in ahead if name in table.c}
                named |= {table.name: "row"} if table.name in ahead else {}
                for what, column in named.items():
                    forward = f"UPDATE {table.name} SET {column} = {column} + ?"  # noqa: S608 - ours
                    catalog.execute(forward, (ahead[what],))

    def forget_copy(self) -> None:
        """As D5 does with one that was silent for an hour."""
        with closing(sqlite3.connect(self.catalog)) as catalog, catalog:
            catalog.execute("DELETE FROM column_copy")

    def has_copy(self) -> bool:
        """Whether D5 would wait for the columns."""
        return self._asked("SELECT count(*) FROM column_copy") != (0,)

    def rows_left(self) -> int:
        """Whether the call is in the index."""
        return self._asked("SELECT count(*) FROM recording WHERE id = ?", CALL.raw)[0]

    def pieces_left(self) -> int:
        """Of what was written about it."""
        return self._asked("SELECT count(*) FROM text_piece")[0]

    def may_be_certified(self) -> bool:
        """Whether it is destroyed, and D5 waits for nobody."""
        (last,) = self._asked("SELECT max(sequence) FROM recording_change")
        with self.engine() as engine:
            return not row_of(engine, GONE) and not behind(engine, last)

    def in_columns(self) -> list[str]:
        """What of the call any file of them has."""
        content = bytes_below(self.folder / "columns")
        return [name for name, each in IN_COLUMNS.items() if each in content]

    def in_catalog(self) -> list[str]:
        """What of it the catalog's files have, packed or not."""
        content = b"".join(each.read_bytes() for each in self.folder.glob("catalog.db*"))
        both = content + unpacked(content)
        return [name for name, each in IN_CATALOG.items() if each in both]

    def answers_right(self) -> bool:
        """Whether who asks gets what the catalog says."""
        with self.engine() as engine:
            return rows_in(keeper(engine, self.folder)) == expected(engine) != []

    def _asked(self, statement: str, *values: bytes) -> tuple[int, ...]:
        with closing(sqlite3.connect(f"file:{self.catalog}?mode=ro", uri=True)) as catalog:
            found: tuple[int, ...] = catalog.execute(statement, values).fetchone()
            return found


def _site(folder: Path, *numbers: int) -> Site:
    """A catalog with these calls behind the first."""
    folder.mkdir()
    site = Site(folder)
    new_catalog(folder).dispose()
    site.adopt(1)
    site.number_from(FIRST_RECORDING, FIRST_CONVERSATION)
    site.adopt(*numbers)
    return site


def _unmade(folder: Path) -> Site:
    return _site(folder, GONE, *OTHERS)


def _kept(folder: Path) -> Site:
    site = _unmade(folder)
    site.keep()
    return site


def _come(folder: Path, *others: int) -> Site:
    site = _site(folder)
    site.keep()
    site.adopt(GONE, *others)
    return site


def _in_tail(folder: Path) -> Site:
    site = _come(folder, *OTHERS)
    site.keep()
    return site


def _destroyed(site: Site) -> Site:
    site.destroy()
    return site


def _forgotten(site: Site) -> Site:
    site.forget_copy()
    return _destroyed(site)


def _with_another(site: Site) -> Site:
    site.adopt(OTHERS[-1] + 1)
    return site


@dataclass(frozen=True, slots=True)
class Life:
    """What lies there, and what a process then does that is killed; D5 may wait for its copy."""

    prepared: Callable[[Path], Site]
    tail_rows: int = stores.TAIL_ROWS
    is_awaited: bool = True


LIVES: Final = {
    "made": Life(_unmade),
    "brought forward": Life(_come),
    "made one with its month": Life(lambda folder: _come(folder, *OTHERS), tail_rows=1),
    "erased": Life(lambda folder: _destroyed(_kept(folder))),
    "erased from a tail": Life(lambda folder: _destroyed(_in_tail(folder))),
    "erased while others come": Life(lambda folder: _with_another(_destroyed(_in_tail(folder)))),
    "made one without it": Life(lambda folder: _with_another(_destroyed(_in_tail(folder))), 1),
    "begun anew": Life(lambda folder: _forgotten(_kept(folder)), is_awaited=False),
}
# Of the steps all, or some.
SHARES: Final = [pytest.param(1, marks=pytest.mark.slow), 43]


@pytest.mark.parametrize("every", SHARES)
@pytest.mark.parametrize("name", LIVES)
def test_killed_before_any_line_columns_have_nothing_of_the_destroyed_once_it_is_certified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, every: int
) -> None:
    """And at the next start they are brought to the end, and answer what is there.

    A copy that was silent for an hour is overwritten before it is one again.
    """
    life, seen = LIVES[name], list[int]()
    monkeypatch.setattr(stores, "TAIL_ROWS", life.tail_rows)
    before = life.prepared(tmp_path / "before")
    before.copy(tmp_path / "warm").keep()  # what is kept in memory is made once, and not counted
    places = steps(before.copy(tmp_path / "whole").keep, COLUMNS, tmp_path / "places")
    for at in places[::every]:
        site = before.copy(tmp_path / "cut")
        killed(site.keep, COLUMNS, at)
        seen.append(len(site.in_columns()))
        site.destroy()
        if life.is_awaited or site.has_copy():
            assert not (site.may_be_certified() and site.in_columns()), at
        assert child(site.keep) == 0
        assert (site.may_be_certified(), site.in_columns()) == (True, []), at
        assert site.answers_right(), at

    assert max(seen) == len(IN_COLUMNS), "it was there when some were killed"


@pytest.mark.parametrize("every", SHARES)
def test_killed_before_any_line_of_its_removal_the_catalog_has_nothing_of_it_after_the_next_start(
    tmp_path: Path, every: int
) -> None:
    """Rows and pieces of texts go as one, in pages and log too; columns still wait for theirs."""
    before, seen = _kept(tmp_path / "before"), list[bool]()
    places = steps(before.copy(tmp_path / "whole").run, REMOVAL, tmp_path / "places")
    for at in places[::every]:
        site = before.copy(tmp_path / "cut")
        killed(site.run, REMOVAL, at)
        seen.append(bool(site.in_catalog()))
        assert site.pieces_left() == site.rows_left()
        assert not site.may_be_certified(), at
        assert child(site.run) == 0
        assert (site.in_catalog(), site.pieces_left(), site.may_be_certified()) == ([], 0, False), (
            at
        )
        assert child(site.keep) == 0
        assert (site.may_be_certified(), site.in_columns(), site.in_catalog()) == (True, [], []), at

    assert set(seen) == {True, False}
