"""How many recordings a search tells of beside its page, as people read it.

Pure. Knows nothing of how they are counted.
"""

from archive.access.query import MOST_UNREAD
from archive.lifecycle.tombstone import MAX_TOMBSTONES


def told_count(count: int) -> str:
    """A search counts no further than that."""
    return f"{MAX_TOMBSTONES:,}+" if count >= MAX_TOMBSTONES else str(count)


def unread_count(count: int) -> str:
    """So many were never read anew; counted up to a bound."""
    return f"{MOST_UNREAD:,}+" if count > MOST_UNREAD else str(count)
