"""What a rebuild deletes and replays."""

from sqlalchemy import Table

from archive.catalog.tables import index
from archive.catalog.tables.index import INDEX_TABLES


def test_every_table_of_the_index_is_emptied_by_a_rebuild() -> None:
    """One that is forgotten there would have each of its rows twice."""
    here = {each.name for each in vars(index).values() if isinstance(each, Table)}

    assert {table.name for table in INDEX_TABLES} == here


def test_children_are_emptied_before_their_parents() -> None:
    """The other way round the database refuses."""
    place = {table.name: at for at, table in enumerate(INDEX_TABLES)}
    for table in INDEX_TABLES:
        for key in table.foreign_keys:
            parent = key.column.table.name
            assert place[table.name] < place.get(parent, len(place))
