"""A large catalog made of a small one."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from archive.access.reach import EVERYWHERE, WHOLE_TENANT, Within
from archive.catalog.access.grants import Access, Ask, ReadGrant, grant
from archive.catalog.accounts.persons import user_named
from archive.catalog.database.engine import catalog_url, open_engine, reading
from archive.catalog.search.calls import Sight, everything, read_call, sight
from archive.catalog.tables.catalog import ROW, catalog, conversation, correction, recording
from archive.ids import DEFAULT_TENANT, ConversationId
from bench.archived_calls import EVERY_KIND
from bench.filled_catalog import COPIED, PARENTS, Filled, Filling, fill

COPIES = 5
# Who opens the catalog seals all that stands, by its own key: no other's seal would be believed.
SEALED_WHEN_OPENED = "row_seal"
# No process has a copy of it; events and names as they were before are in no new catalog.
EMPTY = ["column_copy", "event", "leg_name", SEALED_WHEN_OPENED]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Filled]:
    """A catalog of a few calls, of which each is there five times."""
    file = tmp_path_factory.mktemp("filled") / "catalog.db"
    few = Filling(patterns=EVERY_KIND)
    calls = COPIES * EVERY_KIND
    return file, fill(file, calls, seed=1, step=lambda _done, _total: None, filling=few)


def test_every_table_has_rows(filled: tuple[Path, Filled]) -> None:
    """A table that is left empty would be measured as one that answers at once."""
    _, made = filled

    assert sorted(name for name in catalog.tables if not made.rows.get(name)) == EMPTY
    assert made.calls == COPIES * EVERY_KIND


def test_it_is_whole_and_in_the_form_in_which_the_product_keeps_it(
    filled: tuple[Path, Filled],
) -> None:
    """No row that points nowhere, no index that is missing, no statistics that nobody gathers."""
    file, _ = filled
    engine = open_engine(catalog_url(file))
    with closing(sqlite3.connect(file)) as database:
        names = {row[0] for row in database.execute("SELECT name FROM sqlite_schema")}
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    wanted = {index.name for table in catalog.tables.values() for index in table.indexes}
    engine.dispose()

    assert wanted <= names
    assert "sqlite_stat1" not in names


def test_every_column_that_points_to_a_row_is_known_to_whoever_copies_it() -> None:
    """One that is copied as it is would point to another call."""
    shared = {"tenant", "agent_period", "retention_class", "naming"}
    pointing = {
        column.name
        for table in COPIED
        for column in table.columns
        if column.type is ROW and not column.primary_key
    }

    assert pointing == shared | PARENTS.keys()


def test_a_copy_is_a_call_like_any_other(filled: tuple[Path, Filled]) -> None:
    """Each is found by its own id with its own legs; no two are of the same minute and number."""
    file, _ = filled
    engine = open_engine(catalog_url(file))
    access = Access(tenant=DEFAULT_TENANT, actor="yamada", at_us=1, within=WHOLE_TENANT)
    with reading(engine) as connection:
        own = conversation.c.merged_into.is_(None)
        ids = connection.scalars(select(conversation.c.id).where(own)).all()
        led = connection.scalar(select(func.count()).select_from(conversation).where(~own))
        recordings = everything(connection, DEFAULT_TENANT)
        begun = connection.scalar(select(func.count(recording.c.started_us.distinct())))
    last = ConversationId(ids[-1])
    granted = grant(engine, ReadGrant, Ask(access=access, target=last))
    with reading(engine) as connection:
        found = read_call(connection, last, granted)
    engine.dispose()

    assert led
    assert len(ids) == len(set(ids))
    assert len(recordings) == len(set(recordings)) == begun
    assert len(found) >= 1
    assert all(str(each.conversation) == str(last) for each in found)


def test_a_copy_has_corrections_of_its_own(filled: tuple[Path, Filled]) -> None:
    """The register knows recordings by their ids: all copies' would hang on one call."""
    file, _ = filled
    engine = open_engine(catalog_url(file))
    with reading(engine) as connection:
        per_recording = connection.scalars(
            select(func.count()).select_from(correction).group_by(correction.c.recording)
        ).all()
        known = select(recording.c.id)
        lost = select(func.count()).where(correction.c.recording.not_in(known))
        assert connection.scalar(lost) == 0
    engine.dispose()

    assert set(per_recording) <= {1, 2}


def test_who_runs_the_bench_may_ask_for_every_call(filled: tuple[Path, Filled]) -> None:
    """The purpose it acts for covers all of them: a refusal would stop the bench at its end."""
    file, made = filled
    engine = open_engine(catalog_url(file))
    with reading(engine) as connection:
        purpose = user_named(connection, DEFAULT_TENANT, "bench").purpose
        seen = Within(reach=EVERYWHERE, purpose=purpose)
        ids = connection.scalars(select(conversation.c.id)).all()
        covered = [sight(connection, DEFAULT_TENANT, seen, ConversationId(each)) for each in ids]
    engine.dispose()

    assert len(covered) >= made.calls
    assert set(covered) == {Sight.COVERED}
