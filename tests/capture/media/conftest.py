"""One node per test that asks for it, with a relay on it where one is asked for."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.fixture
def stage(node: scene.Node, tmp_path: Path) -> Iterator[relay_scene.Stage]:
    with relay_scene.stage_on(node, tmp_path) as made:
        yield made
