"""What a search or the ledger shows is in the journal before it is given."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from archive.access.query import AgentClue, Clue, SearchQuery
from archive.catalog.access.grants import Ask, LedgerGrant, SearchGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.journal.entries import JournalEntry
from archive.catalog.search.ledger import LedgerRows
from archive.catalog.search.ledger_query import LedgerQuery
from archive.catalog.search.search import SearchPage
from archive.catalog.search.shown import show_ledger, show_page
from tests import ROOT
from tests.archive.catalog.examples import access, adopt, adoption, new_catalog, recording_id
from tests.support.catalog.ledger import DAY, page, refused
from tests.support.catalog.query import october
from tests.told import all_told

FOLDERS = ("rokuon", "capture", "archive", "retention", "api")
# The entries of the keeper, before anybody asks.
ADOPTED = 2
NOBODY = AgentClue("nobody")
SHOWN = "archive/catalog/search/shown.py"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1), adoption(2))
    return engine


def searched(engine: Engine, *clues: Clue) -> SearchPage:
    granted = grant(engine, SearchGrant, Ask(access=access()))
    return show_page(engine, SearchQuery(window=october(), clues=clues), granted)


def ledger(engine: Engine) -> LedgerRows:
    granted = grant(engine, LedgerGrant, Ask(access=access()))
    return show_ledger(engine, LedgerQuery(window=DAY), granted)


def journal(engine: Engine) -> list[JournalEntry]:
    with reading(engine) as connection:
        return [each for each in all_told(connection) if each.seq > ADOPTED]


def test_what_a_page_shows_is_in_the_journal(engine: Engine) -> None:
    """Who was found is told to whoever asks, as much as who was heard."""
    found_page = searched(engine)
    asked, found = journal(engine)

    assert [each.recording for each in found_page.found] == [recording_id(2), recording_id(1)]
    assert found.entry.action == "found"
    assert found.entry.shown == (recording_id(2), recording_id(1))
    assert found.entry.detail == {"search": asked.seq, "count": 2}
    assert (found.entry.actor, found.entry.reason) == (access().actor, access().purpose)


def test_what_a_page_of_the_ledger_shows_is_in_the_journal(engine: Engine) -> None:
    """Names and numbers stand in it; a call without a recording has no id that could be told."""
    adopt(engine, page(3, refused(3)))
    rows = ledger(engine).rows
    asked, found = journal(engine)[-2:]

    assert [row.recording for row in rows] == [recording_id(1), recording_id(2), None]
    assert (asked.entry.action, found.entry.action) == ("ledger_seen", "found")
    assert found.entry.shown == (recording_id(1), recording_id(2))
    assert found.entry.detail == {"search": asked.seq, "count": 2}


def test_a_page_that_shows_nothing_has_its_entry_too(engine: Engine) -> None:
    """That nothing was found is an answer; a search without one was never answered."""
    searched(engine, NOBODY)
    found = journal(engine)[-1].entry

    assert (found.action, found.shown, found.detail["count"]) == ("found", (), 0)


@pytest.mark.sqlite
def test_without_its_entry_no_page_is_given(engine: Engine) -> None:
    """A full disk, a locked catalog: then nothing is shown."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON journal WHEN NEW.action = 'found'"
            " BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )

    for show in (searched, ledger):
        with pytest.raises(IntegrityError, match="no room"):
            show(engine)

    assert [each.entry.action for each in journal(engine)] == ["searched", "ledger_seen"]


def test_only_who_journals_them_asks_for_pages() -> None:
    """A second way to a page would be a way past the journal."""
    product = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    asking = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in product
        for module, name in (("search", "search"), ("ledger", "ledger_page"))
        if re.search(
            rf"^from archive\.catalog\.search\.{module} import .*\b{name}\b", path.read_text(), re.M
        )
    }

    assert asking == {(SHOWN, "search"), (SHOWN, "ledger_page")}
