"""The tables of legal holds belong to the register."""

from sqlalchemy import Table

from archive.catalog.tables import holds
from archive.catalog.tables.index import INDEX_TABLES


def test_a_rebuild_of_the_index_touches_no_hold() -> None:
    """What must not be destroyed cannot be found in recordings."""
    here = {each.name for each in vars(holds).values() if isinstance(each, Table)}

    assert here == {"hold", "hold_recording"}
    assert here.isdisjoint(table.name for table in INDEX_TABLES)
