"""A recording session that is quick enough for every run of the tests: a call over UDP.

Not marked, so it is no part of `make scenarios`, which has the same call among others. Skipped
where the peers or the right to capture are missing.
"""

import shutil

import pytest

from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.checks import matches
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speak
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.witness import may_capture


@pytest.fixture(scope="module", autouse=True)
def _peers() -> None:
    """SIPp, ffmpeg and tcpdump, or a reason why not."""
    missing = [tool for tool in ("sipp", "ffmpeg", "tcpdump") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    if not may_capture():
        pytest.skip("tcpdump may not capture loopback here")


def test_a_call_is_recorded_found_and_exported(request: pytest.FixtureRequest) -> None:
    """The whole chain, with peers that nobody here wrote."""
    # Asked for here and not as an argument, so that nothing is started before a skip.
    stage: Stage = request.getfixturevalue("stage")
    number = fresh_number()
    with stage.call("call", both(description(), metadata(number))) as call:
        customer, agent = call.scene.ports()
        speak([(CUSTOMER_SAYS, customer), (AGENT_SAYS, agent)])
        call.hang_up()

    recorded = recorded_of(call.scene, "--number", number)
    assert recorded.flags == set()
    matches(recorded, call.scene, left=customer, right=agent)
