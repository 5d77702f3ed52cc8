"""One node per test that asks for it, as those of media have it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.capture.media import scene


@pytest.fixture
def node(tmp_path: Path) -> Iterator[scene.Node]:
    made = scene.node(tmp_path)
    yield made
    made.close()
