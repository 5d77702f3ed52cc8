"""Which recordings were destroyed, as a count and a hash of the set: an older keystore has another.

One count is in the keystore; one beside the epoch keys, with a MAC, is not put back with an old
keystore. Knows nothing of who compares them.
"""

import sqlite3
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.disk.files import LocalDisk, publish
from archive.errors import KeyUnavailable
from archive.ids import ID_BYTES, RecordingId
from archive.keys.store.key_service import KEY_FILE_MODE, KeyService
from archive.lifecycle.tombstone import digest_of
from archive.set_hash import SetHash

# Digests added in a step: some milliseconds.
COUNTED_A_STEP: Final = 500
TALLY_NAME: Final = "destructions"
# docs/keys.md: magic, version, epoch, recordings, digest; then an empty wrap bound to them: a tag.
_LEAD: Final = struct.Struct(">8sHIQ32s")
_MAC_BYTES: Final = 28
_MAGIC: Final = b"ROKUONDC"
_VERSION: Final = 2


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


class TallyUnreadable(KeyUnavailable):
    """The count of destructions is damaged, forged, or of an epoch that is not here."""


@dataclass(frozen=True, slots=True)
class TallyFile:
    """The count in the key service's folder, outside of the keystore."""

    folder: Path
    service: KeyService

    def write(self, counted: Counted, epoch: int) -> None:
        """Put it in the place of the count before it; it stays once we return."""
        lead = _LEAD.pack(_MAGIC, _VERSION, epoch, counted.recordings, counted.digest)
        mac = self.service.wrap(epoch, b"", lead)
        publish(LocalDisk(), self.folder / TALLY_NAME, [lead + mac], KEY_FILE_MODE)

    def read(self) -> Counted | None:
        """The count; None where there is none. Raises `TallyUnreadable`."""
        try:
            content = (self.folder / TALLY_NAME).read_bytes()
        except FileNotFoundError:
            return None
        if len(content) != _LEAD.size + _MAC_BYTES:
            raise TallyUnreadable("the count of destructions has a wrong length")
        lead, mac = content[: _LEAD.size], content[_LEAD.size :]
        magic, version, epoch, recordings, digest = _LEAD.unpack(lead)
        if magic != _MAGIC or version != _VERSION:
            raise TallyUnreadable("this is not a count of destructions of version 2")
        try:
            self.service.unwrap(epoch, mac, lead)
        except KeyUnavailable as refused:
            raise TallyUnreadable("the count of destructions does not verify") from refused
        return Counted(recordings=recordings, digest=digest)
