"""All that parties of recordings are called, and the names that a source mentions beside them.

Read for the few that are shown. Knows nothing of whose a mentioned name is.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import Connection, or_, select

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
    """Those of these recordings."""
    own, beside = leg_naming.c, mention.c
    of_leg, mentioned = defaultdict[int, list[str]](list), defaultdict[int, list[str]](list)
    for some in portions(rows):
        called = select(own.leg, naming.c.content).where(
            own.tenant == tenant,
            own.recording.in_(some),
            naming.c.tenant == tenant,
            naming.c.row == own.naming,
        )
        for leg, content in connection.execute(called.order_by(own.row)):
            of_leg[leg] += [text for text, _ in _CONTENT.decode(content)]
        told = select(beside.recording, beside.text).where(
            beside.tenant == tenant,
            beside.recording.in_(some),
            beside.kind == "name",
            or_(*(beside.told_as == each for each in PEOPLE)),
        )
        for row, text in connection.execute(told.order_by(beside.row)):
            mentioned[row].append(text)
    return ToldNames(of_leg, mentioned)
