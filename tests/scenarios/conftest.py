"""One server and one witness for all scenarios of a run: starting them takes a while."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.server import Server, running
from tests.scenarios.stage import Stage
from tests.scenarios.witness import watching


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A Rokuon; its folder's name is short, for the sake of socket addresses."""
    with tempfile.TemporaryDirectory(prefix="rk") as folder, running(Path(folder)) as started:
        yield started


@pytest.fixture(scope="session")
def stage(server: Server) -> Iterator[Stage]:
    """The server, watched."""
    with watching(server.folder, server.traffic) as witness:
        yield Stage(server, witness)


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A Rokuon of one test alone, which waits for media for a minute."""
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        running(Path(folder), timeout_s=60) as started,
    ):
        yield started


@pytest.fixture
def patient(own_server: Server) -> Iterator[Stage]:
    """The same, watched."""
    with watching(own_server.folder, own_server.traffic) as witness:
        yield Stage(own_server, witness)
