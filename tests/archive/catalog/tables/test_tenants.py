"""Tenants inside the catalog."""

from pathlib import Path

from archive.catalog.database.engine import reading, writing
from archive.catalog.tables.tenants import NOBODY, ensure_tenant, tenant_row, touch
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import OTHER_TENANT, new_catalog


def test_a_tenant_keeps_its_row(tmp_path: Path) -> None:
    """Everything else hangs on it."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        ours = ensure_tenant(connection, DEFAULT_TENANT)
        theirs = ensure_tenant(connection, OTHER_TENANT)

        assert ours != theirs
        assert ensure_tenant(connection, DEFAULT_TENANT) == ours


def test_asking_does_not_make_a_tenant(tmp_path: Path) -> None:
    """A question must leave no trace but its journal entry."""
    with reading(new_catalog(tmp_path)) as connection:
        assert tenant_row(connection, DEFAULT_TENANT) == NOBODY


def test_to_touch_a_tenant_changes_nothing(tmp_path: Path) -> None:
    """It is a write all the same: `api/sign_in/test_steps.py` sees that it waits for the disk."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        ours = ensure_tenant(connection, DEFAULT_TENANT)
        touch(connection, DEFAULT_TENANT)
        touch(connection, OTHER_TENANT)

        assert tenant_row(connection, DEFAULT_TENANT) == ours
        assert tenant_row(connection, OTHER_TENANT) == NOBODY
