"""New wraps beside the old: living shards under the next epoch, survivors of touched ones moved.

Knows nothing of the other steps of a turn. Each wrap is proved before it is written down.
"""

import sqlite3
from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq

from archive.format.floe import zero
from archive.keys.errors import WrapDamaged
from archive.keys.store.key_service import KeyService
from archive.keys.store.shards import Shards, unwrap_data_key, wrap_data_key

# Each some milliseconds, a commit's sync aside: a step holds everybody else up for less than 100.
SHARDS_A_STEP: Final = 50
KEYS_A_STEP: Final = 100

_UNTOUCHED: Final = (
    "SELECT id FROM shard AS old WHERE epoch = ?1 AND id > ?3"
    " AND id NOT IN (SELECT shard FROM touched_shard)"
    " AND NOT EXISTS (SELECT 1 FROM shard AS new WHERE new.id = old.id AND new.epoch = ?2)"
    " ORDER BY id LIMIT ?4"
)
_TOUCHED: Final = (
    "SELECT touched.shard FROM touched_shard AS touched WHERE"
    " EXISTS (SELECT 1 FROM data_key WHERE data_key.shard = touched.shard)"
    " AND NOT EXISTS (SELECT 1 FROM shard WHERE id = touched.shard AND epoch = ?) LIMIT 1"
)
# Every shard that has keys, one look into the index for each, whatever number of keys there is.
_WITHOUT_WRAP: Final = (
    "WITH RECURSIVE used (id) AS ("
    " SELECT min(shard) FROM data_key UNION ALL"
    " SELECT (SELECT min(shard) FROM data_key WHERE shard > used.id) FROM used"
    " WHERE used.id IS NOT NULL)"
    " SELECT id FROM used WHERE id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM shard WHERE shard.id = used.id AND epoch = ?) LIMIT 1"
)


class Rewrap:
    """Goes through the shards; a new one begins anew and finds what is done already."""

    def __init__(self, connection: sqlite3.Connection, service: KeyService) -> None:
        self._connection = connection
        self._shards = Shards(connection, service)
        self._after = 0

    def step(self, old: int, new: int) -> bool:
        """Wrap or move some, in the caller's transaction; false where nothing is left to do.

        Raises `WrapDamaged`, `EpochKeyMissing`.
        """
        rows = self._connection.execute(
            _UNTOUCHED, (old, new, self._after, SHARDS_A_STEP)
        ).fetchall()
        for (shard,) in rows:
            self._shards.wrap_again(shard, old, new)
            self._after = shard
        if rows:
            return True
        touched = self._connection.execute(_TOUCHED, (new,)).fetchone()
        if touched is None:
            self._after = 0
            return False
        self._move_some(touched[0], old, new)
        return True

    def _move_some(self, shard: int, old: int, new: int) -> None:
        """Survivors of a shard of which a key was destroyed go under another key of that day."""
        target = self._shards.of_day(self._shards.day_of(shard, old), old, new)
        from_key, to_key = self._shards.key(shard, old), self._shards.key(target, old)
        rows = self._connection.execute(
            "SELECT key_id, wrapped FROM data_key WHERE shard = ? LIMIT ?", (shard, KEYS_A_STEP)
        ).fetchall()
        moved = [(target, _moved(from_key, to_key, *row), row[0]) for row in rows]
        self._connection.executemany(
            "UPDATE data_key SET shard = ?, wrapped = ? WHERE key_id = ?", moved
        )
        zero(from_key)
        zero(to_key)


def shard_without_wrap(connection: sqlite3.Connection, epoch: int) -> int | None:
    """A shard whose keys would be lost if this epoch alone opened the keystore."""
    row = connection.execute(_WITHOUT_WRAP, (epoch,)).fetchone()
    return None if row is None else int(row[0])


def _moved(from_key: bytearray, to_key: bytearray, key_id: bytes, wrapped: bytes) -> bytes:
    data_key = unwrap_data_key(from_key, wrapped, key_id)
    moved = wrap_data_key(to_key, data_key)
    opened = unwrap_data_key(to_key, moved, key_id)
    if not bytes_eq(bytes(opened), bytes(data_key)):
        raise WrapDamaged(f"key {key_id.hex()}: its new wrap holds something else")
    zero(opened)
    zero(data_key)
    return moved
