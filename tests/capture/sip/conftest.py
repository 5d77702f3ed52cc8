"""Every playbook runs twice: with its state in memory, and reloaded from bytes at every step."""

import pytest

from tests.capture.sip.calls_out import OutScene
from tests.capture.sip.scenes import TCP, Scene


@pytest.fixture(params=[False, True], ids=["in memory", "reloaded at every step"])
def scene(request: pytest.FixtureRequest) -> Scene:
    return Scene(reloaded=request.param)


@pytest.fixture(params=[False, True], ids=["in memory", "reloaded at every step"])
def scene_on_tcp(request: pytest.FixtureRequest) -> Scene:
    return Scene(reloaded=request.param, flow=TCP)


@pytest.fixture(params=[False, True], ids=["in memory", "reloaded at every step"])
def out(request: pytest.FixtureRequest) -> OutScene:
    return OutScene(reloaded=request.param)
