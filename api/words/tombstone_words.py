"""How many recordings a search tells of beside its page, as people read it.

Pure. Knows nothing of how they are counted.
"""

from typing import Final

from api.words.texts import Text, said
from archive.access.query import MOST_UNREAD
from archive.lifecycle.tombstone import MAX_TOMBSTONES

_LOST: Final = said(
    "Calls not recorded or destroyed that may be meant: {total}; shown, the likeliest: {shown}."
)


def told_count(count: int) -> str:
    """A search counts no further than that."""
    return f"{MAX_TOMBSTONES:,}+" if count >= MAX_TOMBSTONES else str(count)


def unread_count(count: int) -> str:
    """So many were never read anew; counted up to a bound."""
    return f"{MOST_UNREAD:,}+" if count > MOST_UNREAD else str(count)


def lost_told(total: int, shown: int, *, is_cut: bool) -> Text | None:
    """That calls without a recording are not shown of which the likeliest are; None: all are."""
    if not shown or (total <= shown and not is_cut):
        return None
    values = {"total": f"{total:,}{'+' if is_cut else ''}", "shown": str(shown)}
    return Text(_LOST, values)
