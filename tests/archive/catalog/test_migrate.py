"""Bringing a catalog up to date."""

from pathlib import Path

from sqlalchemy import inspect

from archive.catalog.engine import catalog_url, open_engine, reading, writing
from archive.catalog.migrate import upgrade
from archive.catalog.revision import require_current
from archive.catalog.tables import catalog
from archive.catalog.tenants import ensure_tenant, tenant_row
from archive.ids import DEFAULT_TENANT


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


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    """Spaces, question marks and Japanese are fine in a path."""
    folder = tmp_path / "録音 #1? 100%"
    folder.mkdir()

    upgrade(catalog_url(folder / "catalog.db"))

    assert (folder / "catalog.db").exists()
