"""What can be known of a call, as it is declared, beside what the index has."""

from typing import get_args

from archive.attributes import LOOKED_UP, Kept, MarkKind, kept_as
from archive.catalog.tables.catalog import recording


def test_each_attribute_is_kept_where_its_declaration_says() -> None:
    """A condition is read from there by its name alone; a name that is not there finds nothing."""
    assert set(kept_as(Kept.MARK)) <= set(get_args(MarkKind))
    assert set(kept_as(Kept.COLUMN)) <= set(recording.c.keys())


def test_every_mark_that_is_a_name_is_looked_up() -> None:
    """Who names what no recording has is told of it, whichever mark it is."""
    named = {kind for kind in kept_as(Kept.MARK) if kind.attribute.is_named}
    assert set(LOOKED_UP) == named
    assert len(LOOKED_UP) == len(named)
