"""Destroys again, in a keystore that was put back, what is proved or confirmed to be destroyed.

Knows nothing of what proves it. What is claimed is kept in memory until then.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from archive.ids import RecordingId, TenantId
from archive.keys.store.census import count_destroyed
from archive.keys.store.schema import savepoint, transaction
from archive.lifecycle.tombstone import digest_of
from archive.set_hash import SetHash

NO_RUN = bytes(16)


@dataclass(frozen=True, slots=True)
class Gone:
    """A recording by its digest, when it was destroyed (µs UTC), by which run."""

    digest: bytes
    at_us: int
    run: bytes = NO_RUN


@dataclass(slots=True)
class DestroyedAgain:
    """Over the keystore's own connection; `claims` are those that nothing proves yet."""

    connection: sqlite3.Connection
    claims: dict[bytes, None] = field(default_factory=dict)
    claimed: SetHash = field(default_factory=SetHash)
    _recordings: dict[bytes, bytes] = field(default_factory=dict)

    def claim(self, digests: Iterable[bytes]) -> None:
        """Note what somebody says was destroyed, and the keystore does not know to be."""
        new = [each for each in dict.fromkeys(digests) if self._is_new(each)]
        self.claimed = self.claimed.with_all(new)
        self.claims.update(dict.fromkeys(new))

    def forget_claims(self) -> None:
        """Nothing is claimed any more."""
        self.claims, self.claimed = {}, SetHash()

    def settle_claims(self) -> None:
        """Keep of the claims those that the keystore does not know by now."""
        left = [each for each in self.claims if not is_destroyed(self.connection, each)]
        self.claims, self.claimed = dict.fromkeys(left), SetHash().with_all(left)

    def destroy(self, gone: Iterable[Gone]) -> None:
        """What is proved: holds of then were released since, for it was gone."""
        self._learn_recordings()
        with transaction(self.connection):
            for each in gone:
                self._let_go(self._recordings.get(each.digest, b""))
                self._destroy(each)

    def destroy_claims(self, now_us: int) -> int:
        """What two persons confirm; what a hold has is kept. How many went."""
        self._learn_recordings()
        went = 0
        with transaction(self.connection):
            for digest in self.claims:
                try:
                    with savepoint(self.connection):
                        self._destroy(Gone(digest, now_us))
                except sqlite3.IntegrityError:
                    continue
                went += 1
        return went

    def _is_new(self, digest: bytes) -> bool:
        return digest not in self.claims and not is_destroyed(self.connection, digest)

    def _learn_recordings(self) -> None:
        """A digest names no recording: those that there are name theirs."""
        rows = self.connection.execute("SELECT DISTINCT recording FROM data_key")
        self._recordings = {digest_of(RecordingId(row[0])): row[0] for row in rows}

    def _let_go(self, recording: bytes) -> None:
        of_it = "key_id IN (SELECT key_id FROM data_key WHERE recording = ?)"
        self.connection.execute(
            "UPDATE hold SET keys = keys - (SELECT count(*) FROM hold_key"  # noqa: S608 - a constant
            f" WHERE hold_key.hold = hold.id AND {of_it})"
            f" WHERE id IN (SELECT hold FROM hold_key WHERE {of_it})",
            (recording, recording),
        )
        self.connection.execute(f"DELETE FROM hold_key WHERE {of_it}", (recording,))  # noqa: S608 - as above

    def _destroy(self, gone: Gone) -> None:
        if is_destroyed(self.connection, gone.digest):
            return
        keys = self._delete_keys(self._recordings.get(gone.digest, b""))
        if not keys:
            self.connection.execute("INSERT OR IGNORE INTO uncounted VALUES (?)", (gone.digest,))
        # A recording that this keystore never had: what bears its name is refused all the same.
        self.connection.executemany(
            "INSERT INTO destroyed (key_id, recording_digest, at_us, run) VALUES (?, ?, ?, ?)",
            [(key, gone.digest, gone.at_us, gone.run) for key in keys or [gone.digest[:16]]],
        )

    def _delete_keys(self, recording: bytes) -> list[bytes]:
        rows = self.connection.execute(
            "SELECT key_id, (SELECT tenant FROM shard WHERE shard.id = data_key.shard LIMIT 1)"
            " FROM data_key WHERE recording = ?",
            (recording,),
        ).fetchall()
        self.connection.execute("DELETE FROM data_key WHERE recording = ?", (recording,))
        if rows:
            count_destroyed(self.connection, TenantId(rows[0][1]), 1, len(rows))
        return [row[0] for row in rows]


def is_destroyed(connection: sqlite3.Connection, digest: bytes) -> bool:
    """Whether the keystore knows that a recording was destroyed."""
    row = connection.execute(
        "SELECT 1 FROM destroyed WHERE recording_digest = ? LIMIT 1", (digest,)
    ).fetchone()
    return row is not None
