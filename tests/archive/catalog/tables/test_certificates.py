"""The table of certificates belongs to the register."""

from archive.catalog.tables.destruction import certificate
from archive.catalog.tables.index import INDEX_TABLES


def test_a_rebuild_of_the_index_touches_no_certificate() -> None:
    """What was destroyed cannot be found in recordings."""
    assert certificate not in INDEX_TABLES
