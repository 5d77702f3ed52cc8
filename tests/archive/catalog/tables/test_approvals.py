"""The tables of approvals belong to the register."""

from sqlalchemy import Table

from archive.catalog.tables import approvals
from archive.catalog.tables.index import INDEX_TABLES


def test_a_rebuild_of_the_index_touches_no_approval() -> None:
    """Who wanted what cannot be found in recordings."""
    here = {each.name for each in vars(approvals).values() if isinstance(each, Table)}

    assert here == {"proposal", "proposal_comment", "proposal_recording", "approval", "one_person"}
    assert here.isdisjoint(table.name for table in INDEX_TABLES)
