"""The guard's SQL, statement by statement."""

import re
import sqlite3
from pathlib import Path

import pytest

from archive.keys.store import statements
from archive.keys.store.schema import open_database

LISTS = ("HOLD_KEYS", "HELD_OF", "DESTROYED_OF")
ALL = {
    name: value
    for name, value in vars(statements).items()
    if name.isupper() and not name.startswith("_") and name != "UNLESS_HELD"
}
ALL["HOLD_KEYS"] += statements.UNLESS_HELD
# The keys that are asked for, which come as one value.
OF_LISTS = {"SCAN CONSTANT ROW", "SCAN place"}
LOOKED_UP = (*LISTS, "WAS_DESTROYED", "PLANNED_KEYS", "KEYS_OF_RECORDING", "WHEN_DESTROYED")


def plan_of(path: Path, statement: str) -> str:
    connection = open_database(path)
    values = dict.fromkeys(re.findall(r":(\w+)", statement), 1)
    rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    return " ".join(row[3] for row in rows if row[3] not in OF_LISTS)


@pytest.mark.parametrize("name", ALL)
def test_sqlite_takes_every_statement(tmp_path: Path, name: str) -> None:
    """What PostgreSQL makes of them is in `test_race_postgresql.py`."""
    values = dict.fromkeys(re.findall(r":(\w+)", ALL[name]), b"x")
    connection = open_database(tmp_path / "keystore.db")

    assert isinstance(connection.execute(f"EXPLAIN {ALL[name]}", values).fetchall(), list)


@pytest.mark.parametrize("name", [*LOOKED_UP, "DELETE_KEYS", "LET_GO", "FORGET_PLANNED"])
def test_what_is_asked_for_each_recording_is_looked_up(tmp_path: Path, name: str) -> None:
    """A scan of ten million rows would hold up everybody else for a second."""
    plan = plan_of(tmp_path / "keystore.db", ALL[name])

    assert "SEARCH" in plan
    assert "SCAN" not in plan


def test_a_delete_looks_its_holds_up(tmp_path: Path) -> None:
    """The foreign key asks by key, and `hold_key` leads with it."""
    connection = open_database(tmp_path / "keystore.db")
    columns = connection.execute("PRAGMA foreign_key_list(hold_key)").fetchall()
    first = connection.execute("PRAGMA table_info(hold_key)").fetchall()[0]

    assert {row[2:4] + row[6:7] for row in columns} == {
        ("data_key", "key_id", "RESTRICT"),
        ("hold", "hold", "RESTRICT"),
    }
    assert (first[1], first[5]) == ("key_id", 1)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO hold_key VALUES (zeroblob(16), zeroblob(16))")
