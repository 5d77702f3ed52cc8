"""Events as the index has them."""

from pathlib import Path

from sqlalchemy import select

from archive.catalog.database.engine import reading
from archive.catalog.index.stored_events import events_of
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import adopt, adoption, inbound, new_catalog, numbered


def test_a_recordings_events_are_its_own_in_their_order(tmp_path: Path) -> None:
    """Everything that is shown of it is derived from them."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, inbound()[:3]), adoption(2, inbound()))

    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        rows = connection.scalars(select(recording.c.row).order_by(recording.c.row)).all()
        found = [tuple(events_of(connection, tenant, row)) for row in rows]

    assert found == [numbered(inbound()[:3]), numbered(inbound())]
