"""One node per test that asks for it, with a relay on it where one is asked for."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from capture.native.choice import LoopWord, choose_loop
from tests.capture.media import relay_scene, scene


@pytest.fixture(scope="session", autouse=True)
def _descriptors() -> None:
    """Workers keep theirs until their process ends; here it is one process for all of them."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@pytest.fixture
def node(tmp_path: Path) -> Iterator[scene.Node]:
    made = scene.node(tmp_path)
    yield made
    made.close()


@pytest.fixture(params=["python", "native"])
def loop(request: pytest.FixtureRequest) -> LoopWord:
    """Both loops of a relay in turn; without a compiled one, Python's."""
    wish: LoopWord = request.param
    if wish == "native" and choose_loop(wish).is_lacking:
        pytest.skip(f"native loop: {choose_loop(wish).because}")
    return wish


@pytest.fixture
def stage(node: scene.Node, tmp_path: Path, loop: LoopWord) -> Iterator[relay_scene.Stage]:
    with relay_scene.stage_on(node, tmp_path, loop) as made:
        yield made


@pytest.fixture
def plain_stage(node: scene.Node, tmp_path: Path) -> Iterator[relay_scene.Stage]:
    """One whose packets all pass through Python's hands."""
    with relay_scene.stage_on(node, tmp_path, "python") as made:
        yield made
