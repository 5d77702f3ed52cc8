"""The tables of signing in belong to the register."""

from sqlalchemy import Table

from archive.catalog.tables import credentials
from archive.catalog.tables.index import INDEX_TABLES


def test_a_rebuild_of_the_index_touches_no_credential() -> None:
    """Who proves itself by what cannot be found in recordings."""
    here = {each.name for each in vars(credentials).values() if isinstance(each, Table)}

    assert here == {"credential", "sign_in_code", "session", "confirmation"}
    assert here.isdisjoint(table.name for table in INDEX_TABLES)
