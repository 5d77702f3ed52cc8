"""Epochs in the keystore: which there are, made on the first start and proved on every start.

Knows nothing of shards and data keys; those are told which epoch is in force.
"""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from archive.keys.errors import EpochKeyWrong, WrapDamaged
from archive.keys.store.key_service import KeyService
from archive.keys.store.schema import transaction

FIRST_EPOCH: Final = 1
_PROBE: Final = b"rokuon epoch probe 1"


class EpochState(StrEnum):
    """`next`: a turn to it is under way. What is `destroyed` opens nothing any more."""

    NEXT = "next"
    CURRENT = "current"
    PAST = "past"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """One epoch; times in µs since 1970 UTC, `destroyed_us` is None while it opens something."""

    number: int
    created_us: int
    state: EpochState
    destroyed_us: int | None = None


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
    prove(service, epoch, row[1])
    return epoch


def epochs(connection: sqlite3.Connection) -> tuple[Epoch, ...]:
    """Every epoch there ever was, oldest first."""
    rows = connection.execute("SELECT id, created_us, state, destroyed_us FROM epoch ORDER BY id")
    return tuple(
        Epoch(number=row[0], created_us=row[1], state=EpochState(row[2]), destroyed_us=row[3])
        for row in rows
    )


def epoch_in_force(connection: sqlite3.Connection) -> int:
    """The one that new keys are wrapped under."""
    (epoch,) = connection.execute("SELECT id FROM epoch WHERE state = 'current'").fetchone()
    return int(epoch)


def make_epoch_key(service: KeyService, epoch: int) -> bytes:
    """Have the service make an epoch's key; return a probe that was opened with it again."""
    service.create(epoch)
    probe = service.wrap(epoch, _PROBE, _aad(epoch))
    prove(service, epoch, probe)
    return probe


def add_epoch(connection: sqlite3.Connection, epoch: Epoch, probe: bytes) -> None:
    """Write a new epoch down, in the caller's transaction."""
    connection.execute(
        "INSERT INTO epoch (id, created_us, wrapped_probe, state) VALUES (?, ?, ?, ?)",
        (epoch.number, epoch.created_us, probe, epoch.state.value),
    )


def put_in_force(connection: sqlite3.Connection, epoch: int) -> None:
    """Make the next epoch the current one, in the caller's transaction."""
    connection.execute("UPDATE epoch SET state = 'past' WHERE state = 'current'")
    connection.execute("UPDATE epoch SET state = 'current' WHERE id = ?", (epoch,))


def note_destroyed(connection: sqlite3.Connection, epoch: int, now_us: int) -> None:
    """Say that a past epoch's key is gone, in the caller's transaction."""
    connection.execute(
        "UPDATE epoch SET state = 'destroyed', destroyed_us = ? WHERE id = ? AND state = 'past'",
        (now_us, epoch),
    )


def prove(service: KeyService, epoch: int, probe: bytes) -> None:
    """Open the probe of an epoch. Raises `EpochKeyMissing` or `EpochKeyWrong`."""
    try:
        opened = service.unwrap(epoch, probe, _aad(epoch))
    except WrapDamaged:
        raise EpochKeyWrong(f"epoch {epoch}: its key is not this keystore's") from None
    if opened != _PROBE:
        raise EpochKeyWrong(f"epoch {epoch}: the probe holds something else")


def _begin(connection: sqlite3.Connection, service: KeyService, now_us: int) -> int:
    probe = make_epoch_key(service, FIRST_EPOCH)
    first = Epoch(number=FIRST_EPOCH, created_us=now_us, state=EpochState.CURRENT)
    with transaction(connection):
        add_epoch(connection, first, probe)
    return FIRST_EPOCH


def _aad(epoch: int) -> bytes:
    return b"rokuon epoch 1" + epoch.to_bytes(8, "big")
