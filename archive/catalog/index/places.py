"""Whether a part may join its recording: not behind the last one, and of the node that began it.

Knows rows, nothing of files.
"""

from typing import Final

from sqlalchemy import Connection, bindparam, select, union_all

from archive.call.adoption import Adoption
from archive.catalog.tables.catalog import ledger_page, part, recording
from archive.errors import PartOutOfPlace

_OF_RECORDING: Final = (
    select(part.c.part, part.c.node, part.c.is_last)
    .join_from(part, recording, part.c.recording == recording.c.row)
    .where(
        part.c.tenant == bindparam("own_tenant"),
        recording.c.tenant == bindparam("own_tenant"),
        recording.c.id == bindparam("own_id"),
    )
)
_OF_PAGE: Final = select(ledger_page.c.part, ledger_page.c.node, ledger_page.c.is_last).where(
    ledger_page.c.tenant == bindparam("own_tenant"), ledger_page.c.id == bindparam("own_id")
)
# Asked with every part that comes: to put it together takes longer than to ask it.
_PLACES: Final = union_all(_OF_RECORDING, _OF_PAGE)


def refuse_out_of_place(connection: Connection, tenant: int, adoption: Adoption) -> None:
    """Raise `PartOutOfPlace` where the parts that are there leave it no place.

    One that comes before all of them is the beginning itself, whoever wrote it.
    """
    name = adoption.part_name
    own = {"own_tenant": tenant, "own_id": name.recording.raw}
    known = connection.execute(_PLACES, own).all()
    if any(row.is_last and row.part < name.part for row in known):
        raise PartOutOfPlace(f"{name} comes after the last part of its recording")
    first = min(known, key=lambda row: row.part, default=None)
    if first is not None and first.part < name.part and first.node != adoption.node.raw:
        raise PartOutOfPlace(f"{name} is of another node than the first part of its recording")
