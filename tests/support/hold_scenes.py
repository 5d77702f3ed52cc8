"""Legal holds for tests."""

from datetime import date

from sqlalchemy import Engine, insert

from archive.catalog.database.engine import writing
from archive.catalog.journal.authors import Author
from archive.catalog.register.legal_holds import StoredHold, activate, hold_numbered, open_hold
from archive.catalog.tables.catalog import hold_recording
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT, HoldId, RecordingId
from archive.lifecycle.hold_scope import ByList
from archive.lifecycle.legal_holds import Found, HoldTerms
from tests.archive.catalog.examples import author

# As the shipped policy has it.
GRACE_US = 7 * 86_400_000_000
TERMS = HoldTerms(matter="M-2026-07", reason="claim", review_on=date(2027, 4, 1), scope=ByList(1))


def held(
    engine: Engine, *recordings: RecordingId, state: Found = "held", by: Author | None = None
) -> StoredHold:
    """An active hold over these recordings, by the register alone."""
    by = by or author()
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        count = len(connection.exec_driver_sql("SELECT 1 FROM hold").all())
        own = open_hold(connection, by, HoldId(bytes([count + 1]) * 16), TERMS)
        for each in recordings:
            row = {"tenant": tenant, "hold": own.number, "recording": each.raw, "noted_us": 1}
            connection.execute(insert(hold_recording).values(**row, because="placed", state=state))
        activate(connection, by, own, {})
        return hold_numbered(connection, tenant, own.number)
