"""Which recordings were destroyed, as a count and a hash of the set: an older keystore has another.

Pure values and one table. Knows nothing of who compares them.
"""

import sqlite3
from dataclasses import dataclass
from typing import Final

from archive.ids import ID_BYTES, RecordingId
from archive.lifecycle.tombstone_digest import digest_of
from archive.set_hash import SetHash

# Digests added in a step: some milliseconds.
COUNTED_A_STEP: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many recordings were destroyed once, and which: the digest of their set's hash."""

    recordings: int
    digest: bytes

    def is_ahead_of(self, known: SetHash) -> bool:
        """Whether a keystore that knows these cannot be the one that was counted."""
        if self.recordings == known.members:
            return self.digest != known.digest
        return self.recordings > known.members

    def is_exactly(self, known: SetHash) -> bool:
        """Whether these are the ones that were counted, and no others."""
        return self.recordings == known.members and self.digest == known.digest


def counted(known: SetHash) -> Counted:
    """What is written down of a set."""
    return Counted(recordings=known.members, digest=known.digest)


def tally_of(connection: sqlite3.Connection) -> SetHash:
    """What this keystore has counted."""
    row = connection.execute("SELECT recordings, total FROM tally").fetchone()
    return SetHash(members=row[0], total=row[1])


def has_uncounted(connection: sqlite3.Connection) -> bool:
    """Whether something was destroyed that is not counted."""
    return connection.execute("SELECT 1 FROM uncounted LIMIT 1").fetchone() is not None


def count_some(connection: sqlite3.Connection) -> None:
    """Count some of what was destroyed, in the caller's transaction."""
    rows = connection.execute("SELECT what FROM uncounted LIMIT ?", (COUNTED_A_STEP,)).fetchall()
    tally = tally_of(connection).with_all(map(_digest, (what for (what,) in rows)))
    connection.executemany("DELETE FROM uncounted WHERE what = ?", rows)
    connection.execute("UPDATE tally SET recordings = ?, total = ?", (tally.members, tally.total))


def _digest(what: bytes) -> bytes:
    return digest_of(RecordingId(what)) if len(what) == ID_BYTES else what
