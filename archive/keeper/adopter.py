"""What the keeper works with, and the steps that concern one part alone: its key, a hollow file.

Knows nothing of when it is done. Each step may be repeated from any point.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from archive.call.adoption import AdoptionRegister
from archive.disk.archive_place import ArchiveAway, ArchivePlace
from archive.disk.files import Disk
from archive.disk.store import LocalStore
from archive.errors import KeyRefused
from archive.format.end import End
from archive.ids import KeyId
from archive.keeper.spool import Lead, SpoolFile, held, is_hollow
from archive.keeper.stuck_parts import Stuck, StuckReason
from archive.keys.client.key_client import Adopted


class AdoptionClient(Protocol):
    """What the keeper asks of the key daemon; see `KeyClient`."""

    def adopt(self, page: bytes, header: bytes) -> Adopted:
        """Take over a part's key."""

    def open_unarchived(self, key_id: KeyId) -> bytearray:
        """The key of a part that the catalog does not have."""

    def sign_end(self, key_id: KeyId, header_tag: bytes, end: End) -> bytes:
        """The signature of the END of a part that nobody closed."""

    def confirm(self, key_id: KeyId) -> None:
        """The part's object is whole."""

    def mark_archived(self, key_id: KeyId) -> None:
        """The catalog has the part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopter:
    """Those whom the keeper asks, and the folders that it writes to."""

    keys: AdoptionClient
    register: AdoptionRegister
    store: LocalStore
    place: ArchivePlace
    pages: Path
    disk: Disk

    def adopt_key(self, lead: Lead) -> None:
        """K1: the key daemon holds the part's key, whether or not its writer lives.

        Raises `Stuck` or `KeyUnavailable`.
        """
        try:
            self.keys.adopt(lead.page, lead.block)
        except KeyRefused as refused:
            raise Stuck(StuckReason.KEY_REFUSED, str(refused)) from refused

    def require_archive(self) -> None:
        """Mark the archive's folder where it is one, or raise `Stuck` or `OSError`.

        What is written to the mount point of a disk that is not there would be found by nobody.
        """
        try:
            self.place.mark(self.disk)
        except ArchiveAway as away:
            raise Stuck(StuckReason.ARCHIVE_AWAY) from away

    def remove_hollow(self, file: SpoolFile) -> bool:
        """Remove a file that nobody holds and in which no key can be; raises `OSError`.

        False where it is not (any more) such a file.
        """
        with held(file) as free:
            if not free or not is_hollow(file):
                return False
            self.disk.unlink(Path(file.path))
            return True
