"""New wraps beside the old, as far as the steps of a turn do not show it."""

from pathlib import Path

from archive.keys.epochs.rewrap import Rewrap, shard_without_wrap
from archive.keys.store.schema import transaction
from tests.archive.keys.turning import Turning


def test_what_is_left_is_seen_without_going_through_all_keys(tmp_path: Path) -> None:
    """One look into the index for each shard: a turn asks it while everybody waits."""
    turning = Turning(tmp_path)
    turning.adopt()
    plan = turning.opened.connection.execute(
        "EXPLAIN QUERY PLAN SELECT min(shard) FROM data_key WHERE shard > 1"
    ).fetchall()

    assert "data_key_by_shard" in plan[0][-1]
    assert shard_without_wrap(turning.opened.connection, 1) is None
    assert shard_without_wrap(turning.opened.connection, 2) == 1


def test_nothing_is_left_to_do_in_an_empty_keystore(tmp_path: Path) -> None:
    """The first turn may come before the first call."""
    opened = Turning(tmp_path).opened
    with transaction(opened.connection):
        assert not Rewrap(opened.connection, opened.service).step(1, 2)
