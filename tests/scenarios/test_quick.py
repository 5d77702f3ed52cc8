"""A recording session that is quick enough for every run of the tests: a call over UDP.

On a server that waits long for media: a busy machine takes seconds to start who speaks. Not
marked, so it is no part of `make scenarios`, which has the same call among others. Skipped where
the peers or the right to capture are missing.
"""

import pytest

from tests.scenarios import witness
from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.checks import matches
from tests.scenarios.phones import sipp
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speak
from tests.scenarios.stage import Stage, fresh_number


@pytest.fixture(scope="module", autouse=True)
def _peers() -> None:
    """SIPp, ffmpeg and tcpdump, or a reason why not."""
    if why := sipp.why_not() or witness.why_not():
        pytest.skip(why)


def test_a_call_is_recorded_found_and_exported(request: pytest.FixtureRequest) -> None:
    """The whole chain, with peers that nobody here wrote."""
    # Asked for here and not as an argument, so that nothing is started before a skip.
    stage: Stage = request.getfixturevalue("patient")
    number = fresh_number()
    with stage.call("call", both(description(), metadata(number))) as call:
        customer, agent = call.scene.ports()
        speak([(CUSTOMER_SAYS, customer), (AGENT_SAYS, agent)])
        call.hang_up()

    recorded = recorded_of(call.scene, "--number", number)
    assert recorded.flags == set()
    matches(recorded, call.scene, left=customer, right=agent)
