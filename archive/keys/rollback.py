"""The gate of a keystore that was put back: closed until what was destroyed since is gone again.

Knows nothing of sockets or of the catalog: it is told digests of recordings (docs/backup.md).
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from archive.errors import KeyRefused
from archive.ids import RecordingId, TenantId
from archive.keys.census import count_destroyed
from archive.keys.errors import Refusal
from archive.keys.job import Job, Place
from archive.keys.restored_holds import raise_fences
from archive.keys.schema import transaction
from archive.keys.tally import Tally, count_some, has_uncounted, tally_of
from archive.keys.tally_file import TallyFile, TallyUnreadable
from archive.tombstone_digest import digest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GateState:
    """`known` of `counted` destructions; `counted` is None where nobody can say how many."""

    is_open: bool
    known: int
    counted: int | None


@dataclass(slots=True)
class RollbackGate:
    """Open as long as the keystore knows every destruction that was counted beside the keys."""

    connection: sqlite3.Connection
    file: TallyFile
    _is_open: bool = field(init=False)
    _counted: Tally | None = field(init=False)
    _was_replayed: bool = False
    _written: tuple[Tally, int] | None = None
    _recordings: dict[bytes, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Compare, once all that was destroyed is counted.

        Where it is shut, the fence stays up behind it: holds were placed since, too.
        """
        self._count_all()
        self._is_open = self._is_as_counted()
        if not self._is_open:
            raise_fences(self.connection)

    @property
    def is_open(self) -> bool:
        """Whether keys may be opened, adopted and destroyed."""
        return self._is_open

    def state(self) -> GateState:
        """How far it is."""
        return GateState(
            is_open=self._is_open,
            known=tally_of(self.connection).recordings,
            counted=None if self._counted is None else self._counted.recordings,
        )

    def next_job(self) -> Job | None:
        """Count what was destroyed, and write the count down beside the epoch keys."""
        if not self._is_open:
            return None
        if has_uncounted(self.connection):
            return Job(Place.KEYSTORE, self._count_all)
        now = (tally_of(self.connection), _in_force(self.connection))
        return None if now == self._written else Job(Place.BESIDE, lambda: self._write(*now))

    def replay(self, digests: Iterable[bytes], now_us: int) -> GateState:
        """Destroy again what these tombstones say; opens where that is all of it.

        Raises `KeyRefused` where the gate is open: then nothing is destroyed by a list.
        """
        if self._is_open:
            raise KeyRefused(Refusal.NOT_PERMITTED)
        if not self._recordings:
            self._recordings = _recordings_by_digest(self.connection)
        with transaction(self.connection):
            for digest in digests:
                self._destroy(digest, now_us)
        self._count_all()
        self._was_replayed = True
        self._is_open = tally_of(self.connection) == self._counted
        return self.state()

    def free(self, wanted: GateState, journal: int, now_us: int) -> GateState:
        """Two persons have taken it upon them that so much is missing; it stays written down.

        Raises `KeyRefused` where it is in another state, or nobody has said what is destroyed.
        """
        if not self._was_replayed or wanted != self.state():
            raise KeyRefused(Refusal.GATE_DIFFERS)
        with transaction(self.connection):
            self.connection.execute(
                "INSERT INTO freed (at_us, known, counted, journal) VALUES (?, ?, ?, ?)",
                (now_us, wanted.known, wanted.counted, journal),
            )
        self._is_open = True
        return self.state()

    def _is_as_counted(self) -> bool:
        tally = tally_of(self.connection)
        try:
            self._counted = self.file.read()
        except TallyUnreadable:
            self._counted = None
            return False
        if self._counted is None:
            return not tally.recordings
        return not tally.is_behind(self._counted)

    def _count_all(self) -> None:
        while has_uncounted(self.connection):
            with transaction(self.connection):
                count_some(self.connection)

    def _write(self, tally: Tally, epoch: int) -> None:
        self.file.write(tally, epoch)
        self._written = (tally, epoch)

    def _destroy(self, digest: bytes, now_us: int) -> None:
        was = self.connection.execute(
            "SELECT 1 FROM destroyed WHERE recording_digest = ? LIMIT 1", (digest,)
        ).fetchone()
        if was is not None:
            return
        keys = self._delete_keys(self._recordings.get(digest, b""))
        if not keys:
            self.connection.execute("INSERT OR IGNORE INTO uncounted VALUES (?)", (digest,))
        # A recording that this keystore never had: what bears its name is refused all the same.
        self.connection.executemany(
            "INSERT INTO destroyed (key_id, recording_digest, at_us, run) VALUES (?, ?, ?, ?)",
            [(key, digest, now_us, bytes(16)) for key in keys or [digest[:16]]],
        )

    def _delete_keys(self, recording: bytes) -> list[bytes]:
        """The keys of a recording that it had. Holds of then were released since: it was gone."""
        rows = self.connection.execute(
            "SELECT key_id, (SELECT tenant FROM shard WHERE shard.id = data_key.shard LIMIT 1)"
            " FROM data_key WHERE recording = ?",
            (recording,),
        ).fetchall()
        self.connection.executemany(
            "DELETE FROM hold_key WHERE key_id = ?", [(row[0],) for row in rows]
        )
        self.connection.execute("DELETE FROM data_key WHERE recording = ?", (recording,))
        if rows:
            count_destroyed(self.connection, TenantId(rows[0][1]), 1, len(rows))
        return [row[0] for row in rows]


def _in_force(connection: sqlite3.Connection) -> int:
    (epoch,) = connection.execute("SELECT id FROM epoch WHERE state = 'current'").fetchone()
    return int(epoch)


def _recordings_by_digest(connection: sqlite3.Connection) -> dict[bytes, bytes]:
    rows = connection.execute("SELECT DISTINCT recording FROM data_key")
    return {digest_of(RecordingId(row[0])): row[0] for row in rows}
