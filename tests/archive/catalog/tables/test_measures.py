"""The tables of limits belong to the register."""

from sqlalchemy import Table

from archive.catalog.tables import measures
from archive.catalog.tables.index import INDEX_TABLES


def test_a_rebuild_of_the_index_lifts_no_limit() -> None:
    """What is suspended or restricted stays so, whatever becomes of the index."""
    here = {each.name for each in vars(measures).values() if isinstance(each, Table)}

    assert here == {"case_measure", "use_limit", "limit_round"}
    assert here.isdisjoint(table.name for table in INDEX_TABLES)
