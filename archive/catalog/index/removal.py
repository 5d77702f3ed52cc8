"""Everything that the index has of one recording, taken out of it.

Knows nothing of why, nor of the files: who removes for good writes a tombstone first.
"""

from sqlalchemy import Connection, delete, select

from archive.catalog.retention.retention_classes import declassify
from archive.catalog.tables.catalog import INDEX_TABLES, conversation, recording


def remove_recording(connection: Connection, tenant: int, row: int) -> None:
    """Delete a recording's rows; its conversation goes where nobody is left in it."""
    left = connection.scalar(
        select(recording.c.conversation).where(recording.c.tenant == tenant, recording.c.row == row)
    )
    declassify(connection, tenant, row)
    for table in INDEX_TABLES:
        if "recording" in table.c:
            of_it = (table.c.tenant == tenant, table.c.recording == row)
            connection.execute(delete(table).where(*of_it))
    connection.execute(
        delete(recording).where(recording.c.tenant == tenant, recording.c.row == row)
    )
    if left is not None:
        _remove_empty(connection, tenant, int(left))


def _remove_empty(connection: Connection, tenant: int, row: int) -> None:
    """Take a conversation away with all names that lead to it, unless it has a recording."""
    others = select(recording.c.row).where(
        recording.c.tenant == tenant, recording.c.conversation == row
    )
    if connection.scalar(others.limit(1)) is None:
        of_tenant = conversation.c.tenant == tenant
        for named in (conversation.c.merged_into == row, conversation.c.row == row):
            connection.execute(delete(conversation).where(of_tenant, named))
