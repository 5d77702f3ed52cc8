"""What of many recordings is known, by their rows; what each value is stands beside `retained`."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from archive.catalog.database.engine import reading
from archive.catalog.retention.retained_values import is_known, values_of
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from archive.lifecycle.recording_values import ALL_UNKNOWN, KINDS
from tests.archive.catalog.examples import (
    STARTED_US,
    adopt,
    adoption,
    inbound,
    new_catalog,
    speaking,
)


def test_each_has_its_own_values_and_of_one_that_is_up_none_is_known(tmp_path: Path) -> None:
    """Read together, told apart."""
    engine = new_catalog(tmp_path)
    other = inbound(customer="sip:+819012345678@carrier.example")
    adopt(engine, adoption(1), adoption(2, other), adoption(3, is_last=False))
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        rows = connection.execute(select(recording).order_by(recording.c.row)).all()
        found = values_of(connection, tenant, rows)
    engine.dispose()

    assert [is_known(row) for row in rows] == [True, True, False]
    assert [found[row.row]["number"] for row in rows] == [
        frozenset({"+81312347788", "2001"}), frozenset({"+819012345678", "2001"}), None,
    ]  # fmt: skip
    assert found[rows[2].row] == ALL_UNKNOWN
    assert set(ALL_UNKNOWN) == set(KINDS)


def test_of_one_that_lacks_a_side_everything_is_known(tmp_path: Path) -> None:
    """All of its parts are here: nothing more will come, and no rule waits for it."""
    engine = new_catalog(tmp_path)
    one_sided = speaking((0,), STARTED_US, STARTED_US + 1)
    adopt(engine, replace(adoption(1), streams=one_sided))
    with reading(engine) as connection:
        (row,) = connection.execute(select(recording)).all()
    engine.dispose()

    assert (row.state, is_known(row)) == ("side_missing", True)
