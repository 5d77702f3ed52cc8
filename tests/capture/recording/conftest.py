"""Every playbook runs twice: with its state in memory, and reloaded from bytes at every step."""

import pytest

from tests.capture.siprec.stage import Stage


@pytest.fixture(params=[False, True], ids=["in memory", "reloaded at every step"])
def stage(request: pytest.FixtureRequest) -> Stage:
    return Stage(reloaded=request.param)
