"""From an adopted part to the rows of the index; the same for the keeper and for a rebuild.

Knows nothing of the journal or of when it is run: the same parts give the same rows.
"""

from sqlalchemy import Connection, insert, update

from archive.call.adoption import Adoption
from archive.catalog.destruction.tombstones import refuse_destroyed
from archive.catalog.index.conversations import conversation_row
from archive.catalog.index.indexed_parts import recording_row
from archive.catalog.index.outdated_rows import derive_or_put_aside
from archive.catalog.index.page_rows import index_page_part, is_of_page
from archive.catalog.index.part_values import part_values
from archive.catalog.tables.catalog import part, recording
from archive.catalog.tables.stored_events import add_bodies, stored_body
from archive.ids import ConversationId, RecordingId


def index_part(connection: Connection, tenant: int, adoption: Adoption) -> None:
    """Add one part that is not there yet, and work its recording out anew from all its events.

    A part of a ledger page becomes rows of its own tables. Raises `RecordingDestroyed` where the
    recording has a tombstone: whoever adds a part comes by here.
    """
    refuse_destroyed(connection, tenant, adoption.part_name.recording)
    if is_of_page(connection, tenant, adoption):
        index_page_part(connection, tenant, adoption)
        return
    own, lasted_us = adoption.part_name.recording, (adoption.first_us, adoption.last_us)
    row = row_of_recording(connection, tenant, own, lasted_us)
    _insert_part(connection, tenant, row, adoption)
    bodies = {serial: stored_body(told) for serial, told in dict(adoption.events).items()}
    kept = {serial: body for serial, body in bodies.items() if body is not None}
    add_bodies(connection, tenant, row, kept)
    derive_or_put_aside(connection, tenant, row)


def row_of_recording(
    connection: Connection, tenant: int, own: RecordingId, lasted_us: tuple[int, int]
) -> int:
    """The row of a recording; made where it is missing, of which nothing is known but its times."""
    known = recording_row(connection, tenant, own)
    if known is not None:
        return known
    started_us, ended_us = lasted_us
    new = insert(recording).values(
        tenant=tenant,
        id=own.raw,
        conversation=conversation_row(connection, tenant, ConversationId(own.raw)),
        source="",
        mode="",
        started_us=started_us,
        ended_us=ended_us,
        duration_ms=0,
        direction="unknown",
        flags="",
        state="partial",
    )
    return int(connection.execute(new.returning(recording.c.row)).scalar_one())


def _insert_part(connection: Connection, tenant: int, row: int, adoption: Adoption) -> None:
    values = {"tenant": tenant, "recording": row, **part_values(adoption)}
    connection.execute(insert(part).values(values))
    connection.execute(
        update(recording)
        .where(recording.c.row == row)
        .values(size_bytes=recording.c.size_bytes + adoption.size_bytes)
    )
