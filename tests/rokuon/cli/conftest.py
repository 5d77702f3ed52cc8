"""What tests of commands share: each finds the shared installation as one person's, as it began."""

from collections.abc import Iterator

import pytest

from archive.catalog.accounts.single_person import declare_one_person, is_one_person_enough
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import author
from tests.rokuon.installation import register_of


@pytest.fixture(autouse=True)
def _one_person_is_enough_again(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that ends it would decide what the tests after it may do."""
    yield
    if "site" not in request.fixturenames:
        return
    config = request.getfixturevalue("site").config
    with register_of(config) as connection:
        if not is_one_person_enough(connection, DEFAULT_TENANT):
            declare_one_person(connection, author(), None)
