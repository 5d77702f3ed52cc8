"""Rows of an older form are brought to the present one from what is stored."""

from pathlib import Path

from sqlalchemy import Engine, delete, select, update

from archive.catalog.database.engine import reading, writing
from archive.catalog.index.agents import import_agents
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.tables.catalog import INDEX_TABLES, leg, leg_address, leg_stream, recording
from archive.catalog.tables.derived_forms import FORM
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    NOW_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    index_dump,
    new_catalog,
    opened,
    party,
    stream,
)


def made_old(engine: Engine) -> None:
    """As a migration leaves them: without what it could not know."""
    with writing(engine) as connection:
        connection.execute(delete(leg_address))
        connection.execute(delete(leg_stream))
        connection.execute(update(recording).values(derived=0, direction="unknown"))


def test_old_rows_are_made_anew_step_by_step(tmp_path: Path) -> None:
    """Without a key and without the archive: the events lie in the index."""
    engine = new_catalog(tmp_path)
    adopt(engine, *(adoption(n, inbound(STARTED_US + n)) for n in range(1, 4)))
    before = index_dump(engine)
    made_old(engine)
    writer = CatalogWriter(engine, lambda: NOW_US)

    assert [writer.derive(2), writer.derive(2), writer.derive(2)] == [2, 1, 0]
    assert index_dump(engine) == before


def test_a_recording_is_of_the_present_form_once_it_is_written(tmp_path: Path) -> None:
    """Else the keeper would work for ever."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())

    with reading(engine) as connection:
        assert connection.scalars(select(recording.c.derived)).all() == [FORM]
    assert recording in INDEX_TABLES


def test_an_import_puts_a_person_of_the_table_on_the_agents_side(tmp_path: Path) -> None:
    """The streams came in the other order; who is in the table is no customer."""
    engine = new_catalog(tmp_path)
    told = (
        opened(), stream(0), stream(1),
        party(0, "sip:2001@pbx.example", "customer", because="first_stream"),
        party(1, "sip:+81312347788@carrier.example", "agent", because="first_stream"),
    )  # fmt: skip
    adopt(engine, adoption(1, told))
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())

    with reading(engine) as connection:
        sides = connection.execute(select(leg.c.side, leg.c.side_because).order_by(leg.c.row)).all()
        told_of = connection.execute(select(recording.c.direction, recording.c.flags)).one()
    assert [tuple(each) for each in sides] == [
        ("agent", "agent_table"),
        ("customer", "agent_table"),
    ]
    assert tuple(told_of) == ("inbound", "")
