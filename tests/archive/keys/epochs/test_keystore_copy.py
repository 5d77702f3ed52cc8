"""Copies of the keystore: what one epoch opens, all of it, and nothing that others open."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.backup.errors import SetUnverified
from archive.keys.epochs.keystore_copy import check_keystore, copy_keystore, held_keys
from tests.archive.keys.turning import Turning


def copied(turning: Turning) -> Path:
    copy = turning.folder / "copy.db"
    copy_keystore(turning.folder / "keystore.db", copy, 1)
    return copy


def test_a_copy_is_of_one_moment_and_opens_whole(tmp_path: Path) -> None:
    """What is adopted while it is made is not half in it."""
    turning = Turning(tmp_path)
    first, _ = turning.adopt()
    copy = copied(turning)
    turning.adopt()

    assert check_keystore(copy, turning.service) == 1
    assert held_keys(copy) == [first.key.raw]
    assert copy.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE data_key SET wrapped = zeroblob(40)",
        "UPDATE shard SET wrapped_key = zeroblob(60)",
        "UPDATE signing_key SET wrapped_seed = zeroblob(60)",
        "UPDATE epoch SET wrapped_probe = zeroblob(48)",
        "UPDATE epoch SET state = 'past'",
        "DELETE FROM shard",
    ],
)
def test_whatever_does_not_open_is_found_out_before_it_is_needed(
    tmp_path: Path, damage: str
) -> None:
    """A backup that nobody opened is a hope."""
    turning = Turning(tmp_path)
    turning.adopt()
    copy = copied(turning)
    with closing(sqlite3.connect(copy, isolation_level=None)) as broken:
        broken.execute(damage)

    with pytest.raises(SetUnverified):
        check_keystore(copy, turning.service)


def test_wraps_under_other_epochs_are_in_no_page_of_the_copy(tmp_path: Path) -> None:
    """A set is to die with its epoch, not to live on with another."""
    turning = Turning(tmp_path)
    turning.adopt()
    turning.turn.wish()
    while turning.opened.connection.execute("SELECT count(*) FROM shard").fetchone() != (2,):
        job = turning.turn.next_job()
        assert job is not None
        job.run()
    ((other,),) = turning.opened.connection.execute("SELECT wrapped_key FROM shard WHERE epoch = 2")

    assert other not in copied(turning).read_bytes()
