"""What tests of commands share: each finds the shared installation as one person's, as it began."""

from collections.abc import Iterator

import pytest

from archive.catalog.engine import catalog_url, open_engine, writing
from archive.catalog.oneness import declare_one_person, is_one_person_enough
from archive.ids import DEFAULT_TENANT
from rokuon.compose.catalog import CATALOG_FILE
from tests.archive.catalog.examples import author


@pytest.fixture(autouse=True)
def _one_person_is_enough_again(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that ends it would decide what the tests after it may do."""
    yield
    if "site" not in request.fixturenames:
        return
    config = request.getfixturevalue("site").config
    engine = open_engine(catalog_url(config.catalog_path / CATALOG_FILE))
    with writing(engine) as connection:
        if not is_one_person_enough(connection, DEFAULT_TENANT):
            declare_one_person(connection, author(), None)
    engine.dispose()
