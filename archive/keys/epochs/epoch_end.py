"""The end of epochs of N turns ago: what holds one back, and how its key goes.

Knows nothing of how a turn is made. An epoch that is held back is tried again and again.
"""

import sqlite3
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Final

from archive.ids import IntakeKeyId
from archive.keys.epochs.epochs import epoch_in_force, note_destroyed
from archive.keys.epochs.keystore_sets import KeystoreSets
from archive.keys.epochs.turn import OpenKeystore
from archive.keys.epochs.work_item import WorkItem, WorkThread
from archive.keys.errors import EpochKeyNotGone
from archive.keys.store.schema import transaction

_SEALED_IN: Final = (
    "SELECT coalesce(sum(parts), 0) FROM spool_intake WHERE intake_key IN"
    " (SELECT id FROM intake_key WHERE epoch = ?)"
)


class HeldBackBy(StrEnum):
    """Why the key of an epoch that is due is not destroyed (docs/keys.md)."""

    KEEPER = "keeper"
    SPOOL = "spool"
    NODE = "node"
    COPY = "copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolReport:
    """How many parts in the spools are sealed to which intake key and have no adopted key."""

    sealed: tuple[tuple[IntakeKeyId, int], ...]

    def write(self, connection: sqlite3.Connection, now_us: int) -> None:
        """Put it in the place of the report before it."""
        with transaction(connection):
            connection.execute("DELETE FROM spool_report")
            connection.execute("DELETE FROM spool_intake")
            connection.execute(
                "INSERT INTO spool_report (epoch, at_us)"
                " SELECT id, ? FROM epoch WHERE state = 'current'",
                (now_us,),
            )
            connection.executemany(
                "INSERT INTO spool_intake (intake_key, parts) VALUES (?, ?)",
                [(key.raw, parts) for key, parts in self.sealed],
            )


def held_back(connection: sqlite3.Connection, epoch: int) -> tuple[HeldBackBy, ...]:
    """What a past epoch is still needed for."""
    current = epoch_in_force(connection)
    (used,) = connection.execute(
        "SELECT max(used_epoch) FROM intake_key WHERE epoch = ?", (epoch,)
    ).fetchone()
    reported = connection.execute("SELECT epoch FROM spool_report").fetchone()
    (waiting,) = connection.execute(_SEALED_IN, (epoch,)).fetchone()
    checks = (
        (HeldBackBy.KEEPER, reported is None or reported[0] < current),
        (HeldBackBy.SPOOL, waiting > 0),
        (HeldBackBy.NODE, used is not None and used >= current - 1),
    )
    return tuple(why for why, holds in checks if holds)


def due_epochs(connection: sqlite3.Connection, keep: int) -> tuple[int, ...]:
    """The past epochs of `keep` turns ago and before, oldest first."""
    rows = connection.execute(
        "SELECT id FROM epoch WHERE state = 'past' AND id <="
        " (SELECT id FROM epoch WHERE state = 'current') - ? ORDER BY id",
        (keep,),
    )
    return tuple(row[0] for row in rows)


@dataclass(slots=True)
class EpochEnd:
    """T8. `keep`: how many turns an epoch's key outlives its own."""

    opened: OpenKeystore
    sets: KeystoreSets
    keep: int
    _kept_copy: set[int] = field(default_factory=set)
    _tried: set[int] = field(default_factory=set)
    _gone: int | None = None

    def try_again(self) -> None:
        """Look at all of them once more, those too that did not go the last time."""
        self._tried.clear()

    def next_job(self) -> WorkItem | None:
        """Destroy one that is due and not held back; None where there is none."""
        if self._gone is not None:
            gone = self._gone
            return WorkItem(WorkThread.KEYSTORE, lambda: self._note(gone))
        for epoch in due_epochs(self.opened.connection, self.keep):
            if epoch not in self._tried and not held_back(self.opened.connection, epoch):
                return WorkItem(WorkThread.BESIDE, partial(self._destroy, epoch))
        return None

    def why_held(self) -> dict[int, tuple[HeldBackBy, ...]]:
        """The epochs that are due and still there, each with what holds it back."""
        connection = self.opened.connection
        return {
            epoch: held_back(connection, epoch)
            or ((HeldBackBy.COPY,) if epoch in self._kept_copy else ())
            for epoch in due_epochs(connection, self.keep)
        }

    def _destroy(self, epoch: int) -> None:
        self._tried.add(epoch)
        self.sets.delete_of(epoch)
        try:
            self.opened.service.destroy(epoch)
        except (EpochKeyNotGone, OSError):
            self._kept_copy.add(epoch)
        else:
            self._kept_copy.discard(epoch)
            self._gone = epoch

    def _note(self, epoch: int) -> None:
        with transaction(self.opened.connection):
            self.opened.pairs.end_of(epoch, self.opened.now_us())
            note_destroyed(self.opened.connection, epoch, self.opened.now_us())
        self._gone = None
