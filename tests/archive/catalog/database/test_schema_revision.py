"""Which tables a catalog has."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from archive.catalog.database.engine import catalog_url, open_engine, writing
from archive.catalog.database.schema_revision import (
    FIRST,
    HEAD,
    CatalogOutdated,
    CatalogTooOld,
    present_revision,
    require_current,
)
from archive.catalog.migrate import migrations, upgrade


def test_the_newest_migration_is_what_this_version_needs() -> None:
    """Who adds a migration raises the number, or no catalog is ever upgraded to it."""
    scripts = ScriptDirectory.from_config(migrations())

    assert (scripts.get_base(), scripts.get_current_head()) == (FIRST, HEAD)


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


@pytest.mark.parametrize("number", ["0001", "0030", "0045"])
def test_a_catalog_from_before_the_first_release_is_refused(tmp_path: Path, number: str) -> None:
    """Its numbers are not used again: a step of today is never taken for one of then."""
    url = catalog_url(tmp_path / "catalog.db")
    upgrade(url)
    engine = open_engine(url)
    with writing(engine) as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{number}'")  # noqa: S608  # ours

    with pytest.raises(CatalogTooOld, match=f"at {number}, from before the first release"):
        require_current(url)
    with pytest.raises(CommandError, match=number):
        upgrade(url)
    assert present_revision(url) == number


def test_who_serves_does_not_hold_what_migrations_need() -> None:
    """10 MiB in each process, and a tenth of a second of every command."""
    asked = (
        "import sys, rokuon.compose.archive.keeper, rokuon.compose.api.server; "
        "print('alembic' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert said.stdout == "False\n"
