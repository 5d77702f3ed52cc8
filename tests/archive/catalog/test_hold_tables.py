"""The tables of legal holds belong to the register."""

from sqlalchemy import Table

from archive.catalog import hold_tables
from archive.catalog.index_tables import INDEX_TABLES


def test_a_rebuild_of_the_index_touches_no_hold() -> None:
    """What must not be destroyed cannot be found in recordings."""
    here = {each.name for each in vars(hold_tables).values() if isinstance(each, Table)}

    assert here == {"hold", "hold_recording"}
    assert here.isdisjoint(table.name for table in INDEX_TABLES)
