"""One node per test that asks for it, with a relay on it where one is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.capture.media import relay_scene, scene


@pytest.fixture
def node(tmp_path: Path) -> Iterator[scene.Node]:
    made = scene.node(tmp_path)
    yield made
    made.close()


@pytest.fixture
def stage(node: scene.Node, tmp_path: Path) -> Iterator[relay_scene.Stage]:
    with relay_scene.stage_on(node, tmp_path) as made:
        yield made
