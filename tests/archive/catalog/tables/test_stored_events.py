"""Events as the index has them, also those of before, which have a row each."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, update

from archive.call.events import encode_event
from archive.catalog.database.engine import reading, writing
from archive.catalog.tables.catalog import event, packed_events, recording
from archive.catalog.tables.stored_events import EventsUnread, add_bodies, bodies_of, events_of
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import adopt, adoption, inbound, new_catalog, numbered

TOLD = {serial: encode_event(told) for serial, told in enumerate(inbound())}
OF_BEFORE = {serial: TOLD[serial] for serial in (0, 1, 3)}


def catalog_of_before(folder: Path) -> Engine:
    """Some of the events of its one recording are rows of their own."""
    engine = new_catalog(folder)
    adopt(engine, adoption(1, inbound()[:1]))
    with writing(engine) as connection:
        connection.execute(delete(packed_events))
        rows = [
            {"tenant": 1, "recording": 1, "serial": serial, "at_us": 1, "body": body}
            for serial, body in OF_BEFORE.items()
        ]
        connection.execute(insert(event), rows)
    return engine


def rows(connection: Connection) -> tuple[int, int]:
    """How many there are of either kind."""
    loose, packed = (connection.execute(select(table.c.row)) for table in (event, packed_events))
    return len(loose.all()), len(packed.all())


@pytest.mark.both
def test_a_recordings_events_are_its_own_in_their_order(tmp_path: Path) -> None:
    """Everything that is shown of it is derived from them."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, inbound()[:3]), adoption(2, inbound()))

    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        own = connection.scalars(select(recording.c.row).order_by(recording.c.row)).all()
        found = [tuple(events_of(connection, tenant, row)) for row in own]
        assert rows(connection) == (0, 2)

    assert found == [numbered(inbound()[:3]), numbered(inbound())]


@pytest.mark.both
def test_those_of_before_are_read_until_they_move_and_afterwards(tmp_path: Path) -> None:
    """An upgrade takes no time, and nothing is missing meanwhile."""
    engine = catalog_of_before(tmp_path)
    with writing(engine) as connection:
        assert bodies_of(connection, 1, 1) == OF_BEFORE
        add_bodies(connection, 1, 1, {})
        assert bodies_of(connection, 1, 1) == OF_BEFORE
        assert rows(connection) == (0, 1)
        before = connection.execute(select(packed_events)).all()
        add_bodies(connection, 1, 1, {})
        assert connection.execute(select(packed_events)).all() == before


def test_a_part_that_comes_in_between_adds_what_is_new(tmp_path: Path) -> None:
    """Whichever way the others lie; what was there first stays."""
    engine = catalog_of_before(tmp_path)
    with writing(engine) as connection:
        add_bodies(connection, 1, 1, {**TOLD, 0: b"{}"})

        assert list(bodies_of(connection, 1, 1).items()) == list(TOLD.items())
        assert rows(connection) == (0, 1)


def test_what_cannot_be_unpacked_stays_and_what_comes_is_kept_beside_it(tmp_path: Path) -> None:
    """A part must come into the index whatever the disk did; a rebuild mends the rest."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    with writing(engine) as connection:
        connection.execute(update(packed_events).values(body=b"damaged"))
        with pytest.raises(EventsUnread):
            bodies_of(connection, 1, 1)
        add_bodies(connection, 1, 1, {})
        add_bodies(connection, 1, 1, TOLD)

        found = connection.scalars(select(packed_events.c.body)).all()
    assert len(found) == 2
    assert b"damaged" in found
