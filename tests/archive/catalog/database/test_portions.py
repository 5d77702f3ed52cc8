"""Values in portions."""

from archive.catalog.database.portions import AT_ONCE, portions


def test_every_value_is_in_one_portion_in_its_order() -> None:
    """A value that is left out would never be looked up."""
    some = list(portions(range(2 * AT_ONCE + 1)))

    assert [len(each) for each in some] == [AT_ONCE, AT_ONCE, 1]
    assert [value for each in some for value in each] == list(range(2 * AT_ONCE + 1))
    assert list(portions(())) == []
