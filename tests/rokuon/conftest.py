"""One installation for all tests that only read it: making keys takes a while."""

from collections.abc import Iterator

import pytest

from rokuon.compose.keeper import recover
from tests.rokuon.installation import Installation, installation


@pytest.fixture(scope="session")
def site() -> Iterator[Installation]:
    """An installation with one archived call."""
    with installation() as made:
        made.put_call()
        recover(made.config)
        yield made
