"""What a verification can find: a code that never changes, the part, and what differs.

Knows nothing of how it is said to people.
"""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What is wrong; `docs/tampering.md` says of each what was changed."""

    ROW_UNREADABLE = "row_unreadable"
    PART_DAMAGED = "part_damaged"
    FILE_MISSING = "file_missing"
    FILE_UNREADABLE = "file_unreadable"
    ANOTHER_PART = "another_part"
    KEY_GONE = "key_gone"
    ROW_DIFFERS = "row_differs"
    ROW_MISSING = "row_missing"
    EVENTS_DIFFER = "events_differ"
    INDEX_DIFFERS = "index_differs"
    JOURNAL_DIFFERS = "journal_differs"
    PART_MISSING = "part_missing"
    LAST_PART_MISSING = "last_part_missing"
    PART_AFTER_LAST = "part_after_last"
    OTHER_NODE = "other_node"
    SIGNATURE_WRONG = "signature_wrong"
    SIGNATURE_MISSING = "signature_missing"
    SIGNATURE_UNCHECKED = "signature_unchecked"
    MAP_MISSING = "map_missing"
    MAP_UNREADABLE = "map_unreadable"
    MAP_DAMAGED = "map_damaged"
    MAP_DIFFERS = "map_differs"
    PEAKS_DIFFER = "peaks_differ"
    OPENING_WITHOUT_ENTRY = "opening_without_entry"
    ENTRY_CHANGED = "entry_changed"
    OPENING_MISSING = "opening_missing"
    ENTRY_GONE = "entry_gone"
    ENTRY_OUT_OF_TIME = "entry_out_of_time"
    ENTRY_MISSING = "entry_missing"
    ENTRY_DIFFERS = "entry_differs"
    ROW_GONE = "row_gone"
    GUARD_MISSING = "guard_missing"
    GUARD_CHANGED = "guard_changed"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of one part by its name, of a recording or an opening by its id.

    `detail`: names of what differs, or an error's words.
    `error` is what was raised, where something was.
    """

    part: str
    fault: Fault
    detail: str = ""
    error: Exception | None = None
