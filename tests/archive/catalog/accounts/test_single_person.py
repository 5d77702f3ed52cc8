"""Whether one person is enough."""

from pathlib import Path

from archive.catalog.accounts.single_person import (
    declare_one_person,
    end_one_person,
    is_one_person_enough,
)
from archive.catalog.database.engine import reading, writing
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import OTHER_TENANT, author, new_catalog
from tests.told import all_told


def test_one_person_is_enough_from_the_declaration_to_its_end(tmp_path: Path) -> None:
    """Each is said once, of one tenant, and in the journal."""
    engine = new_catalog(tmp_path)
    seen = []
    for change in (
        lambda c: declare_one_person(c, author(), None),
        lambda c: declare_one_person(c, author(), None),
        lambda c: end_one_person(c, author()),
        lambda c: end_one_person(c, author()),
        lambda c: declare_one_person(c, author(), None),
    ):
        with writing(engine) as connection:
            change(connection)
            seen.append(is_one_person_enough(connection, DEFAULT_TENANT))
            assert not is_one_person_enough(connection, OTHER_TENANT)
    with reading(engine) as connection:
        told = [each.entry.action for each in all_told(connection)]

    assert seen == [True, True, False, False, True]
    assert told == ["one_person_declared", "one_person_ended", "one_person_declared"]
