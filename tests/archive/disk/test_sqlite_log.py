"""The keystore's log: what was destroyed is in no file of it."""

import random
import sqlite3
from pathlib import Path

import pytest

from archive.disk.sqlite_slack import cut_log
from archive.keys.store.schema import open_database
from tests.archive.keys.vault import Vault, add_key, approve, destroy_at_fence
from tests.support.archive.log_file import found, log_bytes


def test_the_log_is_folded_in_and_cut(tmp_path: Path) -> None:
    """It is empty, not only marked as used."""
    vault = Vault(tmp_path / "keystore.db", recordings=3)
    assert log_bytes(vault.path) > 0

    assert cut_log(vault.connection)
    assert log_bytes(vault.path) == 0


def test_somebody_who_reads_is_not_waited_for(tmp_path: Path) -> None:
    """A backup that reads for minutes must not hold up the whole daemon; the next batch cuts."""
    vault = Vault(tmp_path / "keystore.db", recordings=3)
    reader = sqlite3.connect(vault.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM data_key").fetchone()
    add_key(vault.connection, 3)

    assert not cut_log(vault.connection)
    reader.execute("COMMIT")
    assert cut_log(vault.connection)
    assert vault.connection.execute("PRAGMA busy_timeout").fetchone() == (5000,)


@pytest.mark.parametrize("wipes", ["ON", "OFF"])
def test_no_file_holds_the_wrap_of_a_destroyed_key(tmp_path: Path, wipes: str) -> None:
    """Searched byte by byte, after pages were split and merged: log, free pages, gaps of pages.

    What SQLite does not overwrite is found: else the search would find nothing anywhere.
    """
    vault = Vault(tmp_path / "keystore.db")
    vault.connection.execute(f"PRAGMA secure_delete={wipes}")
    chance = random.Random(18)  # noqa: S311 - which keys, not what they are
    numbers = chance.sample(range(1 << 40), 3_000)
    vault.connection.execute("BEGIN")
    wraps = {number: add_key(vault.connection, number) for number in numbers}
    vault.connection.execute("COMMIT")
    gone = chance.sample(numbers, 2_500)
    approve(vault.connection, gone)
    for first in range(0, len(gone), 64):
        destroy_at_fence(vault.connection, gone[first : first + 64])
        cut_log(vault.connection)

    assert vault.count("destroyed") == 2_500
    assert bool(found(vault.path, (wraps[number] for number in gone))) == (wipes == "OFF")
    kept = [wraps[number] for number in numbers if number not in set(gone)]
    assert found(vault.path, kept) == len(kept)


def test_what_a_killed_process_left_in_the_log_is_cut_by_the_next(tmp_path: Path) -> None:
    """Committed, killed before the log was cut: opening folds it in."""
    vault = Vault(tmp_path / "keystore.db")
    wrap = add_key(vault.connection, 1)
    approve(vault.connection, [1])
    destroy_at_fence(vault.connection, [1])
    assert found(vault.path, [wrap]) == 1

    next_one = open_database(vault.path)
    assert cut_log(next_one)
    assert found(vault.path, [wrap]) == 0
