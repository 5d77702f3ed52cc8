"""What shows, outside of its folder, that there was a keystore: only a first start makes one.

Where its disk is not mounted, its folder is as empty as before a first start. Reads names only.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.disk.files import LocalDisk, publish
from archive.errors import KeyUnavailable

MARK_NAME: Final = "keystore-made"
_FOLDER_MODE: Final = 0o700
_MARK_MODE: Final = 0o600


class KeystoreMissing(KeyUnavailable):
    """There is no keystore where one was; `witnesses` show that."""

    def __init__(self, keystore: Path, witnesses: tuple[Path, ...]) -> None:
        super().__init__(str(keystore))
        self.keystore, self.witnesses = keystore, witnesses


@dataclass(frozen=True, slots=True)
class FormerKeystore:
    """Where a keystore lies; `mark` is noted beside its backups, `others` have what it published.

    None of them is in its folder, nor has to be on another disk.
    """

    keystore: Path
    mark: Path
    others: tuple[Path, ...] = ()

    def refuse_another(self) -> None:
        """Raise `KeystoreMissing` where a new one would be made beside one that was here."""
        # What this user may not see is no witness (`os.path`, unlike `Path`, says so).
        witnesses = tuple(path for path in (self.mark, *self.others) if os.path.exists(path))  # noqa: PTH110
        if witnesses and not self.keystore.exists():
            raise KeystoreMissing(self.keystore, witnesses)

    def note(self) -> None:
        """From now on there was one. A folder of backups that takes nothing is no reason to end."""
        if self.mark.is_relative_to(self.keystore.parent) or os.path.exists(self.mark):  # noqa: PTH110  # as above
            return
        with suppress(OSError):
            self.mark.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            publish(LocalDisk(), self.mark, [f"{self.keystore}\n".encode()], _MARK_MODE)
