"""Slack of a database: what no row has any more is in no page, and every row stays as it was."""

import random
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.disk import sqlite_slack
from archive.disk.sqlite_slack import Scrub, cut_log, without_slack

ROWS, GONE = 5_000, 500


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a pass over a small database is many."""
    monkeypatch.setattr(sqlite_slack, "PAGES_A_STEP", 16)


def numbered(path: Path) -> tuple[sqlite3.Connection, list[bytes]]:
    """A table of numbers with an index of them, as the catalog has; and those that were deleted.

    Inserted at random places, so that pages of the index overflow; deletions are overwritten.
    """
    chance = random.Random(1)  # noqa: S311 - which numbers, not what they are
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=OFF", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE leg (row INTEGER PRIMARY KEY, number TEXT, started INTEGER)")
    connection.execute("CREATE INDEX of_number ON leg (number, started)")
    numbers = [f"30{chance.randrange(10**8):08d}" for _ in range(ROWS)]
    connection.execute("BEGIN")
    for at, number in enumerate(numbers, start=1):
        connection.execute("INSERT INTO leg VALUES (?, ?, ?)", (at, number, at))
    gone = chance.sample(range(ROWS), GONE)
    connection.executemany("DELETE FROM leg WHERE row = ?", [(at + 1,) for at in gone])
    connection.execute("COMMIT")
    cut_log(connection)
    left = {each for (each,) in connection.execute("SELECT number FROM leg")}
    return connection, [numbers[at].encode() for at in gone if numbers[at] not in left]


def in_file(path: Path, numbers: list[bytes]) -> int:
    return len({*re.findall(rb"(?=(30\d{8}))", path.read_bytes())} & {*numbers})


def scrub(connection: sqlite3.Connection) -> int:
    one_pass, steps = Scrub(), 0
    while one_pass.step(connection):
        steps += 1
    cut_log(connection)
    return steps


def test_what_was_deleted_is_in_no_page_after_a_pass(tmp_path: Path) -> None:
    """Without it some are: a row that moved when its page overflowed left its bytes behind."""
    connection, gone = numbered(tmp_path / "a.db")
    with closing(connection):
        rows = connection.execute("SELECT * FROM leg").fetchall()
        assert in_file(tmp_path / "a.db", gone) > 0
        steps = scrub(connection)

        assert in_file(tmp_path / "a.db", gone) == 0
        assert steps > 1
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT * FROM leg").fetchall() == rows
        assert connection.execute("SELECT number FROM leg ORDER BY number").fetchall()


def test_what_is_clean_is_not_written_again(tmp_path: Path) -> None:
    """A second pass costs a look."""
    connection, _ = numbered(tmp_path / "a.db")
    with closing(connection):
        scrub(connection)
        scrub(connection)

        assert connection.execute("PRAGMA wal_checkpoint").fetchone() == (0, 0, 0)


def test_pages_of_other_kinds_stay_as_they_are(tmp_path: Path) -> None:
    """What is longer than a page goes on in others; free pages name each other."""
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE text (row INTEGER PRIMARY KEY, value BLOB)")
        kinds = [bytes([kind]) * 20_000 for kind in (2, 5, 10, 13, 0)]
        for value in [*kinds, *kinds]:
            connection.execute("INSERT INTO text (value) VALUES (?)", (value,))
        connection.execute("DELETE FROM text WHERE row > 5")
        scrub(connection)

        assert connection.execute("SELECT value FROM text").fetchall() == [(k,) for k in kinds]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_whoever_writes_meanwhile_loses_nothing(tmp_path: Path) -> None:
    """Pages are looked at again under the lock: between two looks one has become another."""
    connection, _ = numbered(tmp_path / "a.db")
    with closing(connection), closing(sqlite3.connect(tmp_path / "a.db")) as other:
        one_pass, written = Scrub(), 0
        while one_pass.step(connection):
            other.executemany("INSERT INTO leg (number) VALUES (?)", [(f"new{written}",)] * 50)
            other.commit()
            written += 50

        found = "SELECT count(*) FROM leg WHERE number LIKE 'new%'"
        assert connection.execute(found).fetchone() == (written,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_database_too_large_to_tell_its_pages_apart_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above 137 GB a page of text may begin as a page of rows does."""
    connection, gone = numbered(tmp_path / "a.db")
    with closing(connection):
        monkeypatch.setattr(sqlite_slack, "MAX_PAGES", 16)
        before = in_file(tmp_path / "a.db", gone)

        assert scrub(connection) == 0
        assert in_file(tmp_path / "a.db", gone) == before


def test_a_page_that_claims_what_cannot_be_is_not_touched() -> None:
    """Its cells begin before their list ends: it is no page of rows, or it is damaged."""
    page = bytes([13, 0, 0, 0xFF, 0xFF, 0, 9]) + b"x" * 4_089

    assert without_slack(2, page) is page


def test_a_database_with_a_map_of_its_pages_stays_as_it_is(tmp_path: Path) -> None:
    """A page of that map (auto_vacuum) may begin as one of rows does: a pass destroyed it."""
    with closing(sqlite3.connect(tmp_path / "mapped.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA auto_vacuum=FULL")
        connection.execute("CREATE TABLE leg (row INTEGER PRIMARY KEY, number BLOB)")
        connection.execute("BEGIN")
        sizes = ((bytes([9]) * (at % 6_000),) for at in range(3_000))
        connection.executemany("INSERT INTO leg (number) VALUES (?)", sizes)
        connection.execute("COMMIT")
        connection.execute("DELETE FROM leg WHERE row % 3 = 0")

        assert scrub(connection) == 0
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
