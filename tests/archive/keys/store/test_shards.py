"""Shards: where new keys go, and where they do not."""

from pathlib import Path

import pytest

from archive.keys.errors import WrapDamaged
from archive.keys.store.shards import Shards, unwrap_data_key, wrap_data_key
from tests.archive.keys.turning import Turning


def test_a_touched_shard_takes_no_new_keys(tmp_path: Path) -> None:
    """The next turn ends it: what came in now would have to move at once."""
    turning = Turning(tmp_path)
    first, _ = turning.adopt()
    before = turning.opened.keystore.find(first.key)
    turning.destroy(first)
    second, _ = turning.adopt()

    after = turning.opened.keystore.find(second.key)
    assert before is not None
    assert after is not None
    assert after.shard != before.shard


def test_a_shard_made_during_a_turn_has_both_wraps(tmp_path: Path) -> None:
    """A call that begins between two steps is not forgotten by the turn."""
    turning = Turning(tmp_path)
    turning.turn.wish()
    for _ in range(2):
        job = turning.turn.next_job()
        assert job is not None
        job.run()
    turning.adopt()

    rows = turning.opened.connection.execute("SELECT epoch FROM shard ORDER BY epoch").fetchall()
    assert rows == [(1,), (2,)]


def test_a_shard_without_a_wrap_is_named(tmp_path: Path) -> None:
    """The number leads to it."""
    opened = Turning(tmp_path).opened

    with pytest.raises(WrapDamaged, match="shard 9"):
        Shards(opened.connection, opened.service).key(9, 1)


def test_a_wrap_of_another_shard_does_not_open() -> None:
    """The wrap proves its key (RFC 3394)."""
    wrapped = wrap_data_key(bytes(32), b"k" * 32)

    assert unwrap_data_key(bytes(32), wrapped, b"") == b"k" * 32
    with pytest.raises(WrapDamaged):
        unwrap_data_key(b"1" * 32, wrapped, b"")
