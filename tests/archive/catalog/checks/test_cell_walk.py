"""Every row of every table is read, whatever stands in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, insert

from archive.catalog.checks.cell_walk import AT_ONCE, unreadable_rows
from archive.catalog.database.engine import read_any_text, writing
from archive.catalog.tables.catalog import catalog, tenant
from tests.archive.catalog.examples import new_catalog
from tests.archive.catalog.malformed_cells import CONTENTS, KINDS, ROW, malform, malformed, put_rows


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = new_catalog(tmp_path)
    read_any_text(made)
    with writing(made) as connection:
        put_rows(connection)
    yield made
    made.dispose()


def test_rows_as_they_are_written_can_be_read(engine: Engine) -> None:
    """One in every table."""
    assert list(unreadable_rows(engine)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_column_is_malformed_its_row_is_named(engine: Engine, kind: str) -> None:
    """All columns of all tables; on a server those that its types let pass."""
    if engine.dialect.name != "sqlite" and kind not in CONTENTS:
        pytest.skip("its types refuse that")
    malform(engine, {each: ROW for each in malformed(kind)})

    named = {
        (each.table, column)
        for each in unreadable_rows(engine)
        for column, _ in each.columns
        if each.row == ROW
    }

    assert named == {(each.table.name, each.column) for each in malformed(kind)}


@pytest.mark.parametrize("table", catalog.sorted_tables, ids=str)
def test_every_column_can_be_malformed_in_some_way(table: Table) -> None:
    """But keys, which are numbers whatever is done."""
    wanted = {each.name for each in table.c if not each.primary_key}

    assert {each.column for kind in KINDS for each in malformed(kind) if each.table is table} == (
        wanted
    )


def test_more_rows_than_are_read_at_once_are_all_read(engine: Engine) -> None:
    """Page by page."""
    with writing(engine) as connection:
        for row in range(1, AT_ONCE + 2):
            own = row.to_bytes(16 if row < AT_ONCE else 15)
            connection.execute(insert(tenant).values(row=row, id=own))

    assert [each.row for each in unreadable_rows(engine)] == [AT_ONCE, AT_ONCE + 1]
