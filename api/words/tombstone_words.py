"""How many destroyed recordings a search has, as people read it.

Pure. Knows nothing of how they are counted.
"""

from archive.lifecycle.tombstone import MAX_TOMBSTONES


def told_count(count: int) -> str:
    """A search counts no further than that."""
    return f"{MAX_TOMBSTONES:,}+" if count >= MAX_TOMBSTONES else str(count)
