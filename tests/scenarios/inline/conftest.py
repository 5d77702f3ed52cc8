"""One Rokuon between the phones for all inline scenarios of a run."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.inline.node import Node, between


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """A Rokuon; its folder's name is short, for the sake of socket addresses."""
    with tempfile.TemporaryDirectory(prefix="rk") as folder, between(Path(folder)) as started:
        yield started
