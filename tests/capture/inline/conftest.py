"""Every scene of a node is also played with its state going through bytes after each step."""

import pytest

from tests.capture.inline.stage import Stage


@pytest.fixture(params=[False, True], ids=["", "reloaded"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """A node with one route."""
    return Stage(reloaded=request.param)
