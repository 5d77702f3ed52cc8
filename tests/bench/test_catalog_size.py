"""What a catalog takes is told by table, and adds up to its file."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bench.catalog_size import sizes


def test_each_table_has_its_indexes_and_all_add_up_to_the_file(tmp_path: Path) -> None:
    """What is left out would be said to take nothing."""
    file = tmp_path / "some.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE one (a TEXT UNIQUE, b TEXT)")
        database.execute("CREATE INDEX by_b ON one (b)")
        database.execute("CREATE TABLE other (a TEXT)")
        rows = [(f"{n:099}", f"{n:099}") for n in range(1_000)]
        database.executemany("INSERT INTO one VALUES (?, ?)", rows)
        database.commit()
        first, *_, last = sizes(database, 10)

    assert first[:2] == ["one", 100.0]
    assert 20_000 < first[2] < 30_000, "two texts of a hundred bytes, a hundred times"
    assert first[2] * 0.9 < first[3] < first[2] * 1.2, "both indexes hold one of them each"
    assert last[-1] == file.stat().st_size / 10
