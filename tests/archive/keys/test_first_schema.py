"""The first schema makes what the six steps before it ended in."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from archive.keys.first_schema import FIRST_SCHEMA
from archive.keys.schema import open_database, statements


def _shape(keystore: sqlite3.Connection) -> dict[str, object]:
    """All that a file says of its schema, and every row that lies in it."""
    shape: dict[str, object] = {}
    for kind, name, sql in keystore.execute("SELECT type, name, sql FROM sqlite_schema").fetchall():
        # A table that was renamed has its name in quotes; a column that was added, its comma behind
        # the line of the one before.
        shape[f"{kind} {name}"] = sql and re.sub(r"\s*,\s*", ", ", " ".join(sql.split())).replace(
            f'"{name}"', name
        ).replace(" )", ")")
        if kind == "table":
            for pragma in ("table_xinfo", "table_list", "foreign_key_list", "index_list"):
                shape[f"{pragma} of {name}"] = keystore.execute(
                    f"PRAGMA {pragma}({name})"
                ).fetchall()
            shape[f"rows of {name}"] = keystore.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608  # ours
        if kind == "index":
            shape[f"index_xinfo of {name}"] = keystore.execute(
                f"PRAGMA index_xinfo({name})"
            ).fetchall()
    return shape


def test_a_keystore_is_the_one_that_the_steps_made(tmp_path: Path) -> None:
    """Tables, columns, checks, keys, indexes, triggers, and the rows that are there at first."""
    with (
        closing(open_database(tmp_path / "steps.db")) as steps,
        closing(sqlite3.connect(tmp_path / "first.db", isolation_level=None)) as first,
    ):
        for statement in statements(FIRST_SCHEMA):
            first.execute(statement)
        made, shape = _shape(first), _shape(steps)

    assert {
        name: (each, made.get(name)) for name, each in shape.items() if each != made.get(name)
    } == {}
    assert sorted(made) == sorted(shape)
    assert len([name for name in made if name.startswith("trigger ")]) == 3
