"""Bringing a catalog up to date."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import inspect

from archive.catalog.database.engine import catalog_url, open_engine, reading, writing
from archive.catalog.database.schema_revision import require_current
from archive.catalog.migrate import upgrade
from archive.catalog.tables.catalog import catalog
from archive.catalog.tables.tenants import ensure_tenant, tenant_row
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog import examples


def test_a_new_catalog_is_made_by_upgrading(tmp_path: Path) -> None:
    """The first start and every later one are the same call."""
    url = catalog_url(tmp_path / "catalog.db")

    upgrade(url)

    require_current(url)
    assert set(catalog.tables) <= set(inspect(open_engine(url)).get_table_names())


def test_upgrading_again_keeps_what_is_there(tmp_path: Path) -> None:
    """It runs at every start."""
    url = catalog_url(tmp_path / "catalog.db")
    upgrade(url)
    with writing(open_engine(url)) as connection:
        row = ensure_tenant(connection, DEFAULT_TENANT)

    upgrade(url)

    with reading(open_engine(url)) as connection:
        assert tenant_row(connection, DEFAULT_TENANT) == row


@pytest.mark.postgresql
def test_two_who_upgrade_at_once_both_find_it_upgraded() -> None:
    """Two services start with the machine: the second waits for the first, and has nothing left."""
    url = examples.SERVERS[-1].new_database()
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "archive.catalog.migrate"], stdin=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    with ThreadPoolExecutor() as threads:
        said = [each[1] for each in threads.map(lambda process: process.communicate(url), both)]

    assert ([each.returncode for each in both], said) == ([0, 0], ["", ""])
    require_current(url)


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    """Spaces, question marks and Japanese are fine in a path."""
    folder = tmp_path / "録音 #1? 100%"
    folder.mkdir()

    upgrade(catalog_url(folder / "catalog.db"))

    assert (folder / "catalog.db").exists()
