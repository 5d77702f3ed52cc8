"""The tables of retention belong to the register."""

from sqlalchemy import Table

from archive.catalog.tables import retention
from archive.catalog.tables.index import INDEX_TABLES


def test_a_rebuild_of_the_index_touches_neither_revisions_nor_events() -> None:
    """What was decided by whom cannot be found in recordings."""
    here = {each.name for each in vars(retention).values() if isinstance(each, Table)}

    assert here == {"retention_revision", "retention_event", "revision_call_back"}
    assert here.isdisjoint(table.name for table in INDEX_TABLES)
