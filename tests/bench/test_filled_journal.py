"""A large journal, filled quickly."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from archive.catalog.database.engine import catalog_url, open_engine, reading, writing
from archive.catalog.journal.breach import AccountPeriod, reach
from archive.catalog.search.audit import JournalQuery, tail, who_heard
from archive.catalog.tables.catalog import catalog
from archive.ids import DEFAULT_TENANT, ConversationId
from bench.filled_journal import APART_US, FIRST_US, ON_A_PAGE, FilledJournal, account, fill

ENTRIES = 2_000


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FilledJournal]:
    file = tmp_path_factory.mktemp("filled") / "catalog.db"
    return file, fill(file, ENTRIES, seed=1, step=lambda _done, _total: None)


def test_it_is_in_the_form_in_which_the_product_keeps_it(
    filled: tuple[Path, FilledJournal],
) -> None:
    """Every index, and no entry can be changed."""
    file, made = filled
    with closing(sqlite3.connect(file)) as database:
        names = {row[0] for row in database.execute("SELECT name FROM sqlite_schema")}
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    engine = open_engine(catalog_url(file))

    assert {index.name for index in catalog.tables["journal"].indexes} <= names
    assert (made.entries, made.size_bytes) == (ENTRIES, file.stat().st_size)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.exec_driver_sql("DELETE FROM journal")


def test_the_product_reads_what_is_in_it(filled: tuple[Path, FilledJournal]) -> None:
    """What it could not read would be answered at once."""
    engine = open_engine(catalog_url(filled[0]))
    everything = AccountPeriod(
        actor=account(1), from_us=FIRST_US, to_us=FIRST_US + ENTRIES * APART_US
    )
    with reading(engine) as connection:
        found = tail(connection, DEFAULT_TENANT, JournalQuery(action="found"))
        heard = tail(connection, DEFAULT_TENANT, JournalQuery(action="listened"))[0].entry
        counts = reach(connection, DEFAULT_TENANT, everything)
        who = who_heard(connection, DEFAULT_TENANT, ConversationId.parse(heard.target))

    assert {len(each.entry.shown) for each in found} == {ON_A_PAGE}
    assert heard in [each.entry for each in who]
    assert counts
