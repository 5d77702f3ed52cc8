"""Seventy clients of our own at once over one server, judged by a tone in each second.

What is true of each stands in `tests/support/clients`; what Rokuon tells is read over HTTP.
"""

from collections.abc import Iterator, Mapping

import pytest

from tests.support.clients.people import PEOPLE
from tests.support.clients.run import Played, playing
from tests.support.clients.streams import STREAMS
from tests.support.clients.texts import TEXTS

pytestmark = pytest.mark.scenario

SCENES = {**PEOPLE, **STREAMS, **TEXTS}


@pytest.fixture(scope="module")
def played() -> Iterator[Mapping[str, Played]]:
    """All of them at once."""
    with playing({name: make() for name, make in SCENES.items()}) as found:
        yield found


@pytest.mark.parametrize("name", SCENES)
def test_what_is_told_of_a_client_is_what_was_so(played: Mapping[str, Played], name: str) -> None:
    """Who was there when, by which numbers and names, what each second sounds like, its end."""
    assert played[name].faults() == []
