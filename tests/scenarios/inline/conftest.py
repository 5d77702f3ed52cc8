"""One Rokuon between the phones for all inline scenarios of a run."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.hearing import write
from tests.scenarios.inline.node import Node, between
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """A Rokuon; its folder's name is short, for the sake of socket addresses."""
    with tempfile.TemporaryDirectory(prefix="rk") as folder, between(Path(folder)) as started:
        yield started


@pytest.fixture
def customer(tmp_path: Path) -> Path:
    """What Alice says."""
    return write(CUSTOMER_SAYS, tmp_path)


@pytest.fixture
def agent(tmp_path: Path) -> Path:
    """What Bob says."""
    return write(AGENT_SAYS, tmp_path)
