"""A handful of the clients of `test_clients.py`, for every run of the tests."""

from collections.abc import Iterator, Mapping

import pytest

from tests.support.clients.people import PEOPLE
from tests.support.clients.run import Played, playing
from tests.support.clients.streams import STREAMS
from tests.support.clients.texts import TEXTS

pytestmark = [pytest.mark.scenario, pytest.mark.quick]

HANDFUL = (
    "leaves and comes back", "held by metadata", "swapped by a document", "three on a mixed line",
    "offers late", "two groups",
)  # fmt: skip


@pytest.fixture(scope="module")
def played() -> Iterator[Mapping[str, Played]]:
    """All of them at once."""
    every = {**PEOPLE, **STREAMS, **TEXTS}
    with playing({name: every[name]() for name in HANDFUL}) as found:
        yield found


@pytest.mark.parametrize("name", HANDFUL)
def test_what_is_told_of_a_client_is_what_was_so(played: Mapping[str, Played], name: str) -> None:
    """Who was there when, by which numbers and names, what each second sounds like, its end."""
    assert played[name].faults() == []
