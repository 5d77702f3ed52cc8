"""One recording session from INVITE to BYE, over UDP and TCP, in both laws.

SIPp signals, ffmpeg speaks, tcpdump is the witness.
"""

import pytest

from tests.scenarios.bodies import AGENT, CUSTOMER, both, description, metadata
from tests.scenarios.checks import matches
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speak
from tests.scenarios.sipp import Transport
from tests.scenarios.stage import Stage, fresh_number

pytestmark = pytest.mark.scenario


@pytest.mark.parametrize(
    ("transport", "codec"), [("udp", "pcmu"), ("tcp", "pcmu"), ("udp", "pcma")]
)
def test_what_was_sent_is_found_and_exported(
    stage: Stage, transport: Transport, codec: str
) -> None:
    """Byte for byte, in its place, customer left and agent right."""
    number = fresh_number()
    invite = both(description(codec=codec), metadata(number))
    with stage.call("call", invite, transport=transport) as call:
        customer, agent = call.scene.ports()
        speak([(CUSTOMER_SAYS, customer), (AGENT_SAYS, agent)], codec)
        call.hang_up()

    recorded = recorded_of(call.scene, "--number", number)
    assert recorded.flags == set()
    matches(recorded, call.scene, left=customer, right=agent)


def test_the_customer_is_left_whichever_stream_comes_first(stage: Stage) -> None:
    """The metadata says who speaks on which label; the order of the m-lines says nothing."""
    invite = both(description(labels=(AGENT, CUSTOMER)), metadata(fresh_number()))
    with stage.call("call", invite) as call:
        agent, customer = call.scene.ports()
        speak([(CUSTOMER_SAYS, customer), (AGENT_SAYS, agent)])
        call.hang_up()

    matches(recorded_of(call.scene), call.scene, left=customer, right=agent)
