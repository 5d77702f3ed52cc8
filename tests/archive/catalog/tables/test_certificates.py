"""The table of certificates belongs to the register."""

from sqlalchemy import Table

from archive.catalog.tables import certificates
from archive.catalog.tables.index import INDEX_TABLES


def test_a_rebuild_of_the_index_touches_no_certificate() -> None:
    """What was destroyed cannot be found in recordings."""
    here = {each.name for each in vars(certificates).values() if isinstance(each, Table)}

    assert here == {"certificate"}
    assert here.isdisjoint(table.name for table in INDEX_TABLES)
