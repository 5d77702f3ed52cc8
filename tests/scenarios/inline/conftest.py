"""The Rokuons between the phones of a run: starting one takes a while."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.scenarios import witness
from tests.scenarios.hearing import write
from tests.scenarios.inline.node import Node, between
from tests.scenarios.inline.volume import Volume, volume
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS


@pytest.fixture(scope="session", autouse=True)
def _witnessed() -> None:
    """Every scenario here is watched, or says why it cannot be."""
    if why := witness.why_not():
        pytest.skip(why)


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """A Rokuon; its folder's name is short, for the sake of socket addresses."""
    with tempfile.TemporaryDirectory(prefix="rk") as folder, between(Path(folder)) as started:
        yield started


@pytest.fixture(scope="session")
def _brittle() -> Iterator[tuple[Node, Volume]]:
    """Another one that takes a single call."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rk")))
        spool = stack.enter_context(volume(folder / "var/spool"))
        yield stack.enter_context(between(folder, max_calls=1)), spool


@pytest.fixture
def brittle(_brittle: tuple[Node, Volume]) -> tuple[Node, Volume]:
    """It and its spool, which a test may fill: nothing of former calls is in it."""
    _brittle[1].settle()
    return _brittle


@pytest.fixture
def customer(tmp_path: Path) -> Path:
    """What Alice says."""
    return write(CUSTOMER_SAYS, tmp_path)


@pytest.fixture
def agent(tmp_path: Path) -> Path:
    """What Bob says."""
    return write(AGENT_SAYS, tmp_path)
