"""Which tables a catalog has."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from archive.catalog.engine import catalog_url
from archive.catalog.migrate import migrations, upgrade
from archive.catalog.revision import HEAD, CatalogOutdated, present_revision, require_current


def test_the_newest_migration_is_what_this_version_needs() -> None:
    """Who adds a migration raises the number, or no catalog is ever upgraded to it."""
    assert ScriptDirectory.from_config(migrations()).get_current_head() == HEAD


def test_a_catalog_says_which_migration_was_its_last(tmp_path: Path) -> None:
    """None for a new one."""
    url = catalog_url(tmp_path / "catalog.db")
    assert present_revision(url) == ""

    upgrade(url)

    assert present_revision(url) == HEAD


def test_an_outdated_catalog_is_named(tmp_path: Path) -> None:
    """Better than the first query that fails."""
    with pytest.raises(CatalogOutdated, match="this version needs"):
        require_current(catalog_url(tmp_path / "catalog.db"))


def test_who_serves_does_not_hold_what_migrations_need() -> None:
    """10 MiB in each process, and a tenth of a second of every command."""
    asked = "import sys, rokuon.compose.keeper, rokuon.compose.api; print('alembic' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert said.stdout == "False\n"
