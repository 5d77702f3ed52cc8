"""The recordings that are meant by a list of ids, of calls and of recordings alike.

Knows nothing of why they are asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from archive.access.reach import Within
from archive.catalog.access.reach import within
from archive.catalog.tables.catalog import conversation, recording
from archive.ids import RecordingId

# Values of one statement; SQLite takes 32,766.
_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class NamedRecordings:
    """Those that are there within a reach, and the ids that name none of them."""

    recordings: tuple[RecordingId, ...]
    missing: tuple[RecordingId, ...]


def recordings_named(
    connection: Connection, tenant: int, allowed: Within, named: Sequence[bytes]
) -> NamedRecordings:
    """What these ids mean; a call's id means all of its recordings within the reach."""
    wanted = tuple(dict.fromkeys(named))
    found: dict[bytes, None] = {}
    seen: set[bytes] = set()
    for at in range(0, len(wanted), _AT_ONCE):
        for name, own in _found(connection, tenant, allowed, wanted[at : at + _AT_ONCE]):
            seen.add(name)
            found[own] = None
    missing = (RecordingId(each) for each in wanted if each not in seen)
    return NamedRecordings(tuple(map(RecordingId, found)), tuple(missing))


def _found(
    connection: Connection, tenant: int, allowed: Within, named: Sequence[bytes]
) -> Iterator[tuple[bytes, bytes]]:
    conditions = (recording.c.tenant == tenant, *within(tenant, allowed))
    recordings = select(recording.c.id).where(recording.c.id.in_(named), *conditions)
    yield from ((own, own) for own in connection.scalars(recordings))
    leads_to = func.coalesce(conversation.c.merged_into, conversation.c.row)
    calls = (
        select(conversation.c.id, recording.c.id)
        .join_from(conversation, recording, recording.c.conversation == leads_to)
        .where(conversation.c.tenant == tenant, conversation.c.id.in_(named), *conditions)
    )
    yield from ((name, own) for name, own in connection.execute(calls))
