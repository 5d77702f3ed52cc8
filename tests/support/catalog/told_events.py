"""What tests of told events share."""

from sqlalchemy import Engine

from archive.catalog.database.engine import writing
from archive.catalog.retention.told_events import EventsTold, append_events
from archive.ids import DEFAULT_TENANT, TenantId
from archive.lifecycle.retention_events import ToldEvent
from tests.archive.catalog.examples import author


def tell(engine: Engine, *events: ToldEvent, tenant: TenantId = DEFAULT_TENANT) -> None:
    """Told at once, by one person where it took two."""
    with writing(engine) as connection:
        told = EventsTold(events=events, sha256=bytes(32), one_person=True)
        append_events(connection, author(tenant), told)
