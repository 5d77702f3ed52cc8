"""The count of destructions beside the epoch keys, outside of the keystore, with a MAC.

Knows nothing of the keystore. Who puts an old keystore back does not put this file back.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.disk.files import LocalDisk, publish
from archive.errors import KeyUnavailable
from archive.keys.gate.tally import Counted
from archive.keys.store.key_service import KEY_FILE_MODE, KeyService

TALLY_NAME: Final = "destructions"
# docs/keys.md: magic, version, epoch, recordings, digest; then an empty wrap bound to them: a tag.
_LEAD: Final = struct.Struct(">8sHIQ32s")
_MAC_BYTES: Final = 28
_MAGIC: Final = b"ROKUONDC"
_VERSION: Final = 2


class TallyUnreadable(KeyUnavailable):
    """The count of destructions is damaged, forged, or of an epoch that is not here."""


@dataclass(frozen=True, slots=True)
class TallyFile:
    """The file in the key service's folder."""

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
