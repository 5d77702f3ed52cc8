"""How many recordings were destroyed, and a sum over which: told apart from an older keystore's.

Pure values and one table. Knows nothing of who compares them.
"""

import sqlite3
from dataclasses import dataclass
from typing import Final, Self

from archive.ids import ID_BYTES, RecordingId
from archive.tombstone_digest import digest_of

SUM_BYTES: Final = 32
_MODULUS: Final = 1 << (8 * SUM_BYTES)
# Digests added in a step: far below a millisecond each.
COUNTED_A_STEP: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """So many recordings; `total` is the sum of their digests modulo 2^256, in any order."""

    recordings: int = 0
    total: bytes = bytes(SUM_BYTES)

    def with_one(self, digest: bytes) -> Self:
        """One more."""
        total = (int.from_bytes(self.total, "big") + int.from_bytes(digest, "big")) % _MODULUS
        return type(self)(recordings=self.recordings + 1, total=total.to_bytes(SUM_BYTES, "big"))

    def is_behind(self, other: Self) -> bool:
        """Whether a keystore with this tally cannot be the one that `other` was counted of."""
        if self.recordings == other.recordings:
            return self.total != other.total
        return self.recordings < other.recordings


def tally_of(connection: sqlite3.Connection) -> Tally:
    """What this keystore has counted."""
    row = connection.execute("SELECT recordings, total FROM tally").fetchone()
    return Tally(recordings=row[0], total=row[1])


def has_uncounted(connection: sqlite3.Connection) -> bool:
    """Whether something was destroyed that is not counted."""
    return connection.execute("SELECT 1 FROM uncounted LIMIT 1").fetchone() is not None


def count_some(connection: sqlite3.Connection) -> None:
    """Count some of what was destroyed, in the caller's transaction."""
    tally = tally_of(connection)
    rows = connection.execute("SELECT what FROM uncounted LIMIT ?", (COUNTED_A_STEP,)).fetchall()
    for (what,) in rows:
        tally = tally.with_one(digest_of(RecordingId(what)) if len(what) == ID_BYTES else what)
    connection.executemany("DELETE FROM uncounted WHERE what = ?", rows)
    connection.execute(
        "UPDATE tally SET recordings = ?, total = ?", (tally.recordings, tally.total)
    )
