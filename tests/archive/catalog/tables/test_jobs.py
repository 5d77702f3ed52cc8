"""The table of jobs belongs to the register."""

from pathlib import Path

import pytest
from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError

from archive.catalog.database.engine import writing
from archive.catalog.tables import jobs
from archive.catalog.tables.catalog import job
from archive.catalog.tables.index import INDEX_TABLES
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import new_catalog


def test_a_rebuild_of_the_index_ends_no_job() -> None:
    """It is begun while the archive is judged, perhaps."""
    here = {each.name for each in vars(jobs).values() if isinstance(each, Table)}

    assert here == {"job"}
    assert here.isdisjoint(table.name for table in INDEX_TABLES)


def test_the_database_itself_lets_one_of_a_kind_run(tmp_path: Path) -> None:
    """Also where two workers look at the same moment."""
    engine = new_catalog(tmp_path)
    row = {
        "kind": "simulation", "arguments": "{}", "author": "a", "ordered_us": 0, "due_us": 0,
        "done": 0, "total": 0, "history": "[]",
    }  # fmt: skip
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        for state in ("queued", "queued", "done", "running"):
            connection.execute(insert(job).values(tenant=tenant, state=state, **row))
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(job).values(tenant=tenant, state="running", **row))
    engine.dispose()
