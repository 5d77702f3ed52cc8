"""What stands in the way of a spool file: a named reason, for an alarm.

Knows nothing of how it is shown. A file with a problem is not deleted.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive.errors import ArchiveError


class StuckReason(StrEnum):
    """Why a spool file is not archived."""

    LEAD_SHORT = "lead_short"
    HEADER_DAMAGED = "header_damaged"
    NAME_WRONG = "name_wrong"
    KEY_REFUSED = "key_refused"
    KEYS_UNAVAILABLE = "keys_unavailable"
    PART_DAMAGED = "part_damaged"
    OBJECT_DIFFERS = "object_differs"
    CATALOG_REFUSED = "catalog_refused"
    OUT_OF_PLACE = "out_of_place"
    CATALOG_UNAVAILABLE = "catalog_unavailable"
    DISK_FAILED = "disk_failed"
    ARCHIVE_AWAY = "archive_away"


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckFile:
    """`detail` is a word of the key daemon or a position; never a name or a number."""

    path: Path
    reason: StuckReason
    detail: str = ""


class Stuck(ArchiveError):
    """A part that cannot go on now; the keeper notes it and turns to the next."""

    def __init__(self, reason: StuckReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
