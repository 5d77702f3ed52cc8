"""The register of corrections: appended to, read in the order in which it was written.

Knows nothing of what corrections do, nor of who may write them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec
from sqlalchemy import Connection, Row, bindparam, insert, select

from archive.call.corrections import Correction, NoteWritten, decode_change, encode_change
from archive.catalog.database.portions import portions
from archive.catalog.tables.catalog import correction
from archive.ids import RecordingId

_OF_ONE: Final = (
    select(correction)
    .where(correction.c.tenant == bindparam("tenant"), correction.c.recording == bindparam("own"))
    .order_by(correction.c.row)
)
_CHANGES: Final = (
    select(correction.c.recording, correction.c.change)
    .where(
        correction.c.tenant == bindparam("own_tenant"),
        correction.c.recording.in_(bindparam("own_recordings", expanding=True)),
    )
    .order_by(correction.c.row)
)
_WAS: msgspec.json.Decoder[tuple[str, ...]] = msgspec.json.Decoder(tuple[str, ...])


def corrections_of(connection: Connection, tenant: int, own: RecordingId) -> tuple[Correction, ...]:
    """All that was ever said of a recording, oldest first."""
    rows = connection.execute(_OF_ONE, {"tenant": tenant, "own": own.raw})
    return tuple(_correction(row) for row in rows)


def notes_of(
    connection: Connection, tenant: int, recordings: Iterable[RecordingId]
) -> Mapping[RecordingId, Sequence[str]]:
    """What was noted of each of these, oldest first."""
    found = defaultdict[RecordingId, list[str]](list)
    for some in portions(each.raw for each in recordings):
        wanted = {"own_tenant": tenant, "own_recordings": some}
        for raw, change in connection.execute(_CHANGES, wanted):
            if isinstance(told := decode_change(change), NoteWritten):
                found[RecordingId(raw)].append(told.text)
    return found


def append_correction(
    connection: Connection, tenant: int, own: RecordingId, new: Correction
) -> None:
    """Write one more."""
    connection.execute(
        insert(correction).values(
            tenant=tenant,
            recording=own.raw,
            author=new.author,
            at_us=new.at_us,
            reason=new.reason,
            change=encode_change(new.change),
            was=msgspec.json.encode(new.was).decode(),
            journal=new.journal,
        )
    )


def _correction(row: Row[tuple[object, ...]]) -> Correction:
    return Correction(
        change=decode_change(row.change),
        author=row.author,
        at_us=row.at_us,
        reason=row.reason,
        was=_WAS.decode(row.was),
        journal=row.journal,
    )
