"""A copy of the keystore that one epoch opens: made while the keystore is in use, and checked.

Knows nothing of where copies are kept or when they are made. Needs no turn of the thread that
answers: it has a connection of its own.
"""

import sqlite3
from pathlib import Path
from typing import Final

from archive.backup.database_copy import check_pages, copied, read_only
from archive.backup.errors import SetUnverified
from archive.errors import ArchiveError
from archive.format.floe import zero
from archive.keys.epochs.epochs import prove
from archive.keys.store.key_service import KeyService
from archive.keys.store.pairs import KeyPairs
from archive.keys.store.shards import Shards, unwrap_data_key

# What only other epochs open goes; private intake keys of epochs before are each under their own.
_REDUCE: Final = (
    "UPDATE epoch SET state = 'past' WHERE state = 'current' AND id <> ?1",
    "UPDATE epoch SET state = 'current' WHERE id = ?1",
    "DELETE FROM shard WHERE epoch <> ?1",
    "DELETE FROM signing_key WHERE epoch <> ?1",
    "DELETE FROM intake_key WHERE epoch > ?1",
    "DELETE FROM epoch WHERE id > ?1",
)
_UNDER_WAY: Final = ("turn", "spool_report", "spool_intake")


def copy_keystore(source: Path, target: Path, epoch: int) -> None:
    """Copy what a keystore is at one moment, reduced to what this epoch opens.

    Raises `sqlite3.Error`, `OSError`.
    """
    with copied(source, target) as copy:
        copy.execute("PRAGMA secure_delete=ON")
        copy.execute("BEGIN")
        for table in _UNDER_WAY:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608  # names of our own
        for statement in _REDUCE:
            copy.execute(statement, (epoch,))
        copy.execute("COMMIT")
        copy.execute("VACUUM")


def check_keystore(path: Path, service: KeyService) -> int:
    """Open everything in a keystore that nobody uses: so many keys. Raises `SetUnverified`."""
    with read_only(path) as connection:
        try:
            check_pages(connection)
            epoch = _check_epoch(connection, service)
            _check_pairs(connection, service, epoch)
            shards = _shard_keys(connection, service, epoch)
            keys = _check_data_keys(connection, shards)
        except (ArchiveError, sqlite3.Error) as broken:
            raise SetUnverified(str(broken)) from broken
    for key in shards.values():
        zero(key)
    return keys


def held_keys(path: Path) -> list[bytes]:
    """The ids of the keys in a copy that no earlier backup held."""
    with read_only(path) as connection:
        return [row[0] for row in connection.execute("SELECT key_id FROM unbacked")]


def _check_epoch(connection: sqlite3.Connection, service: KeyService) -> int:
    row = connection.execute(
        "SELECT id, wrapped_probe FROM epoch WHERE state = 'current'"
    ).fetchone()
    if row is None:
        raise SetUnverified("no epoch is in force")
    prove(service, row[0], row[1])
    return int(row[0])


def _check_pairs(connection: sqlite3.Connection, service: KeyService, epoch: int) -> None:
    pairs = KeyPairs(connection, service, epoch)
    pairs.signing_key()
    for public, _ in pairs.intake_keys():
        pairs.private_key(public.id)


def _shard_keys(
    connection: sqlite3.Connection, service: KeyService, epoch: int
) -> dict[int, bytearray]:
    shards = Shards(connection, service)
    rows = connection.execute("SELECT id FROM shard WHERE epoch = ?", (epoch,)).fetchall()
    return {row[0]: shards.key(row[0], epoch) for row in rows}


def _check_data_keys(connection: sqlite3.Connection, shards: dict[int, bytearray]) -> int:
    count = 0
    for key_id, shard, wrapped in connection.execute(
        "SELECT key_id, shard, wrapped FROM data_key WHERE wrapped IS NOT NULL"
    ):
        if shard not in shards:
            raise SetUnverified(f"key {key_id.hex()}: its shard {shard} has no wrap")
        zero(unwrap_data_key(shards[shard], wrapped, key_id))
        count += 1
    return count
