"""Rows of parts that the archive has no more, written again as the index had them.

Knows nothing of what is lost, nor of why.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, func, insert, select, update

from archive.call.archived_recording import (
    DAMAGED,
    MISSING,
    ArchivedRecording,
    Because,
    DamagedPart,
)
from archive.catalog.index.adopted import row_of_recording
from archive.catalog.index.derivation import PARTS_LOST
from archive.catalog.index.indexed_parts import IndexedParts, Values, recording_row
from archive.catalog.index.outdated_rows import derive_or_put_aside
from archive.catalog.locating.changes import note_change
from archive.catalog.tables.catalog import ledger_page, part, recording
from archive.catalog.tables.derived_forms import FORM
from archive.catalog.tables.stored_events import add_bodies
from archive.ids import PartName, RecordingId, began_us


def put_back(
    connection: Connection,
    tenant: int,
    read: ArchivedRecording,
    rows: tuple[IndexedParts, Mapping[PartName, str]],
) -> None:
    """Write the rows of a recording's parts that are kept, each with why it is lost, and events.

    Of a damaged file that the index did not know its header tells.
    """
    had, kept = rows
    own = read.recording
    known = {*had.of_page, *(each.part_name for each in read.parts)}
    parts = [
        {**had.of_recording[name], "lost": because}
        for name, because in kept.items()
        if name in had.of_recording
    ]
    parts += [
        dict(_of_header(tenant, each))
        for each in read.damaged
        if each.values and each.name not in {*known, *had.of_recording}
    ]
    if not parts or _is_page(connection, tenant, own):
        return
    first_us = min(int(str(each["first_us"])) for each in parts)
    last_us = max(int(str(each["last_us"])) for each in parts)
    row = row_of_recording(connection, tenant, own, (first_us, last_us))
    connection.execute(insert(part), [{**each, "recording": row} for each in parts])
    add_bodies(connection, tenant, row, had.events)
    _add_up(connection, tenant, row)
    derive_or_put_aside(connection, tenant, row)


def keep_a_row(
    connection: Connection, tenant: int, own: RecordingId, lost: Mapping[PartName, Because]
) -> None:
    """Of what only the journal knows, a recording without parts: that it was, when, and its end."""
    if not lost or _is_page(connection, tenant, own):
        return
    if recording_row(connection, tenant, own) is not None:
        return
    row = row_of_recording(connection, tenant, own, (began_us(own), began_us(own)))
    state = DAMAGED if DAMAGED in lost.values() else MISSING
    told = {"state": state, "flags": PARTS_LOST, "derived": FORM}
    connection.execute(update(recording).where(recording.c.row == row).values(**told))
    note_change(connection, tenant, row)


def _is_page(connection: Connection, tenant: int, own: RecordingId) -> bool:
    found = select(ledger_page.c.row).where(
        ledger_page.c.tenant == tenant, ledger_page.c.id == own.raw
    )
    return connection.scalar(found.limit(1)) is not None


def _of_header(tenant: int, damaged: DamagedPart) -> Values:
    """Of what is in a part that cannot be read, nothing is known."""
    at_us = damaged.values["created_us"]
    return {
        "tenant": tenant,
        "part": damaged.name.part,
        "generation": damaged.name.generation,
        "path": damaged.path,
        "segments": 0,
        "first_us": at_us,
        "last_us": at_us,
        "packets": 0,
        "lost_ranges": 0,
        "open_ends": 0,
        "sequences": "[]",
        "gaps": None,
        "replays": None,
        "sounds": None,
        "end_reason": "",
        "is_last": 0,
        "lost": DAMAGED,
        **damaged.values,
    }


def _add_up(connection: Connection, tenant: int, row: int) -> None:
    own = (part.c.tenant == tenant, part.c.recording == row)
    size = select(func.sum(part.c.size_bytes)).where(*own).scalar_subquery()
    connection.execute(update(recording).where(recording.c.row == row).values(size_bytes=size))
