"""The columns of a part."""

from archive.catalog.index.part_values import part_values
from archive.catalog.tables.catalog import part
from tests.archive.catalog.examples import adoption


def test_every_column_of_a_part_is_made_of_its_adoption() -> None:
    """But those that name the row, its tenant and its recording."""
    assert {*part_values(adoption())} == {*part.columns.keys()} - {"row", "tenant", "recording"}
