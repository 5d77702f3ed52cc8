"""The tables of accounts belong to the register."""

from sqlalchemy import Table

from archive.catalog.tables import accounts
from archive.catalog.tables.index import INDEX_TABLES


def test_a_rebuild_of_the_index_touches_no_account() -> None:
    """Who may do what cannot be found in recordings."""
    here = {each.name for each in vars(accounts).values() if isinstance(each, Table)}

    assert here == {"user", "service", "role_gift", "os_name", "token"}
    assert here.isdisjoint(table.name for table in INDEX_TABLES)
