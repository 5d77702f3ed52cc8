"""Pieces of what was written about a recording of which only the facts are left.

Of all others they are derived with the rest (`details.py`).
"""

from sqlalchemy import Connection, delete, insert, select

from archive.call.corrections import NoteWritten
from archive.catalog.index.details import piece_rows
from archive.catalog.register.corrections import corrections_of
from archive.catalog.tables.catalog import mark, recording, text_piece
from archive.ids import RecordingId


def write_pieces(connection: Connection, tenant: int, row: int) -> None:
    """Put them in the place of those that were there: of its tags, and of the notes on it."""
    own = connection.execute(
        select(recording.c.id, recording.c.started_us).where(
            recording.c.tenant == tenant, recording.c.row == row
        )
    ).one()
    tags = connection.scalars(
        select(mark.c.folded).where(
            mark.c.tenant == tenant, mark.c.recording == row, mark.c.kind == "tag"
        )
    )
    told = corrections_of(connection, tenant, RecordingId(own.id))
    notes = (each.change.text for each in told if isinstance(each.change, NoteWritten))
    common = {"tenant": tenant, "recording": row, "started_us": own.started_us}
    its = (text_piece.c.tenant == tenant, text_piece.c.recording == row)
    connection.execute(delete(text_piece).where(*its))
    rows = [common | each for each in piece_rows((*tags, *notes))]
    if rows:
        connection.execute(insert(text_piece), rows)
