"""Whether a part may join its recording: not behind the last one, and of the node that began it.

Knows rows, nothing of files.
"""

from sqlalchemy import Connection, select, union_all

from archive.call.adoption import Adoption
from archive.catalog.tables.catalog import ledger_page, part, recording
from archive.errors import PartOutOfPlace


def refuse_out_of_place(connection: Connection, tenant: int, adoption: Adoption) -> None:
    """Raise `PartOutOfPlace` where the parts that are there leave it no place.

    One that comes before all of them is the beginning itself, whoever wrote it.
    """
    name = adoption.part_name
    of_recording = (
        select(part.c.part, part.c.node, part.c.is_last)
        .join_from(part, recording, part.c.recording == recording.c.row)
        .where(
            part.c.tenant == tenant,
            recording.c.tenant == tenant,
            recording.c.id == name.recording.raw,
        )
    )
    of_page = select(ledger_page.c.part, ledger_page.c.node, ledger_page.c.is_last).where(
        ledger_page.c.tenant == tenant, ledger_page.c.id == name.recording.raw
    )
    known = connection.execute(union_all(of_recording, of_page)).all()
    if any(row.is_last and row.part < name.part for row in known):
        raise PartOutOfPlace(f"{name} comes after the last part of its recording")
    first = min(known, key=lambda row: row.part, default=None)
    if first is not None and first.part < name.part and first.node != adoption.node.raw:
        raise PartOutOfPlace(f"{name} is of another node than the first part of its recording")
