"""Tests of what an entry of the journal costs."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bench.filled_journal import FIRST_US, ON_A_PAGE, fill
from bench.journal_entries import INDEXES, KINDS, TURN, append_in_turns, drop_indexes


def count(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute("SELECT count(*) FROM journal").fetchone()[0])


def test_both_journals_get_the_same_entries(tmp_path: Path) -> None:
    """And of the one the indexes of auditors are missing, and nothing else."""
    whole, bare = tmp_path / "whole.db", tmp_path / "bare.db"
    for file in (whole, bare):
        fill(file, 100, seed=1, step=lambda _done, _total: None)
    taken = drop_indexes(bare)
    found = append_in_turns(whole, bare, 1, FIRST_US)
    with closing(sqlite3.connect(bare)) as database:
        names = {row[0] for row in database.execute("SELECT name FROM sqlite_schema")}

    assert taken > 0
    assert names.isdisjoint(INDEXES)
    assert count(whole) == count(bare) == 100 + len(KINDS) * TURN
    assert {each.name: each.bytes_a_row > 16 * ON_A_PAGE for each in found} == {
        "read": False, "searched": False, "found": True
    }  # fmt: skip
