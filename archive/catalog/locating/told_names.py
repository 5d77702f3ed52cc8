"""All that parties of recordings are called, and the names that a source mentions beside them.

Read for the few that are shown. Knows nothing of whose a mentioned name is.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, bindparam, or_, select

from archive.catalog.database.portions import portions
from archive.catalog.search.clues import PEOPLE
from archive.catalog.tables.catalog import leg_naming, mention, naming

# As `naming` has them: texts with their languages.
_CONTENT: Final = msgspec.json.Decoder(tuple[tuple[str, str], ...])


@dataclass(frozen=True, slots=True)
class ToldNames:
    """Names by row of the leg, and those mentioned by row of the recording, in their order."""

    of_leg: Mapping[int, Sequence[str]]
    mentioned: Mapping[int, Sequence[str]]


def told_names(connection: Connection, tenant: int, rows: Sequence[int]) -> ToldNames:
    of_leg, mentioned = defaultdict[int, list[str]](list), defaultdict[int, list[str]](list)
    for some in portions(rows):
        wanted = {"own_tenant": tenant, "own_rows": some}
        for leg, content in connection.execute(_CALLED, wanted):
            of_leg[leg] += [text for text, _ in _CONTENT.decode(content)]
        for row, text in connection.execute(_TOLD, wanted):
            mentioned[row].append(text)
    return ToldNames(of_leg, mentioned)


def _of(table: Table) -> tuple[ColumnElement[bool], ...]:
    return (
        table.c.tenant == bindparam("own_tenant"),
        table.c.recording.in_(bindparam("own_rows", expanding=True)),
    )


_CALLED: Final = (
    select(leg_naming.c.leg, naming.c.content)
    .where(*_of(leg_naming))
    .where(naming.c.tenant == bindparam("own_tenant"), naming.c.row == leg_naming.c.naming)
    .order_by(leg_naming.c.row)
)
_TOLD: Final = (
    select(mention.c.recording, mention.c.text)
    .where(*_of(mention))
    .where(mention.c.kind == "name", or_(*(mention.c.told_as == each for each in PEOPLE)))
    .order_by(mention.c.row)
)
