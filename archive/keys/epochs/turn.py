"""A turn of the epoch: its steps, what they leave in the keystore, and what stops it.

Knows nothing of threads or of when to turn; the steps are those of docs/keys.md. Each may be cut
anywhere: the keystore says where to go on.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from archive.keys.epochs.epochs import (
    Epoch,
    EpochState,
    add_epoch,
    epoch_in_force,
    make_epoch_key,
    put_in_force,
)
from archive.keys.epochs.keystore_sets import KeystoreSet, KeystoreSets
from archive.keys.epochs.rewrap import Rewrap, shard_without_wrap
from archive.keys.epochs.work_item import WorkItem, WorkThread
from archive.keys.errors import TurnStopped
from archive.keys.store.key_service import KeyService
from archive.keys.store.keystore import Keystore
from archive.keys.store.pairs import KeyPairs
from archive.keys.store.schema import transaction

# Rows deleted in a step: some milliseconds.
FORGOTTEN_A_STEP: Final = 200


class Phase(StrEnum):
    """How far a turn has come: T3, T4 and T5, T7 to T9."""

    WRAPS = "wraps"
    BACKUP = "backup"
    OLD_WRAPS = "old_wraps"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnState:
    """A turn under way; `done` of `total` shards have their new wrap."""

    epoch: int
    phase: Phase
    begun_us: int
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenKeystore:
    """The keystore as the daemon has it open; `publish` gives out the list of intake keys."""

    connection: sqlite3.Connection
    service: KeyService
    keystore: Keystore
    pairs: KeyPairs
    now_us: Callable[[], int]
    publish: Callable[[], None]


class EpochTurn:
    """Turns the epoch when it is wished; a turn that was cut goes on by itself."""

    def __init__(self, opened: OpenKeystore, sets: KeystoreSets) -> None:
        self._opened = opened
        self._sets = sets
        self._is_wished = False
        self._probe: tuple[int, bytes] | None = None
        self._made: KeystoreSet | None = None
        self._held: list[bytes] = []
        self._rewrap = Rewrap(opened.connection, opened.service)
        under_way = self.state()
        if under_way is not None and under_way.phase is not Phase.OLD_WRAPS:
            opened.keystore.turn_to(under_way.epoch)

    @property
    def is_wished(self) -> bool:
        """Whether a turn is to begin."""
        return self._is_wished

    def wish(self) -> None:
        """Begin a turn unless one is under way."""
        self._is_wished = self.state() is None

    def state(self) -> TurnState | None:
        """The turn that is under way."""
        row = self._opened.connection.execute(
            "SELECT epoch, phase, begun_us, total,"
            " (SELECT count(*) FROM shard WHERE shard.epoch = turn.epoch) FROM turn"
        ).fetchone()
        if row is None:
            return None
        return TurnState(
            epoch=row[0], phase=Phase(row[1]), begun_us=row[2], total=row[3], done=row[4]
        )

    def next_job(self) -> WorkItem | None:
        """What is to be done next; None where no turn is under way or wished."""
        row = self._opened.connection.execute("SELECT epoch, phase FROM turn").fetchone()
        if row is None:
            return self._first_job() if self._is_wished else None
        epoch, phase = int(row[0]), Phase(row[1])
        match phase:
            case Phase.WRAPS:
                return WorkItem(WorkThread.KEYSTORE, lambda: self._wrap_some(epoch))
            case Phase.BACKUP if self._made is None:
                return WorkItem(WorkThread.BESIDE, lambda: self._make_set(epoch))
            case Phase.BACKUP:
                return WorkItem(WorkThread.KEYSTORE, lambda: self._put_in_force(epoch))
            case Phase.OLD_WRAPS:
                return WorkItem(WorkThread.KEYSTORE, lambda: self._forget_some(epoch))

    def _first_job(self) -> WorkItem:
        if self._probe is None:
            epoch = self._last_epoch() + 1
            return WorkItem(WorkThread.BESIDE, lambda: self._make_key(epoch))
        made, probe = self._probe
        return WorkItem(WorkThread.KEYSTORE, lambda: self._begin(made, probe))

    def _make_key(self, epoch: int) -> None:
        """T1."""
        self._probe = (epoch, make_epoch_key(self._opened.service, epoch))

    def _begin(self, epoch: int, probe: bytes) -> None:
        """T2."""
        connection, now_us = self._opened.connection, self._opened.now_us()
        begun = Epoch(number=epoch, created_us=now_us, state=EpochState.NEXT)
        with transaction(connection):
            add_epoch(connection, begun, probe)
            self._opened.pairs.turn_to(epoch, now_us)
            connection.execute(
                "INSERT INTO turn (epoch, phase, begun_us, total)"
                " SELECT ?, ?, ?, count(*) FROM shard",
                (epoch, Phase.WRAPS.value, now_us),
            )
        self._probe, self._is_wished = None, False
        self._opened.keystore.turn_to(epoch)

    def _wrap_some(self, epoch: int) -> None:
        """T3, one step of it."""
        connection = self._opened.connection
        with transaction(connection):
            if not self._rewrap.step(epoch_in_force(self._opened.connection), epoch):
                self._enter(Phase.BACKUP)

    def _make_set(self, epoch: int) -> None:
        """T4."""
        self._made = self._sets.make(epoch, self._opened.now_us())

    def _put_in_force(self, epoch: int) -> None:
        """T5 and T6; raises `TurnStopped` where a living key would be lost."""
        connection, made = self._opened.connection, self._made
        assert made is not None
        with transaction(connection):
            shard = shard_without_wrap(connection, epoch)
            if shard is not None:
                raise TurnStopped(f"shard {shard}: keys of it live and have no wrap under {epoch}")
            put_in_force(connection, epoch)
            self._sets.note(connection, made)
            self._enter(Phase.OLD_WRAPS)
        self._made, self._held = None, made.held
        self._opened.keystore.take_up(epoch)
        self._opened.pairs.take_up(epoch)
        self._opened.publish()

    def _forget_some(self, epoch: int) -> None:
        """T7, one step of it; after the last one T9."""
        connection = self._opened.connection
        with transaction(connection):
            if self._held:
                self._sets.note_held(connection, self._held)
                return
            gone = connection.execute(
                "DELETE FROM shard WHERE rowid IN"
                " (SELECT rowid FROM shard WHERE epoch < ? LIMIT ?)",
                (epoch, FORGOTTEN_A_STEP),
            ).rowcount
            if gone == FORGOTTEN_A_STEP:
                return
            connection.execute("DELETE FROM signing_key WHERE epoch < ?", (epoch,))
            connection.execute(
                "DELETE FROM touched_shard WHERE shard NOT IN (SELECT id FROM shard)"
            )
            connection.execute("DELETE FROM turn")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _enter(self, phase: Phase) -> None:
        self._opened.connection.execute("UPDATE turn SET phase = ?", (phase.value,))

    def _last_epoch(self) -> int:
        (epoch,) = self._opened.connection.execute("SELECT max(id) FROM epoch").fetchone()
        return int(epoch)
