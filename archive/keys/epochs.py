"""Epochs in the keystore: the one in force, made on the first start and probed on every start.

Knows nothing of shards and data keys; those ask it for the epoch in force.
"""

import sqlite3
from typing import Final

from archive.keys.errors import EpochKeyWrong, WrapDamaged
from archive.keys.schema import transaction
from archive.keys.service import KeyService

FIRST_EPOCH: Final = 1
_PROBE: Final = b"rokuon epoch probe 1"


def ensure_epoch(connection: sqlite3.Connection, service: KeyService, now_us: int) -> int:
    """The epoch in force, made if there is none, its key proved to open what it wrapped.

    Raises `EpochKeyMissing` or `EpochKeyWrong` where service and keystore are no pair.
    """
    row = connection.execute(
        "SELECT id, wrapped_probe FROM epoch WHERE state = 'current'"
    ).fetchone()
    if row is None:
        return _begin(connection, service, now_us)
    epoch: int = row[0]
    _prove(service, epoch, row[1])
    return epoch


def _begin(connection: sqlite3.Connection, service: KeyService, now_us: int) -> int:
    service.create(FIRST_EPOCH)
    probe = service.wrap(FIRST_EPOCH, _PROBE, _aad(FIRST_EPOCH))
    _prove(service, FIRST_EPOCH, probe)
    with transaction(connection):
        connection.execute(
            "INSERT INTO epoch (id, created_us, wrapped_probe, state) VALUES (?, ?, ?, 'current')",
            (FIRST_EPOCH, now_us, probe),
        )
    return FIRST_EPOCH


def _prove(service: KeyService, epoch: int, probe: bytes) -> None:
    try:
        opened = service.unwrap(epoch, probe, _aad(epoch))
    except WrapDamaged:
        raise EpochKeyWrong(f"epoch {epoch}: its key is not this keystore's") from None
    if opened != _PROBE:
        raise EpochKeyWrong(f"epoch {epoch}: the probe holds something else")


def _aad(epoch: int) -> bytes:
    return b"rokuon epoch 1" + epoch.to_bytes(8, "big")
