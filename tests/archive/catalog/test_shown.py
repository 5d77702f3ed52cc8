"""What a search shows is in the journal before it is given."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from archive.catalog.engine import AsyncEngine, catalog_url, open_async_engine, reading
from archive.catalog.query import AgentClue, Clue, SearchQuery
from archive.catalog.search import SearchPage
from archive.catalog.shown import show_page, show_page_async
from archive.grants import Ask, SearchGrant, grant
from archive.ids import DEFAULT_TENANT
from archive.journal import JournalEntry, entries
from tests.archive.catalog.examples import access, adopt, adoption, new_catalog, recording_id
from tests.archive.catalog.test_query import october

ROOT = Path(__file__).parents[3]
FOLDERS = ("rokuon", "capture", "archive", "retention", "api")
# The entries of the keeper, before anybody asks.
ADOPTED = 2
NOBODY = AgentClue("nobody")
Show = Callable[[Engine, AsyncEngine, SearchQuery, SearchGrant], SearchPage]


def in_a_thread(
    engine: Engine, _catalog: AsyncEngine, query: SearchQuery, granted: SearchGrant
) -> SearchPage:
    return show_page(engine, query, granted)


def in_a_loop(
    _engine: Engine, catalog: AsyncEngine, query: SearchQuery, granted: SearchGrant
) -> SearchPage:
    return asyncio.run(show_page_async(catalog, query, granted))


@pytest.fixture(params=[in_a_thread, in_a_loop])
def show(request: pytest.FixtureRequest) -> Show:
    found: Show = request.param
    return found


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1), adoption(2))
    return engine


def searched(engine: Engine, folder: Path, show: Show, *clues: Clue) -> SearchPage:
    granted = grant(engine, SearchGrant, Ask(access=access()))
    catalog = open_async_engine(catalog_url(folder / "catalog.db"))
    return show(engine, catalog, SearchQuery(window=october(), clues=clues), granted)


def journal(engine: Engine) -> list[JournalEntry]:
    with reading(engine) as connection:
        return [each for each in entries(connection, DEFAULT_TENANT) if each.seq > ADOPTED]


def test_what_a_page_shows_is_in_the_journal(engine: Engine, tmp_path: Path, show: Show) -> None:
    """Who was found is told to whoever asks, as much as who was heard."""
    page = searched(engine, tmp_path, show)
    asked, found = journal(engine)

    assert [each.recording for each in page.found] == [recording_id(2), recording_id(1)]
    assert found.entry.action == "found"
    assert found.entry.shown == (recording_id(2), recording_id(1))
    assert found.entry.detail == {"search": asked.seq, "count": 2}
    assert (found.entry.actor, found.entry.reason) == (access().actor, access().purpose)


def test_a_page_that_shows_nothing_has_its_entry_too(
    engine: Engine, tmp_path: Path, show: Show
) -> None:
    """That nothing was found is an answer; a search without one was never answered."""
    searched(engine, tmp_path, show, NOBODY)
    found = journal(engine)[-1].entry

    assert (found.action, found.shown, found.detail["count"]) == ("found", (), 0)


def test_without_its_entry_no_page_is_given(engine: Engine, tmp_path: Path, show: Show) -> None:
    """A full disk, a locked catalog: then nothing is shown."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON journal WHEN NEW.action = 'found'"
            " BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )

    with pytest.raises(IntegrityError, match="no room"):
        searched(engine, tmp_path, show)

    assert [each.entry.action for each in journal(engine)] == ["searched"]


def test_only_who_journals_them_asks_for_pages() -> None:
    """A second way to a page would be a way past the journal."""
    product = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    asking = [
        path.relative_to(ROOT).as_posix()
        for path in product
        if re.search(r"^from archive\.catalog\.search import .*\bsearch\b", path.read_text(), re.M)
    ]

    assert asking == ["archive/catalog/shown.py"]
