"""What a source does in its own way, over all its recordings.

Knows the index. Knows nothing of what a code means.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from archive.catalog.access.grants import EVERYTHING, NotGranted, SearchGrant
from archive.catalog.tables.catalog import recording, tolerance
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId


@dataclass(frozen=True, slots=True, kw_only=True)
class ToleranceCount:
    """A code, how many recordings have it, when first and last, and the last of them."""

    code: str
    recordings: int
    first_us: int
    last_us: int
    example: RecordingId
    detail: str


def tolerances_of(
    connection: Connection, source: str, granted: SearchGrant
) -> list[ToleranceCount]:
    """The codes of a source of the grant's tenant, in their order."""
    if granted.target != EVERYTHING:
        raise NotGranted("a report of all recordings needs a grant for searching")
    tenant = tenant_row(connection, granted.tenant)
    own = (tolerance.c.tenant == tenant, tolerance.c.source == source)
    counts = select(
        tolerance.c.code,
        func.count().label("recordings"),
        func.min(tolerance.c.started_us).label("first_us"),
        func.max(tolerance.c.started_us).label("last_us"),
    ).where(*own)
    rows = connection.execute(counts.group_by(tolerance.c.code).order_by(tolerance.c.code)).all()
    return [
        ToleranceCount(
            code=row.code,
            recordings=row.recordings,
            first_us=row.first_us,
            last_us=row.last_us,
            example=RecordingId(last.id),
            detail=last.detail,
        )
        for row in rows
        for last in connection.execute(
            select(recording.c.id, tolerance.c.detail)
            .join(recording, recording.c.row == tolerance.c.recording)
            .where(*own, tolerance.c.code == row.code, tolerance.c.started_us == row.last_us)
            .limit(1)
        )
    ]
