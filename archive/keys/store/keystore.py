"""Data keys at rest: each wrapped under the shard key of its tenant and UTC day.

Knows nothing of intake pages, sockets or who asks.

States go one way: live (adopted from the spool) → adopted (its object is archived). A key that was
destroyed has no row any more; that it was is remembered beside (docs/guard.md).
"""

import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from archive.errors import KeyRefused
from archive.format.floe import Buffer, zero
from archive.format.header import HeaderBlock
from archive.ids import ID_BYTES, KeyId, RecordingId, TenantId
from archive.keys.errors import Refusal
from archive.keys.store import statements
from archive.keys.store.census import count_adopted, counted
from archive.keys.store.key_service import KEY_BYTES, KeyService
from archive.keys.store.legal_holds import open_placings
from archive.keys.store.schema import transaction
from archive.keys.store.shards import ShardDay, Shards, unwrap_data_key, wrap_data_key
from archive.lifecycle.tombstone import digest_of

DAY_US: Final = 86_400_000_000


class KeyState(StrEnum):
    """How far a data key has come."""

    LIVE = "live"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKeyRow:
    """What the keystore says of a key, the key itself aside. `is_archived`: the catalog has it."""

    state: KeyState
    shard: int
    is_archived: bool
    part: tuple[bytes, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeystoreStatus:
    """Counts by state; `oldest_live_us` is 0 where nothing waits for adoption.

    `placing`: holds that are being placed.
    """

    epoch: int
    live: int
    adopted: int
    destroyed: int
    oldest_live_us: int
    placing: int


class Keystore:
    """The keys of all parts, over one connection used by one thread at a time."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        service: KeyService,
        epoch: int,
        now_us: Callable[[], int],
    ) -> None:
        self._connection = connection
        self._shards = Shards(connection, service)
        self._epoch = epoch
        self._next: tuple[int, ...] = ()
        self._now_us = now_us

    def turn_to(self, epoch: int) -> None:
        """A turn to this epoch is under way: new shards are wrapped under it too."""
        self._next = (epoch,)

    def take_up(self, epoch: int) -> None:
        """From now on everything is wrapped and opened under this epoch."""
        self._epoch, self._next = epoch, ()

    def find(self, key_id: KeyId) -> DataKeyRow | None:
        """What is known of a key; None where it was never adopted, or destroyed."""
        row = self._connection.execute(
            "SELECT state, shard, archived_us, recording, part, generation"
            " FROM data_key WHERE key_id = ?",
            (key_id.raw,),
        ).fetchone()
        if row is None:
            return None
        return DataKeyRow(
            state=KeyState(row[0]),
            shard=row[1],
            is_archived=row[2] is not None,
            part=(row[3], row[4], row[5]),
        )

    def require(self, key_id: KeyId) -> DataKeyRow:
        """What is known of a key. Raises `KeyRefused` where it is unknown or destroyed."""
        row = self.find(key_id)
        if row is None:
            raise self._no_such(key_id)
        return row

    def adopt(self, header: HeaderBlock, data_key: Buffer) -> KeyState:
        """Store the key of a new part as live; what is stored already stays as it is.

        Raises `KeyRefused` for any part of a recording that was destroyed, and for a part that
        another key belongs to.
        """
        assert len(data_key) == KEY_BYTES
        with transaction(self._connection):
            known = self.adopted_before(header)
            if known is None:
                self._insert(header, data_key)
                return KeyState.LIVE
            return known

    def make_key(self, own: RecordingId, tenant: TenantId) -> tuple[KeyId, bytearray]:
        """A key that is born here: the only one of `own`, at once archived; to be zeroed.

        Part of the caller's transaction.
        """
        key_id, now_us = KeyId(secrets.token_bytes(ID_BYTES)), self._now_us()
        key = bytearray(secrets.token_bytes(KEY_BYTES))
        shard, wrapped = self._wrapped(ShardDay(tenant.raw, now_us // DAY_US), key)
        count_adopted(self._connection, tenant, recordings=1)
        self._connection.execute(
            "INSERT INTO data_key (key_id, recording, part, generation, shard, wrapped, state,"
            " created_us, adopted_us, archived_us) VALUES (?, ?, 0, 0, ?, ?, 'adopted', ?, ?, ?)",
            (key_id.raw, own.raw, shard, wrapped, now_us, now_us, now_us),
        )
        return key_id, key

    def adopted_before(self, header: HeaderBlock) -> KeyState | None:
        """The state of a part's key, None where it is new; raises as `adopt` does."""
        row = self.find(header.key)
        if row is None:
            self._refuse_destroyed(header)
            if self._part_is_taken(header):
                raise KeyRefused(Refusal.PART_HAS_OTHER_KEY)
            return None
        if row.part != _part_of(header):
            raise KeyRefused(Refusal.PART_HAS_OTHER_KEY)
        return row.state

    def open(self, key_id: KeyId) -> bytearray:
        """The data key, to be zeroed by who asked. Raises `KeyRefused` or `WrapDamaged`."""
        row = self._connection.execute(
            "SELECT shard, wrapped, recording FROM data_key WHERE key_id = ?", (key_id.raw,)
        ).fetchone()
        if row is None:
            raise self._no_such(key_id)
        # Never, unless somebody has put a row back.
        if self._was_destroyed(RecordingId(row[2])):
            raise KeyRefused(Refusal.KEY_DESTROYED)
        shard_key = self._shards.key(row[0], self._epoch)
        try:
            return unwrap_data_key(shard_key, row[1], key_id.raw)
        finally:
            zero(shard_key)

    def confirm(self, key_id: KeyId) -> KeyState:
        """live → adopted: the part's object is whole. Twice is as good as once."""
        with transaction(self._connection):
            self.require(key_id)
            self._connection.execute(
                "UPDATE data_key SET state = 'adopted', adopted_us = ?"
                " WHERE key_id = ? AND state = 'live'",
                (self._now_us(), key_id.raw),
            )
        return KeyState.ADOPTED

    def mark_archived(self, key_id: KeyId) -> None:
        """The catalog has the part: from now on the keeper may not open it any more."""
        with transaction(self._connection):
            if self.require(key_id).state is not KeyState.ADOPTED:
                raise KeyRefused(Refusal.NOT_CONFIRMED)
            self._connection.execute(
                "UPDATE data_key SET archived_us = ? WHERE key_id = ? AND archived_us IS NULL",
                (self._now_us(), key_id.raw),
            )

    def status(self) -> KeystoreStatus:
        """How many keys are in which state."""
        live, oldest_us = self._connection.execute(
            "SELECT count(*), coalesce(min(created_us), 0) FROM data_key WHERE state = 'live'"
        ).fetchone()
        all_keys = counted(self._connection)
        return KeystoreStatus(
            epoch=self._epoch,
            live=live,
            adopted=all_keys.keys - live,
            destroyed=all_keys.destroyed,
            oldest_live_us=oldest_us,
            placing=open_placings(self._connection),
        )

    def close(self) -> None:
        """Close the database; SQLite folds its log in."""
        self._connection.close()

    def _no_such(self, key_id: KeyId) -> KeyRefused:
        was = self._connection.execute(statements.WAS_DESTROYED, {"key": key_id.raw}).fetchone()
        return KeyRefused(Refusal.KEY_UNKNOWN if was is None else Refusal.KEY_DESTROYED)

    def _refuse_destroyed(self, header: HeaderBlock) -> None:
        """Also a part with a key that we never saw: its recording is gone, so is all of it."""
        key = {"key": header.key.raw}
        was = self._connection.execute(statements.WAS_DESTROYED, key).fetchone()
        if was is not None or self._was_destroyed(header.recording):
            raise KeyRefused(Refusal.KEY_DESTROYED)

    def _was_destroyed(self, own: RecordingId) -> bool:
        digest = {"digest": digest_of(own)}
        (at_us,) = self._connection.execute(statements.WHEN_DESTROYED, digest).fetchone()
        return at_us is not None

    def _part_is_taken(self, header: HeaderBlock) -> bool:
        row = self._connection.execute(
            "SELECT 1 FROM data_key WHERE recording = ? AND part = ? AND generation = ?",
            _part_of(header),
        ).fetchone()
        return row is not None

    def _insert(self, header: HeaderBlock, data_key: Buffer) -> None:
        of = ShardDay(header.tenant.raw, header.created_us // DAY_US)
        shard, wrapped = self._wrapped(of, data_key)
        known = self._connection.execute(
            statements.KEYS_OF_RECORDING, {"recording": header.recording.raw}
        ).fetchone()
        count_adopted(self._connection, header.tenant, recordings=1 if known is None else 0)
        self._connection.execute(
            "INSERT INTO data_key (key_id, recording, part, generation, shard, wrapped, state,"
            " created_us) VALUES (?, ?, ?, ?, ?, ?, 'live', ?)",
            (header.key.raw, *_part_of(header), shard, wrapped, self._now_us()),
        )

    def _wrapped(self, of: ShardDay, data_key: Buffer) -> tuple[int, bytes]:
        """The shard of a day, and the key wrapped under its."""
        shard = self._shards.of_day(of, self._epoch, *self._next)
        shard_key = self._shards.key(shard, self._epoch)
        wrapped = wrap_data_key(shard_key, data_key)
        zero(shard_key)
        return shard, wrapped


def _part_of(header: HeaderBlock) -> tuple[bytes, int, int]:
    return header.recording.raw, header.part, header.generation
