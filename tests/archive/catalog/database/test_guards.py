"""The triggers that keep the register from being rewritten are those that the migrations make."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from archive.catalog.database.engine import reading, writing
from archive.catalog.database.guards import EXPECTED, Guards, look_at_guards, present_guards
from tests.archive.catalog.examples import new_catalog
from tests.support.catalog.guards import DROP

REPLACE = {
    "sqlite": (
        "DROP TRIGGER tombstone_is_not_deleted",
        "CREATE TRIGGER tombstone_is_not_deleted BEFORE DELETE ON tombstone BEGIN SELECT 1; END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION tombstones_are_only_added() RETURNS trigger"
        " LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
    ),
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = new_catalog(tmp_path)
    yield made
    made.dispose()


def test_the_list_is_what_the_migrations_make(engine: Engine) -> None:
    """A migration that makes or changes one changes the list, too."""
    with reading(engine) as connection:
        assert present_guards(connection) == EXPECTED[engine.dialect.name]
        assert look_at_guards(connection) == Guards()


def test_one_that_was_dropped_is_missing(engine: Engine) -> None:
    """Whoever would rewrite what it guards drops it first."""
    name = DROP[engine.dialect.name].split()[2]
    with writing(engine) as connection:
        connection.exec_driver_sql(DROP[engine.dialect.name])

    with reading(engine) as connection:
        assert look_at_guards(connection) == Guards(missing=(name,))


def test_one_that_guards_nothing_any_more_is_changed(engine: Engine) -> None:
    """Its name is there still."""
    name = DROP[engine.dialect.name].split()[2]
    with writing(engine) as connection:
        for statement in REPLACE[engine.dialect.name]:
            connection.exec_driver_sql(statement)

    with reading(engine) as connection:
        assert look_at_guards(connection) == Guards(changed=(name,))


def test_one_that_is_switched_off_is_changed(engine: Engine) -> None:
    """As a server allows to who owns the table; SQLite cannot."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite knows no such thing")
    with writing(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE tombstone DISABLE TRIGGER tombstone_stays")

    with reading(engine) as connection:
        assert look_at_guards(connection) == Guards(changed=("tombstone_stays",))
