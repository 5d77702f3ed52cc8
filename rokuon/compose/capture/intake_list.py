"""The intake key that capture seals to now: that of the list in its folder, read when it changes.

Knows where the list lies, nothing of who puts it there.
"""

from dataclasses import dataclass, field
from pathlib import Path

import structlog

from archive.errors import ArchiveError
from archive.format.intake import IntakePublicKey
from rokuon.compose.capture.node_identity import (
    INTAKE_LIST_NAME,
    SIGNING_KEY_NAME,
    read_intake_list,
)

log = structlog.get_logger("rokuon.capture")


@dataclass(slots=True)
class IntakeKeyNow:
    """Called for each part; one look at two files. A list that does not verify changes nothing."""

    folder: Path
    _seen: tuple[tuple[int, int], ...]
    _key: IntakePublicKey = field(init=False)

    @classmethod
    def of(cls, folder: Path) -> "IntakeKeyNow":
        """The key of the list that is there; raises as `read_intake_list` does."""
        now = cls(folder, _stamps(folder))
        now._key = read_intake_list(folder).newest()
        return now

    def __call__(self) -> IntakePublicKey:
        """The newest key of the newest list that verified."""
        stamps = _stamps(self.folder)
        if stamps != self._seen:
            self._seen = stamps
            self._read()
        return self._key

    def _read(self) -> None:
        try:
            self._key = read_intake_list(self.folder).newest()
        except (ArchiveError, OSError, ValueError) as refused:
            log.error("capture.intake_list_refused", reason=type(refused).__name__)


def _stamps(folder: Path) -> tuple[tuple[int, int], ...]:
    return tuple(_stamp(folder / name) for name in (INTAKE_LIST_NAME, SIGNING_KEY_NAME))


def _stamp(file: Path) -> tuple[int, int]:
    try:
        about = file.stat()
    except OSError:
        return (0, 0)
    return (about.st_mtime_ns, about.st_ino)
