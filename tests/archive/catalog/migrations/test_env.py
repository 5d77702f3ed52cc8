"""A migration runs whole or not at all, the first and every one behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from archive.catalog.database import schema_revision
from archive.catalog.database.engine import catalog_url, open_engine, reading, writing
from archive.catalog.database.guards import Guards, look_at_guards
from archive.catalog.database.schema_revision import (
    HEAD,
    CatalogOutdated,
    present_revision,
    require_current,
)
from archive.catalog.migrate import upgrade
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT
from rokuon.doctor import catalog as checks
from rokuon.doctor.facts import CatalogFacts, CatalogState
from tests.archive.catalog.examples import new_catalog
from tests.rokuon.doctor import examples as doctor
from tests.support.catalog.later_version import SECOND, later_version

TOLD = text("SELECT id, told FROM tenant")


@pytest.fixture
def before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A catalog of this version with a row, and a version that has one step more."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        ensure_tenant(connection, DEFAULT_TENANT)
    later_version(tmp_path, monkeypatch)
    yield engine
    engine.dispose()


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


@contextmanager
def power_cut_at(beginning: str) -> Iterator[None]:
    def cut(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if beginning in statement:
            raise SQLAlchemyError("power cut")

    event.listen(Engine, "before_cursor_execute", cut)
    try:
        with pytest.raises(SQLAlchemyError, match="power cut"):
            yield
    finally:
        event.remove(Engine, "before_cursor_execute", cut)


def test_a_migration_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """Power may fail during an upgrade; the next start must be able to begin again."""
    url = catalog_url(tmp_path / "catalog.db")

    with power_cut_at("CREATE TABLE leg_name"):
        upgrade(url)

    assert inspect(open_engine(url)).get_table_names() == []
    upgrade(url)
    require_current(url)


def test_a_second_step_changes_what_the_first_one_made(before: Engine) -> None:
    """Rows stay, and so do the guards: every later version is reached like this."""
    upgrade(url_of(before))

    assert present_revision(url_of(before)) == SECOND
    with reading(before) as connection:
        rows = connection.execute(TOLD).all()
        assert [(bytes(own), told) for own, told in rows] == [
            (DEFAULT_TENANT.raw, "by the second step")
        ]
        assert look_at_guards(connection) == Guards()


def test_a_second_step_that_breaks_off_leaves_the_first(before: Engine) -> None:
    """Tables and rows are those of before, and the number says so."""
    with power_cut_at("UPDATE tenant"):
        upgrade(url_of(before))

    assert present_revision(url_of(before)) == HEAD
    with pytest.raises(SQLAlchemyError), reading(before) as connection:
        connection.execute(TOLD)
    upgrade(url_of(before))
    assert present_revision(url_of(before)) == SECOND


def test_both_versions_say_that_a_catalog_is_the_other_ones(
    before: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The later one until its keeper has taken the step, the earlier one from then on (CAT-002)."""

    def fix() -> str:
        present = CatalogFacts(state=CatalogState(revision=present_revision(url_of(before))))
        return checks.revision(replace(doctor.healthy(), calls=present)).fix

    def need(number: str) -> None:
        monkeypatch.setattr(schema_revision, "HEAD", number)
        monkeypatch.setattr(checks, "HEAD", number)

    assert fix() == ""
    need(SECOND)
    with pytest.raises(CatalogOutdated, match=f"at {HEAD}, this version needs {SECOND}"):
        require_current(url_of(before))
    assert fix().startswith("start its keeper")
    upgrade(url_of(before))
    require_current(url_of(before))
    assert fix() == ""
    need(HEAD)
    with pytest.raises(CatalogOutdated, match=f"at {SECOND}, this version needs {HEAD}"):
        require_current(url_of(before))
    assert fix().endswith("or go back to the later version")
