"""Shard keys: one for each tenant and UTC day, wrapped under epochs; data keys are under them.

Knows nothing of recordings, nor when an epoch turns. A shard whose key has wraps under two epochs
opens with either.
"""

import secrets
import sqlite3
from dataclasses import dataclass

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from archive.format.floe import Buffer, zero
from archive.keys.errors import WrapDamaged
from archive.keys.store.key_service import KEY_BYTES, KeyService


@dataclass(frozen=True, slots=True)
class ShardDay:
    """Whose keys of which day (counted from 1970-01-01 UTC) lie in a shard."""

    tenant: bytes
    day: int


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of a keystore; what is written is part of the caller's transaction."""

    connection: sqlite3.Connection
    service: KeyService

    def of_day(self, of: ShardDay, *epochs: int) -> int:
        """The shard to which keys of that day go, made if there is none, under all these epochs.

        Not one of which a key was destroyed: the next turn ends it.
        """
        row = self.connection.execute(
            "SELECT max(id) FROM shard WHERE tenant = ? AND day = ? AND epoch = ?"
            " AND id NOT IN (SELECT shard FROM touched_shard)",
            (of.tenant, of.day, epochs[-1]),
        ).fetchone()
        return self.make(of, *epochs) if row[0] is None else int(row[0])

    def make(self, of: ShardDay, *epochs: int) -> int:
        """A new shard, with a proved wrap under each of these epochs."""
        (last,) = self.connection.execute("SELECT coalesce(max(id), 0) FROM shard").fetchone()
        shard, key = int(last) + 1, bytearray(secrets.token_bytes(KEY_BYTES))
        for epoch in epochs:
            self._wrap(shard, of, key, epoch)
        zero(key)
        return shard

    def wrap_again(self, shard: int, old: int, new: int) -> None:
        """Write a proved wrap under the epoch `new` beside that under `old`.

        Raises `WrapDamaged` where the old one does not open.
        """
        of, key = self.day_of(shard, old), self.key(shard, old)
        self._wrap(shard, of, key, new)
        zero(key)

    def key(self, shard: int, epoch: int) -> bytearray:
        """The shard's key, to be zeroed; raises `WrapDamaged`, `EpochKeyMissing`."""
        tenant, day, wrapped = self._row(shard, epoch)
        return self.service.unwrap(epoch, wrapped, shard_aad(shard, epoch, ShardDay(tenant, day)))

    def day_of(self, shard: int, epoch: int) -> ShardDay:
        """Whose it is; raises `WrapDamaged` where it has no wrap under this epoch."""
        tenant, day, _ = self._row(shard, epoch)
        return ShardDay(tenant, day)

    def _row(self, shard: int, epoch: int) -> tuple[bytes, int, bytes]:
        row = self.connection.execute(
            "SELECT tenant, day, wrapped_key FROM shard WHERE id = ? AND epoch = ?", (shard, epoch)
        ).fetchone()
        if row is None:
            raise WrapDamaged(f"shard {shard}: no wrap under epoch {epoch}")
        return row[0], row[1], row[2]

    def _wrap(self, shard: int, of: ShardDay, key: bytearray, epoch: int) -> None:
        aad = shard_aad(shard, epoch, of)
        wrapped = self.service.wrap(epoch, key, aad)
        opened = self.service.unwrap(epoch, wrapped, aad)
        if not bytes_eq(bytes(opened), bytes(key)):
            raise WrapDamaged(f"shard {shard}: its new wrap holds something else")
        zero(opened)
        self.connection.execute(
            "INSERT INTO shard (id, tenant, day, epoch, wrapped_key) VALUES (?, ?, ?, ?, ?)",
            (shard, of.tenant, of.day, epoch, wrapped),
        )


def wrap_data_key(shard_key: Buffer, data_key: Buffer) -> bytes:
    """Wrap a data key (RFC 3394)."""
    return aes_key_wrap(bytes(shard_key), bytes(data_key))


def unwrap_data_key(shard_key: Buffer, wrapped: bytes, key_id: bytes) -> bytearray:
    """Open a data key's wrap; raises `WrapDamaged`, which names the key."""
    try:
        return bytearray(aes_key_unwrap(bytes(shard_key), wrapped))
    except InvalidUnwrap:
        raise WrapDamaged(f"key {key_id.hex()}: its wrap does not open") from None


def shard_aad(shard: int, epoch: int, of: ShardDay) -> bytes:
    """What a shard key's wrap is bound to."""
    numbers = b"".join(number.to_bytes(8, "big") for number in (shard, epoch, of.day))
    return b"rokuon shard 1" + numbers + of.tenant
